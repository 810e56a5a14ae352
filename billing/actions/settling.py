"""What could not be posted by itself is settled by a person: to the claim that she chooses, or set aside with a reason."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from billing.models import Claim, ClaimPayment, PaymentState, RemittanceState
from billing.models.claim import ClaimQuerySet
from billing.permissions import may
from billing.posting import draw, keep, lines_of, load, post, why_waiting
from cases.moving import lock
from teledent.accounts.acting import Actor
from teledent.kit.decisions import Conflict, Refused, require
from teledent.kit.text import is_filler, printable


@transaction.atomic
def post_to_claim(*, actor: Actor, payment: ClaimPayment, claim: Claim, at: datetime) -> Claim:
    """Post a waiting payment to the claim that a person chose for it. Everything but the number must still fit."""
    require(may(actor, "import_answers"))
    if claim.practice_id != actor.practice.pk:
        raise Refused("This claim belongs to another practice.")
    lock(claim.case_id)
    payment = _waiting(actor, payment)
    posted = load([claim.claim_id], practice_id=actor.practice.pk).get(claim.claim_id)
    why = why_waiting(payment, posted)
    if why is not None or posted is None:
        raise Refused(f"{why.label if why else 'The claim is gone.'} Nothing was posted.")
    post(payment, posted, lines_of(payment, posted) or (), person=actor.person, at=at)
    keep([payment])
    draw([posted], person=actor.person, at=at)
    return posted.claim


@transaction.atomic
def set_aside(*, actor: Actor, payment: ClaimPayment, reason: str, at: datetime) -> ClaimPayment:
    """It is not about a claim of ours, or is dealt with on the phone: it stays in the remittance and waits no longer."""
    require(may(actor, "import_answers"))
    if is_filler(reason):
        raise Refused("Say why it is set aside; the remittance keeps it.")
    payment = _waiting(actor, payment)
    payment.state, payment.posted_by = PaymentState.SET_ASIDE, actor.person
    payment.note = printable(reason).strip()[:300]
    payment.save(update_fields=["state", "note", "posted_by"])
    return payment


def candidates_for(payments: Sequence[ClaimPayment], *, of: ClaimQuerySet, most: int = 4) -> dict[int, list[Claim]]:
    """Claims `of` these that were sent and could be meant by each payment, by its primary key: of the same charge and either the
    same member or the same day. One query however many payments."""
    meant = Q(pk__in=[])
    for one in payments:
        same = Q(coverage__member_id=one.member_id) if one.member_id else Q(pk__in=[])
        if one.service_date:
            same |= Q(service_date=one.service_date)
        meant |= Q(total=abs(one.charge)) & same
    sent = of.for_list().sent().filter(meant).defer("facts", "draft")
    found = list(sent.order_by("-exported_at", "-pk")[: most * len(payments) * 5])
    return {one.pk: [claim for claim in found if _could_be(claim, one)][:most] for one in payments}


def _could_be(claim: Claim, payment: ClaimPayment) -> bool:
    if claim.total != abs(payment.charge):
        return False
    same_member = claim.coverage is not None and payment.member_id in ("", claim.coverage.member_id)
    return same_member or claim.service_date == payment.service_date


def _waiting(actor: Actor, payment: ClaimPayment) -> ClaimPayment:
    """The row under a lock. Raises Conflict when another person was faster."""
    locked = ClaimPayment.objects.select_for_update().filter(pk=payment.pk, remittance__practice=actor.practice)
    found = locked.filter(state=PaymentState.WAITING).prefetch_related("lines").first()
    if found is None or found.remittance.state != RemittanceState.POSTED:
        raise Conflict("Somebody settled this a moment ago. Reload the page; nothing was changed.")
    return found
