"""A remittance without money (CLP02 25) answers the request that it names, or waits with the reason. It posts nothing.

Held against what went out (`FiledRequest`), never against rows of today. Only a whole, unambiguous answer moves a
request; whatever else comes waits for a person, who records it on the request's own page.

Everything here runs inside the caller's transaction.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import DataError, IntegrityError, transaction

from billing.asking_ahead.answered import Foreseen, foresee, is_yes, why_not
from billing.authorisation_moving import move_authorisation
from billing.authorisation_states import ANSWERED, ON_ITS_WAY
from billing.claims.latin import unwritable
from billing.claims.lines import ClaimDraft, ClaimLine
from billing.models import (
    Authorisation,
    AuthorisedLine,
    ClaimPayment,
    ExportState,
    FiledRequest,
    LinePayment,
    PaymentState,
    RequestHow,
    RequestKind,
    Waiting,
)
from billing.moving import CHECK
from billing.outcomes.classify import ZERO, Adjustment, Answer
from billing.outcomes.matching import OurLine, TheirLine, match_lines
from teledent.accounts.days import today_in
from teledent.jobs.queue import enqueue
from teledent.kit.decisions import Conflict
from teledent.kit.text import search_key

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Asked:
    """A request of ours with what its newest file said of it."""

    row: Authorisation
    draft: ClaimDraft | None = None  # None: it never went out by file
    total: Decimal = ZERO

    @property
    def lines(self) -> tuple[ClaimLine, ...]:
        return self.draft.lines if self.draft else ()


def load_requests(identifiers: Iterable[str], *, practice_id: int) -> dict[str, Asked]:
    """Our requests by the number they were sent with, in a handful of queries however many there are."""
    rows = Authorisation.objects.filter(practice=practice_id, request_id__in=set(identifiers))
    found = {row.pk: Asked(row) for row in rows.select_related("coverage", "practice").prefetch_related("lines")}
    filed = FiledRequest.objects.filter(authorisation__in=found, file__state=ExportState.DONE)
    for one in filed.defer("facts").order_by("pk"):  # the newest stands
        asked = found[one.authorisation_id]
        asked.draft, asked.total = ClaimDraft.from_json(one.draft), one.total
    return {asked.row.request_id: asked for asked in found.values()}


def take_answer(payment: ClaimPayment, asked: Asked | None, *, at: datetime) -> Waiting | None:
    """Let the request follow `payment`, whose lines were fetched ahead; None when it did, else why it waits."""
    if asked is None:
        return Waiting.NO_MONEY
    if why := _not_meant(payment, asked):
        return why
    if payment.paid or any(line.paid for line in payment.lines.all()):
        return Waiting.NO_MONEY  # money under the name of an estimate: a person asks the payer
    if payment.charge != asked.total:
        return Waiting.REQUEST_CHARGE
    numbers = _numbers(payment, asked)
    if not numbers or {line.number for line in asked.lines} != set(numbers):
        return Waiting.REQUEST_LINES
    told = _foreseen(payment, numbers, asked)
    if told is None or payment.adjustments:
        return Waiting.OUT_OF_BALANCE
    if any(one.in_part for one in told.values()) or not _same_units(payment, numbers, told):
        return Waiting.REQUEST_PARTLY
    return _kept(payment, asked.row, told, at=at)


def _not_meant(payment: ClaimPayment, asked: Asked) -> Waiting | None:
    """Why this is no answer that the request waits for, whatever it says; None when it is."""
    row = asked.row
    if row.status in ANSWERED:
        return Waiting.REQUEST_ANSWERED
    if row.status not in ON_ITS_WAY or row.sent_how != RequestHow.FILE or asked.draft is None:
        return Waiting.REQUEST_NOT_OUT
    payer, member = payment.remittance.payer_id, search_key(payment.member_id)
    if payer not in (None, row.payer_id) or member not in ("", search_key(row.member_id)):
        return Waiting.REQUEST_NOT_THEIRS
    return None


def _same_units(payment: ClaimPayment, numbers: Sequence[int], told: dict[int, Foreseen]) -> bool:
    """Whether each line that is taken names the units that were asked, where it names any (SVC05)."""
    lines = zip(payment.lines.all(), numbers, strict=True)
    return all(line.units in (None, told[number].units) for line, number in lines if told[number].units)


def _kept(payment: ClaimPayment, row: Authorisation, told: dict[int, Foreseen], *, at: datetime) -> Waiting | None:
    """Let the request follow, in a savepoint: one that cannot be written holds up no other of the remittance."""
    try:
        with transaction.atomic():
            return _follow(payment, row, told, at=at)
    except (IntegrityError, DataError, Conflict):
        logger.exception("An answer to request %s was not recorded.", row)
    row.refresh_from_db()
    payment.authorisation = payment.posted_at = None
    return Waiting.REQUEST_KEPT_OUT


def _numbers(payment: ClaimPayment, asked: Asked) -> tuple[int, ...] | None:
    """The number of our line for each judged line. A plan has no date of service, whatever day the payer writes."""
    theirs = [
        TheirLine(line.control_number, line.submitted_code or line.code, None, line.charge, (str(line.adjustments),))
        for line in payment.lines.all()
    ]
    ours = [
        OurLine(one.number, f"{asked.row.request_id}-{one.number}", one.code, one.service_date, one.charge or ZERO)
        for one in asked.lines
    ]
    return match_lines(theirs, ours)


def _foreseen(payment: ClaimPayment, numbers: Sequence[int], asked: Asked) -> dict[int, Foreseen] | None:
    """By our line; None where one does not add up, or was split."""
    if len(set(numbers)) < len(numbers):
        return None
    units = {one.number: one.units for one in asked.row.lines.all()}
    told: dict[int, Foreseen] = {}
    for line, number in zip(payment.lines.all(), numbers, strict=True):
        foreseen = foresee(_answer(line), units=units[number])
        if foreseen is None:
            return None
        told[number] = foreseen
    return told


def _answer(line: LinePayment) -> Answer:
    adjustments = (Adjustment(group, reason, Decimal(amount)) for group, reason, amount in line.adjustments)
    return Answer(line.charge, line.paid, tuple(adjustments), tuple(line.remarks), line.allowed)


def _answered_on(payment: ClaimPayment, row: Authorisation, at: datetime) -> date:
    """The payer's day of the answer; one that has not come yet, or lies before the asking, is the nearest that can be."""
    today = today_in(row.practice, at)
    return max(min(payment.remittance.paid_on or today, today), row.sent_on or date.min)


