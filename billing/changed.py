"""How a sent claim ends when its correction or its void goes out, and what becomes of the days it held (CL-5).

A claim of which no payer holds anything ends by itself when its case is retracted: there is nothing to void. A void that
is turned away or denied gives nothing back: the payer holds the claim, so its days are billed still.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from billing.claims.rule import Problem
from billing.models import BilledOnce, Claim, ClaimPayment, Frequency, PaymentState
from billing.moving import CHECK, move_claim, write
from billing.states import MOVES, STANDING, UNSENT, VOID_REFUSED, Status
from billing.still_held import take_days
from billing.x12.r835 import PREDETERMINATION, REVERSAL
from teledent.accounts.models import Person
from teledent.jobs.queue import enqueue

NOTHING_TO_VOID = "It was turned away and no payer gave it a number, so there is nothing to void."
REFUSED = "CL-5.void-refused"
TURNED_AWAY = "The payer turned this void away and holds claim {claim} still. Mend it and send it anew."
DENIED = (
    "The payer denied this void and holds claim {claim} still. Ask it why. It may take that claim back by another answer, or "
    "have the void sent anew."
)
PAID_IN_PART = (
    "The payer paid a part of this void and holds claim {claim} still. Ask it to take that payment back; the void can be sent "
    "anew then."
)
SAYS = {Status.REJECTED: TURNED_AWAY, Status.DENIED: DENIED, Status.PART_PAID: PAID_IN_PART}
SENDING = ("export", "send_anew", "sent_anew")  # events of one copy each
TAKEN_ON = ("accept", "accept_late")
OPEN_PAYMENTS = (PaymentState.READ, PaymentState.WAITING)


def end_replaced(claim: Claim, by: Claim, *, person: Person | None, at: datetime, details: Mapping[str, Any]) -> None:
    """Inside the commit of the export that takes `by`: `claim` is replaced or voided, and its days move on.

    Raises Conflict when `claim` changed meanwhile: then nothing is exported.
    """
    name = "void" if by.is_void else "replace"
    move_claim(claim, name, person=person, at=at, details={**details, "claim": by.claim_id})
    _pass_on(claim, by)
    if by.is_void:
        enqueue(CHECK, patient_id=by.case.patient_id)  # a claim that waits for the day may have it now


def _pass_on(claim: Claim, by: Claim) -> None:
    """A correction takes over the days that it bills still; after a void another payer's claim of the same service keeps
    them, where one stands. Every other day is free again."""
    heir = _other_standing(claim, by) if by.is_void else by
    held = BilledOnce.objects.filter(claim=claim)
    if heir is not None:
        for row in held:
            if heir.lines.filter(code=row.code, service_date=row.service_date).exists():
                BilledOnce.objects.filter(pk=row.pk).update(claim=heir)
    held.delete()


def _other_standing(claim: Claim, void: Claim) -> Claim | None:
    same = Claim.objects.filter(case=claim.case_id, part=claim.part, status__in=STANDING)
    return same.exclude(pk__in=[claim.pk, void.pk]).exclude(frequency=void.frequency).order_by("pk").first()


def is_unknown_to_payers(claim: Claim) -> bool:
    """Whether it went out and no payer holds anything of it: turned away, never given a number, no correction of a claim
    that the payer has, and no copy of it taken on, in time or late, that was not turned away after all."""
    if claim.status != Status.REJECTED or claim.is_void or claim.number_with_payer:
        return False
    kinds = Counter(claim.events.filter(kind__in=[*SENDING, *TAKEN_ON, "reject"]).values_list("kind", flat=True))
    taken_on = any(kinds[kind] for kind in TAKEN_ON)
    return not taken_on or kinds["reject"] >= sum(kinds[kind] for kind in SENDING)


def let_go(claim: Claim, *, because: str, at: datetime) -> None:
    """End a claim of a retracted case that no payer holds; its days are free again. Only inside a transaction that holds
    the case."""
    claim.billed_once.all().delete()
    move_claim(
        claim, "let_go", person=None, at=at, void_wanted_at=None, void_because="",
        stopped_because=f"{because} {NOTHING_TO_VOID}",
    )  # fmt: skip
    enqueue(CHECK, patient_id=claim.case.patient_id)


def follow_void(void: Claim, *, at: datetime) -> None:
    """After an answer to a void. One that is refused took nothing back: the payer holds the claim still, so its once-a-day
    codes are billed. The void keeps the days until it goes out again or is taken on; where a claim that was sent has one
    meanwhile, the void says so.

    Only inside a transaction that holds the case. Raises Conflict.
    """
    if void.status not in VOID_REFUSED:
        give_days_back(void)
        return
    said = SAYS[Status(void.status)].format(claim=void.replaces) + take_days(void, at=at)
    write(void, problems=[Problem(REFUSED, "CL-5", "blocks", "lines", said).to_json()])


def follow_voided(claim: Claim, *, stands: bool, person: Person | None, at: datetime) -> None:
    """After answers to a claim that may be voided. `stands`: the payer holds to one of them. When it took all of them back, that
    does what the void asked for, whatever was answered to the void itself; when one stands again, the void is refused after all.

    Only inside a transaction that holds the case. Raises Conflict.
    """
    void = claim.successors.filter(frequency=Frequency.VOID).exclude(status__in=UNSENT | {Status.STOPPED}).first()
    if claim.status != Status.VOIDED or void is None:
        return
    told = {"claim": claim.claim_id}
    if stands and _is_settled(void):
        move_claim(void, "unsettle_void", person=person, at=at, details=told)
        follow_void(void, at=at)
    elif not stands and void.status in MOVES["settle_void"].sources and not _is_answered_soon(claim):
        move_claim(void, "settle_void", person=person, at=at, details=told)
        give_days_back(void)


def _is_settled(void: Claim) -> bool:
    """By an answer to the claim that it is about, and by none of its own since."""
    newest = void.events.filter(kind__in=MOVES).order_by("-pk").first()
    return newest is not None and newest.kind == "settle_void"


def _is_answered_soon(claim: Claim) -> bool:
    """Whether an answer to it is here that is not posted yet: a payer reverses and judges anew in one file."""
    answers = ClaimPayment.objects.filter(
        claim_identifier=claim.claim_id, remittance__practice=claim.practice_id, state__in=OPEN_PAYMENTS
    )
    return answers.exclude(status_code__in=[REVERSAL, PREDETERMINATION]).exists()


def give_days_back(void: Claim) -> None:
    """The void that was refused goes out again, or was taken on after all: what was answered before stands no more for its
    lines. Only inside a transaction."""
    if not refusal_of(void):
        return
    void.billed_once.all().delete()
    void.outcomes.all().delete()
    write(void, problems=[])
    enqueue(CHECK, patient_id=void.case.patient_id)


def refusal_of(void: Claim) -> str:
    """What to tell of a void that was refused; "" of any other claim."""
    return next((problem["sentence"] for problem in void.problems if problem["rule"] == REFUSED), "")
