"""The claim to the next payer, with what the one before answered (edi.md 3.2, 2320 to 2430)."""

from datetime import datetime

from django.db import transaction

from billing.actions.checking import check_claim
from billing.models import Claim, Coverage, Priority
from billing.moving import record_event
from billing.numbers import claim_id
from billing.permissions import may
from billing.states import ANSWERED
from cases.actions.opening import next_number
from cases.moving import lock
from teledent.accounts.acting import Actor
from teledent.kit.decisions import Refused, require

NEXT = {Priority.PRIMARY: Priority.SECONDARY, Priority.SECONDARY: Priority.TERTIARY}


@transaction.atomic
def bill_next_payer(*, actor: Actor, claim: Claim, at: datetime) -> Claim:
    """Make the claim to the patient's next plan from an answered one, and check it. A second click finds the first's."""
    require(may(actor, "work_claims"))
    if claim.practice_id != actor.practice.pk:
        raise Refused("This claim belongs to another practice.")
    lock(claim.case_id)
    claim = Claim.objects.for_list().get(pk=claim.pk)
    coverage = next_coverage(claim)
    if claim.status not in ANSWERED or claim.is_void:
        raise Refused(f"The payer of claim {claim} has not answered. Post its remittance first.")
    if coverage is None:
        raise Refused(
            "No further plan of this patient is in force on the day of service. Enter it under Coverage first."
        )
    if known := Claim.objects.live().filter(case=claim.case_id, part=claim.part, coverage=coverage).first():
        return known
    number = next_number(claim.practice, "claim")
    made = Claim.objects.create(
        practice=claim.practice, case=claim.case, part=claim.part, coverage=coverage, number=number,
        claim_id=claim_id(claim.practice_id, number), made_at=at, follows=claim, with_marks=claim.with_marks,
        diagnoses_left=claim.diagnoses_left,
    )  # fmt: skip
    record_event(made, "made", person=actor.person, at=at, details={"kind": "secondary", "of": claim.claim_id})
    details = {"claim": made.claim_id, "payer": coverage.payer.name}
    record_event(claim, "secondary_made", person=actor.person, at=at, details=details)
    return check_claim(made.pk, at=at, person=actor.person)


def next_coverage(claim: Claim) -> Coverage | None:
    """The patient's plan that comes after the claim's, in force on the day of service; None where there is none."""
    if claim.coverage is None or claim.service_date is None:
        return None
    after = NEXT.get(Priority(claim.coverage.priority))
    plans = Coverage.objects.filter(patient=claim.case.patient_id, priority=after).select_related("payer__receiver")
    return next((one for one in plans if one.is_in_force(claim.service_date)), None)
