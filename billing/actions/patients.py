"""What the front desk copies from a patient's insurance card: the names as printed, and the address of the claim."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from billing.actions.checking import check_unsent
from billing.permissions import may
from cases.merging import require_standing
from cases.models import Patient
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.kit.decisions import Refused, require

CARD_FIELDS = ("card_given_name", "card_family_name", "street", "street_2", "city", "state", "zip_code")


@transaction.atomic
def save_card(*, actor: Actor, patient: Patient, card: Mapping[str, str], at: datetime) -> Patient:
    """Write the fields of CARD_FIELDS and nothing else of the patient; unsent claims are checked at once.

    Raises Refused, and ValidationError with the field that is wrong.
    """
    require(may(actor, "keep_settings"))
    if patient.practice_id != actor.practice.pk:
        raise Refused("This patient belongs to another practice.")
    require_standing(patient)
    for name in CARD_FIELDS:
        setattr(patient, name, card[name])
    patient.full_clean(exclude=["given_key", "family_key"])
    patient.save(update_fields=CARD_FIELDS)
    check_unsent(patient.pk, at=at, person=actor.person)
    trail.record(
        "changed", noun="patient", public_id=patient.public_id, person=actor.person, practice=actor.practice, at=at
    )
    return patient
