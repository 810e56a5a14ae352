"""Somebody asked about a plan: what the payer, its site or the card said is added, and never written over."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from billing.actions.checking import check_unsent
from billing.actions.erring import mark_in_error
from billing.models import Coverage, Verification
from billing.permissions import may
from cases.merging import require_standing
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.kit.decisions import Conflict, Refused, require
from teledent.kit.text import printable

FIELDS = ("verified_on", "how", "asynchronous", "authorisation", "reference", "note")


@transaction.atomic
def record_verification(
    *,
    actor: Actor,
    coverage: Coverage,
    public_id: UUID,
    said: Mapping[str, Any],
    at: datetime,
    about: str | None = None,
) -> Verification:
    """Add one answer (FIELDS); the patient's unsent claims are checked at once. The same `public_id` again returns the
    same row. `about` is the plan as the form showed it, None where no form did. Raises Refused, Conflict, and
    ValidationError with the field that is wrong."""
    _require_mine(actor, coverage)
    coverage = Coverage.objects.select_related("payer", "patient").get(pk=coverage.pk)  # as it is under the lock
    if about not in (None, str(coverage)):
        raise Conflict("This plan was corrected since you opened it. Open it anew; nothing was recorded.")
    row = verification(actor=actor, coverage=coverage, public_id=public_id, said=said, at=at)
    row.full_clean(validate_unique=False)
    known, is_new = Verification.objects.get_or_create(public_id=public_id, defaults=_columns(row))
    if known.coverage_id != coverage.pk:
        raise Conflict("This form was sent for another plan. Open it again; nothing was recorded.")
    if not is_new and any(getattr(known, name) != getattr(row, name) for name in FIELDS):
        raise Conflict("This form was recorded before with another answer. Open the plan anew and record the new one.")
    if is_new:
        _tell(actor, coverage, at=at)
    return known


@transaction.atomic
def mark_entered_in_error(*, actor: Actor, row: Verification, reason: str, at: datetime) -> None:
    """It counts no more and stays readable. A second click changes nothing: the first reason stands. Raises Refused."""
    _require_mine(actor, row.coverage)
    if mark_in_error(Verification.objects.filter(pk=row.pk), actor=actor, reason=reason, at=at):
        _tell(actor, row.coverage, at=at)


def verification(
    *, actor: Actor, coverage: Coverage, public_id: UUID, said: Mapping[str, Any], at: datetime
) -> Verification:
    """The row, not written yet, with payer and member id as the coverage has them now; `coverage` comes with its payer."""
    told = {name: said[name] for name in FIELDS}
    words = {name: " ".join(printable(told[name]).split()) for name in ("reference", "note")}
    return Verification(
        public_id=public_id, coverage=coverage, payer=coverage.payer, payer_name=coverage.payer.name, member_id=coverage.member_id,
        recorded_at=at, recorded_by=actor.person, **{**told, **words},
    )  # fmt: skip


def _require_mine(actor: Actor, coverage: Coverage) -> None:
    require(may(actor, "keep_settings"))
    if coverage.patient.practice_id != actor.practice.pk:
        raise Refused("This belongs to another practice.")
    require_standing(coverage.patient)


def _tell(actor: Actor, coverage: Coverage, *, at: datetime) -> None:
    check_unsent(coverage.patient_id, at=at, person=actor.person)
    trail.record(
        "changed", noun="coverage", public_id=coverage.public_id, person=actor.person, practice=actor.practice, at=at
    )


def _columns(row: Verification) -> dict[str, Any]:
    names = ("coverage", "payer", "payer_name", "member_id", *FIELDS, "recorded_at", "recorded_by")
    return {name: getattr(row, name) for name in names}
