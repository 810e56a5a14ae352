"""The chart: each layer is written by its own people, the hygienist's before she submits, the dentist's while she reads."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from cases.actions.reviewing import lock_draft
from cases.models import Case, Finding, Review
from cases.models.finding import CARIES, PRESENCE
from cases.moving import lock
from cases.permissions import may
from teledent.accounts.acting import Actor
from teledent.kit.decisions import Refused, require
from teledent.kit.text import printable


@transaction.atomic
def mark_teeth(
    *,
    actor: Actor,
    case: Case,
    teeth: Sequence[str],
    conditions: Sequence[str],
    at: datetime,
    surfaces: str = "",
    icdas: str = "",
    note: str = "",
) -> None:
    """Mark several teeth with several conditions in the hygienist's layer: all of them or, when one is refused, none.

    Surfaces and score go to the conditions that can have them. Marking again replaces what was said of that condition.
    """
    case = _open_to(actor, case, at)
    for tooth in teeth:
        for condition in conditions:
            where = "" if condition in PRESENCE else surfaces
            score = icdas if condition in CARIES else ""
            _put(Finding(case=case, tooth=tooth, condition=condition, surfaces=where, icdas=score, note=note))


def mark_tooth(
    *, actor: Actor, case: Case, tooth: str, condition: str, at: datetime, surfaces: str = "", note: str = ""
) -> None:
    """One condition on one tooth, in the hygienist's layer."""
    mark_teeth(actor=actor, case=case, teeth=[tooth], conditions=[condition], surfaces=surfaces, note=note, at=at)


@transaction.atomic
def unmark_tooth(*, actor: Actor, case: Case, finding_id: int, at: datetime) -> None:
    case = _open_to(actor, case, at)
    Finding.objects.filter(case=case, review=None, pk=finding_id).delete()


def _open_to(actor: Actor, case: Case, at: datetime) -> Case:
    """The case under its lock, as it now stands: a submit or a signature may have come since it was shown (CA-6)."""
    case = lock(case.pk)
    require(may(actor, "capture", case, at=at))
    return case


@transaction.atomic
def mark_finding(
    *,
    actor: Actor,
    review: Review,
    tooth: str,
    condition: str,
    at: datetime,
    surfaces: str = "",
    icdas: str = "",
    note: str = "",
    version: int | None = None,
) -> Finding:
    """Mark one condition on one tooth in the dentist's layer."""
    case = lock_draft(actor, review, at, version=version)
    said = {"tooth": tooth, "condition": condition, "surfaces": surfaces, "icdas": icdas, "note": note}
    return _put(Finding(case=case, review=review, **said))


@transaction.atomic
def remove_finding(*, actor: Actor, review: Review, finding_id: int, at: datetime, version: int | None = None) -> None:
    lock_draft(actor, review, at, version=version)
    Finding.objects.filter(review=review, pk=finding_id).delete()


@transaction.atomic
def clear_tooth(*, actor: Actor, review: Review, tooth: str, at: datetime, version: int | None = None) -> None:
    """Take back everything that the dentist said of one tooth."""
    lock_draft(actor, review, at, version=version)
    Finding.objects.filter(review=review, tooth=tooth).delete()


@transaction.atomic
def agree(*, actor: Actor, review: Review, at: datetime, tooth: str = "", version: int | None = None) -> int:
    """Take over the hygienist's marks, of one tooth or of all, wherever the dentist has not said anything of the same
    condition yet; returns how many."""
    case = lock_draft(actor, review, at, version=version)
    hers = Finding.objects.filter(case=case, review__isnull=True)
    answered = set(review.findings.values_list("tooth", "condition"))
    decided = {one for one, condition in answered if condition in PRESENCE}
    open_marks = [
        one for one in (hers.filter(tooth=tooth) if tooth else hers)
        if (one.tooth, one.condition) not in answered and not (one.condition in PRESENCE and one.tooth in decided)
    ]  # fmt: skip
    if not open_marks:
        raise Refused("There is no mark of the hygienist left to agree with.")
    for one in open_marks:
        said = {name: getattr(one, name) for name in ("tooth", "condition", "surfaces", "icdas", "note")}
        _put(Finding(case=case, review=review, **said))
    return len(open_marks)


def _put(finding: Finding) -> Finding:
    """Write a mark over an earlier one of the same condition. A tooth is there or it is not: one such word replaces another."""
    finding.note = printable(finding.note)
    finding.full_clean(validate_unique=False, validate_constraints=False)
    layer = Finding.objects.filter(case=finding.case, review=finding.review, tooth=finding.tooth)
    if finding.condition in PRESENCE:
        layer.filter(condition__in=PRESENCE).exclude(condition=finding.condition).delete()
    marked, _ = Finding.objects.update_or_create(
        case=finding.case, review=finding.review, tooth=finding.tooth, condition=finding.condition,
        defaults={"surfaces": finding.surfaces, "icdas": finding.icdas, "note": finding.note},
    )  # fmt: skip
    return marked
