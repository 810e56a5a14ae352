"""What another billing entity has billed: recorded as it was heard of, and taken back only in the open (CL-5)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from billing.actions.checking import check_unsent
from billing.actions.erring import mark_in_error
from billing.models import SeenElsewhere
from billing.permissions import may
from cases.merging import require_standing
from cases.models import Patient
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.kit.decisions import Conflict, Refused, require
from teledent.kit.text import is_filler

FIELDS = ("entity", "code", "service_date", "known_how")
WHO = "Name the practice or programme that bills it."
HOW = "Say how you know, so that a reader can ask again."


@transaction.atomic
def record_seen_elsewhere(
    *, actor: Actor, patient: Patient, public_id: UUID, said: Mapping[str, Any], at: datetime
) -> SeenElsewhere:
    """Write the fields of FIELDS; the patient's unsent claims are checked at once. The same `public_id` again returns
    the same row. Raises Refused, Conflict, and ValidationError with the field that is wrong."""
    _require_mine(actor, patient)
    patient = require_standing(patient)
    if is_filler(said["entity"]):
        raise Refused(WHO)
    if is_filler(said["known_how"]):
        raise Refused(HOW)
    kept = {name: said[name] for name in FIELDS} | {"recorded_at": at, "recorded_by": actor.person}
    SeenElsewhere(patient=patient, **kept).full_clean()
    row, is_new = SeenElsewhere.objects.get_or_create(public_id=public_id, defaults={"patient": patient, **kept})
    if row.patient_id != patient.pk:
        raise Conflict("This form was sent for another patient. Open it again; nothing was recorded.")
    if is_new:
        _tell(actor, patient, at=at)
    return row


@transaction.atomic
def mark_entered_in_error(*, actor: Actor, row: SeenElsewhere, reason: str, at: datetime) -> None:
    """It counts no more and stays readable. A second click changes nothing: the first reason stands. Raises Refused, Conflict."""
    _require_mine(actor, row.patient)
    patient = require_standing(row.patient.stays)  # the row stays with whom it was heard of; the claims are hers now
    if mark_in_error(SeenElsewhere.objects.filter(pk=row.pk), actor=actor, reason=reason, at=at):
        _tell(actor, patient, at=at)


def _require_mine(actor: Actor, patient: Patient) -> None:
    require(may(actor, "keep_settings"))
    if patient.practice_id != actor.practice.pk:
        raise Refused("This patient belongs to another practice.")


def _tell(actor: Actor, patient: Patient, *, at: datetime) -> None:
    check_unsent(patient.pk, at=at, person=actor.person)
    trail.record(
        "changed", noun="patient", public_id=patient.public_id, person=actor.person, practice=actor.practice, at=at
    )
