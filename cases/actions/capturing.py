"""Gathering: answers, services done; each save rises the revision, so a stale page is told so."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from cases import questionnaires
from cases.actions.files import judge_again
from cases.models import Case, OnSiteService
from cases.moving import lock, record_event
from cases.permissions import may
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person
from teledent.kit.decisions import Conflict, Refused, require
from teledent.kit.text import printable

ANSWER_MAX = 2000


@transaction.atomic
def save_answers(
    *, actor: Actor, case: Case, answers: Mapping[str, Any], revision: int, at: datetime, **columns: Any
) -> int:
    """Merge answers by key and set `columns` (day_seen, patient_place, patient_state, urgency); returns the new revision.

    A key with None takes the answer back: it was not asked. Raises Conflict when the page was older than the row.
    """
    case = _open_to(actor, case, at)
    known = {key for q in questionnaires.questions_for(case.kind) for key in (q.key, q.text_key)}
    unknown = set(answers) - known
    if unknown:
        raise Refused(f"This questionnaire has no question called {sorted(unknown)[0]!r}. Nothing was saved.")
    merged = {**case.answers, **{key: clean_answer(value) for key, value in answers.items()}}
    merged = {key: value for key, value in merged.items() if value is not None}
    saved = Case.objects.filter(pk=case.pk, revision=revision, status=case.status).update(
        answers=merged, revision=F("revision") + 1, **columns
    )
    if not saved:
        raise Conflict(
            "This case was changed on another page meanwhile. Reload to see it; your last change was not saved."
        )
    day_seen = columns.get("day_seen", case.day_seen)
    if day_seen != case.day_seen:
        case.day_seen = day_seen
        judge_again(case, at=at)
    return revision + 1


def _open_to(actor: Actor, case: Case, at: datetime) -> Case:
    """The case under its lock, as it now stands: a submit or a signature may have come since it was shown (CA-6)."""
    case = lock(case.pk)
    require(may(actor, "capture", case, at=at))
    return case


def clean_answer(value: Any) -> Any:
    """Text printable and bounded, lists of short keys; anything else is no answer."""
    match value:
        case None:
            return None
        case str():
            return printable(value)[:ANSWER_MAX].strip() or None
        case list() | tuple():
            return [printable(str(item))[:40] for item in value][:20] or None
    raise Refused("An answer is text or a list of choices.")


@transaction.atomic
def record_service(
    *, actor: Actor, case: Case, code: str, ordered_by: str, at: datetime, tooth: str = "", quantity: int = 1,
    operator: Person | None = None,
) -> OnSiteService:  # fmt: skip
    """Record a service done on site that day, by the hygienist herself (CA-3). `operator`: who did it, where somebody else
    forwards what she recorded on a device."""
    case = _open_to(actor, case, at)
    service = OnSiteService(
        case=case, code=code, tooth=tooth, quantity=quantity, operator=operator or actor.person, ordered_by=printable(ordered_by)
    )  # fmt: skip
    service.full_clean()
    service.save()
    record_event(
        case.pk,
        "service_recorded",
        person=actor.person,
        at=at,
        details={"code": code, "tooth": tooth, "quantity": quantity},
    )
    return service


@transaction.atomic
def remove_service(*, actor: Actor, case: Case, service_id: int, at: datetime) -> None:
    case = _open_to(actor, case, at)
    for service in OnSiteService.objects.filter(case=case, pk=service_id):
        record_event(
            case.pk,
            "service_removed",
            person=actor.person,
            at=at,
            details={"code": service.code, "tooth": service.tooth},
        )
        service.delete()


def carried_over(*, before: Iterable[Case]) -> dict[str, Any]:
    """Answers that a new case starts from: why store-and-forward, from her cases of that day and site.

    Never a child's own history. `before` is newest first.
    """
    return next(({"why": case.answers["why"]} for case in before if case.answers.get("why")), {})
