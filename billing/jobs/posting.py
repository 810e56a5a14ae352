"""Post one remittance, a batch of claims at a time: whoever takes the job over goes on with the claims still unposted."""

import logging
from datetime import datetime
from functools import partial

from django.db import transaction

from billing.models import PaymentState, Remittance, RemittanceState, Waiting
from billing.moving import lock_cases
from billing.posting import POST, Posted, draw, keep, lines_of, load, post, why_waiting
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
    for payment in payments:
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
