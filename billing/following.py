"""How claims follow their cases: the one seam from the clinical half, each hook inside the transaction it follows.

Signing drafts the claims; the check itself is the worker's, so that money never stands in the way of a signature.
Retraction and consent reach claims at once.
"""

from datetime import datetime

from billing.actions.checking import check_claim
from billing.actions.making import draft_claims
from billing.changed import is_unknown_to_payers, let_go
from billing.models import Claim
from billing.moving import CHECK, move_claim, record_event, write
from billing.states import ENDED, STANDING, Status
from cases.models import Case
from cases.moving import after_event, after_move
from teledent.jobs.queue import enqueue

RETRACTED = "The case was retracted."


def follow_cases() -> None:
    after_move("sign", draft_claims)
    after_move("retract", stop_claims)
    for kind in ("consent_recorded", "consent_withdrawn", "consent_entered_wrongly", "follow_up"):
        after_event(kind, check_claims_of)


def stop_claims(case: Case, at: datetime) -> None:
    """RE-5: what was not sent never goes out; what was sent goes to the void worklist."""
    for claim in Claim.objects.filter(case=case).order_by("pk"):
        if claim.is_void or claim.status in ENDED:
            continue  # a void goes out all the more
        if is_unknown_to_payers(claim):
            let_go(claim, because=RETRACTED, at=at)
        elif claim.status in STANDING:
            write(claim, void_wanted_at=at, void_because=RETRACTED)
            record_event(claim, "void_wanted", person=None, at=at, details={"because": RETRACTED})
        elif claim.status != Status.STOPPED:
            claim.billed_once.all().delete()
            move_claim(claim, "stop", person=None, at=at, stopped_because=RETRACTED)
    enqueue(CHECK, patient_id=case.patient_id)  # a claim that lost the day to one of these may have it now


def check_claims_of(case_id: int, at: datetime) -> None:
    """Consent or outcome changed: what is not sent yet is looked at again."""
    for claim_id in Claim.objects.filter(case=case_id).to_check().order_by("pk").values_list("pk", flat=True):
        check_claim(claim_id, at=at)