def _follow(payment: ClaimPayment, row: Authorisation, told: dict[int, Foreseen], *, at: datetime) -> Waiting | None:
    is_authorisation = row.kind == RequestKind.AUTHORISATION
    number = payment.authorisation_number if is_authorisation else payment.predetermination_number
    if unwritable(number):
        number = ""  # no claim could carry it
    if is_yes(told.values()) and is_authorisation and not number:
        return Waiting.NO_NUMBER
    on = _answered_on(payment, row, at)
    lines = list(row.lines.all())
    for line in lines:
        said = told[line.number]
        line.units_approved, line.allowed = said.units, said.allowed
        line.would_pay, line.patient_share = said.would_pay, said.patient_share
    AuthorisedLine.objects.bulk_update(lines, ["units_approved", "allowed", "would_pay", "patient_share"])
    details = {"on": on, "number": number, "remittance": payment.remittance.public_id}
    answered = {"number": number, "answered_on": on, "answered_at": at}
    if is_yes(told.values()):
        starts = {"valid_from": on} if is_authorisation else {}
        move_authorisation(row, "approve", person=None, at=at, details=details, **answered, **starts)
    else:
        because = why_not(told.values())[:300]
        move_authorisation(
            row,
            "refuse",
            person=None,
            at=at,
            details=details | {"reason": because},
            refused_because=because,
            **answered,
        )
    payment.authorisation, payment.posted_at = row, at
    payment.state, payment.waits_because = PaymentState.NOTED, ""
    enqueue(CHECK, patient_id=row.coverage.patient_id)  # what is approved may be billed now
    return None
