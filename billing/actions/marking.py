"""Whether the dentist's marks go out drawn into the claim's pictures: the front desk's choice, off unless made."""

from datetime import datetime

from django.db import transaction

from billing.models import Claim
from billing.moving import record_event, write
from billing.permissions import may
from billing.states import CHECKED
from cases.moving import lock
from teledent.accounts.acting import Actor
from teledent.kit.decisions import Refused, require


@transaction.atomic
def choose_marks(*, actor: Actor, claim: Claim, drawn: bool, at: datetime) -> Claim:
    """Draw the signed marks into this claim's pictures, or leave the pictures as they are."""
    require(may(actor, "work_claims"))
    lock(claim.case_id)
    claim = Claim.objects.get(pk=claim.pk, practice=actor.practice)
    if claim.status not in CHECKED:
        raise Refused("This claim is not being worked on any more; nothing was changed.")
    if claim.with_marks != drawn:
        write(claim, with_marks=drawn)
        record_event(claim, "marks_drawn" if drawn else "marks_left_off", person=actor.person, at=at)
    return claim
