""" "Do not bill" is an ending like any other (CL-7): for a reason, outside what is owed, and undone until the limit."""

from datetime import datetime

from django.db import transaction

from billing.actions.checking import check_claim
from billing.models import Claim, NotBilledReason
from billing.moving import CHECK, move_claim
from billing.permissions import may
from cases.moving import lock
from teledent.accounts.acting import Actor
from teledent.jobs.queue import enqueue
from teledent.kit import clock
from teledent.kit.decisions import Refused, require
from teledent.kit.text import is_filler, printable


@transaction.atomic
def do_not_bill(*, actor: Actor, claim: Claim, reason: str, at: datetime, text: str = "") -> Claim:
    """End an unsent claim without sending it. Gives back its once-a-day codes, so another claim may take them."""
    require(may(actor, "work_claims"))
    if reason not in NotBilledReason.values:
        raise Refused("Choose why this is not billed.")
    if reason == NotBilledReason.OTHER and is_filler(text):
        raise Refused("Say in a few words why this is not billed; the timeline keeps it.")
    claim = _locked(actor, claim)
    if claim.replaces_id is not None:
        raise Refused("The payer has the claim that this one changes. Drop the change instead; that claim stands.")
    claim.billed_once.all().delete()
    text = printable(text).strip()[:300]
    move_claim(
        claim, "do_not_bill", person=actor.person, at=at, details={"reason": reason, "text": text},
        not_billed_reason=reason, not_billed_text=text,
    )  # fmt: skip
    enqueue(CHECK, patient_id=claim.case.patient_id)
    return claim


@transaction.atomic
def bill_after_all(*, actor: Actor, claim: Claim, at: datetime) -> Claim:
    """Take "do not bill" back, and check the claim at once. Refused once the payer's filing limit has passed."""
    require(may(actor, "work_claims"))
    claim = _locked(actor, claim)
    limit = claim.file_by
    if limit is not None and clock.local_date(at, claim.case.site.time_zone) > limit:
        raise Refused(f"The payer's filing limit was {limit:%-d %b %Y}. The claim stays ended.")
    move_claim(claim, "bill_after_all", person=actor.person, at=at, not_billed_reason="", not_billed_text="")
    return check_claim(claim.pk, at=at, person=actor.person)


def _locked(actor: Actor, claim: Claim) -> Claim:
    """The claim read anew under its case's lock."""
    if claim.practice_id != actor.practice.pk:
        raise Refused("This claim belongs to another practice.")
    lock(claim.case_id)
    return Claim.objects.for_list().get(pk=claim.pk)
