"""Post one remittance, a batch of claims at a time: whoever takes the job over goes on with the claims still unposted."""

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from billing.answering_requests import load_requests, take_answer
from billing.models import ClaimPayment, PaymentState, Remittance, RemittanceState, Waiting
from billing.moving import lock_cases
from billing.posting import POST, Posted, draw, keep, lines_of, load, post, why_waiting
from billing.x12.r835 import PREDETERMINATION
from cases.models import Case
from teledent.jobs.registry import Effect, job
from teledent.kit import clock, faults

logger = logging.getLogger(__name__)
BATCH = 100  # claims of one transaction


@job(POST)
def post_remittance(*, remittance_id: int, **_: object) -> Effect | None:
    remittance = Remittance.objects.filter(pk=remittance_id, state=RemittanceState.POSTING).first()
    if remittance is None:
        logger.info("Remittance %s is posted or gone.", remittance_id)
        return None
    at = clock.now().replace(microsecond=0)
    while _post_some(remittance, at=at):
        faults.point("billing.answers.posted")
    return partial(_finish, remittance, at=at)


def _finish(remittance: Remittance, *, at: datetime) -> None:
    Remittance.objects.filter(pk=remittance.pk, state=RemittanceState.POSTING).update(
        state=RemittanceState.POSTED, posted_at=at
    )


@transaction.atomic
def _post_some(remittance: Remittance, *, at: datetime) -> bool:
    """The next batch: False when none is left."""
    payments = list(remittance.payments.to_post().prefetch_related("lines")[:BATCH])
    identifiers = [payment.claim_identifier for payment in payments]
    lock_cases(Case.objects.filter(claims__practice=remittance.practice_id, claims__claim_id__in=identifiers))
    ours = load(identifiers, practice_id=remittance.practice_id)
    changed: dict[int, Posted] = {}
    estimates = [one for one in payments if one.status_code == PREDETERMINATION]
    _answer_requests(estimates, remittance, at=at)
    for payment in payments:
        if payment.status_code == PREDETERMINATION:
            continue
        posted = ours.get(payment.claim_identifier)
        why = why_waiting(payment, posted)
        if why is not None or posted is None:
            payment.state, payment.waits_because = PaymentState.WAITING, why or Waiting.NO_CLAIM
            continue
        post(payment, posted, lines_of(payment, posted) or (), person=None, at=at)
        changed[posted.claim.pk] = posted
    keep(payments)
    draw(list(changed.values()), person=None, at=at)
    return bool(payments)


def _answer_requests(payments: Sequence[ClaimPayment], remittance: Remittance, *, at: datetime) -> None:
    """What the payer would pay, each told to its request; `payments` are kept with the others."""
    if not payments:
        return
    asked = load_requests([one.claim_identifier for one in payments], practice_id=remittance.practice_id)
    for payment in payments:
        payment.remittance = remittance
        if why := take_answer(payment, asked.get(payment.claim_identifier), at=at):
            payment.state, payment.waits_because = PaymentState.WAITING, why
