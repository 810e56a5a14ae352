"""Keeping receivers, payers, coverage and fees. What a claim rests on changed, so unsent claims are checked again.

Each takes the row as a form filled it, new or known; raises Django's ValidationError with the field that is wrong.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from billing.actions.checking import check_unsent
from billing.deadlines import REDRAW, redraw
from billing.models import Claim, ControlNumber, Coverage, Fee, Payer, Receiver
from billing.moving import CHECK
from billing.permissions import may
from cases.merging import require_standing
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.jobs.queue import enqueue
from teledent.kit.decisions import Refused, require


@transaction.atomic
def save_receiver(*, actor: Actor, receiver: Receiver, at: datetime) -> Receiver:
    """A new receiver begins with control number 1; a known one goes on where it stands."""
    _require_mine(actor, receiver.practice_id)
    receiver.full_clean()
    receiver.save()
    ControlNumber.objects.get_or_create(receiver=receiver)
    _tell(actor, "receiver", receiver, at=at)
    return receiver


@transaction.atomic
def save_payer(*, actor: Actor, payer: Payer, at: datetime) -> Payer:
    _require_mine(actor, payer.practice_id)
    payer.full_clean()
    payer.save()
    enqueue(CHECK, payer_id=payer.pk)
    enqueue(REDRAW, payer_id=payer.pk)
    _tell(actor, "payer", payer, at=at)
    return payer


@transaction.atomic
def save_coverage(*, actor: Actor, coverage: Coverage, at: datetime) -> Coverage:
    _require_mine(actor, coverage.patient.practice_id)
    require_standing(coverage.patient)
    coverage.full_clean()
    coverage.save()
    check_unsent(coverage.patient_id, at=at, person=actor.person)
    redraw(Claim.objects.filter(coverage=coverage))
    _tell(actor, "coverage", coverage, at=at)
    return coverage


@transaction.atomic
def save_fee(*, actor: Actor, fee: Fee, at: datetime) -> Fee:
    """A new fee ends the one that was open before it, on the day before."""
    _require_mine(actor, fee.practice_id)
    if fee.valid_from and fee.code:
        before = Q(practice=actor.practice, code=fee.code, valid_until__isnull=True, valid_from__lt=fee.valid_from)
        Fee.objects.filter(before).exclude(pk=fee.pk).update(valid_until=fee.valid_from - timedelta(days=1))
    fee.full_clean()
    fee.save()
    enqueue(CHECK, practice_id=actor.practice.pk)
    _tell(actor, "fee", fee, at=at)
    return fee


def _require_mine(actor: Actor, practice_id: int) -> None:
    require(may(actor, "keep_settings"))
    if practice_id != actor.practice.pk:
        raise Refused("This belongs to another practice.")


def _tell(actor: Actor, noun: str, row: Receiver | Payer | Coverage | Fee, *, at: datetime) -> None:
    trail.record("changed", noun=noun, public_id=row.public_id, person=actor.person, practice=actor.practice, at=at)
