"""What the reader made of a file, told in the words of the writer, so that the two can be compared."""

import io
from dataclasses import dataclass
from decimal import Decimal

from billing.x12.r835 import Adjustment, ClaimPayment, Line, Payment, ProviderAdjustment, read_835
from billing.x12.reading import BrokenEdiError, TransactionSet, read_sets
from tests.billing.x12.remittances import ZERO, Answer, AnsweredLine, Check, Cut, Moved


@dataclass(frozen=True)
class Told:
    """One payment and the amounts that a file states though they follow from others: BPR02, then CLP04 and 05, SVC03."""

    check: Check
    stated: tuple[Decimal, ...]


def told(check: Check) -> Told:
    """What must be read of a check as it was written."""
    stated = [check.amount]
    for answer in check.answers:
        stated += [answer.paid, answer.patient_share, *(line.paid for line in answer.lines)]
    return Told(check, tuple(stated))


def read_back(data: bytes) -> list[Told | BrokenEdiError]:
    """Every remittance of a file in its order, and each fault where it shows."""
    found: list[Told | BrokenEdiError] = []
    try:
        for one in read_sets(io.BytesIO(data)):
            found.append(one if isinstance(one, BrokenEdiError) else _read(one))
    except BrokenEdiError as broken:
        found.append(broken)
    return found


def whole(data: bytes) -> list[Told]:
    """The remittances of a file that were read to their end."""
    return [one for one in read_back(data) if isinstance(one, Told)]


def _read(found: TransactionSet) -> Told | BrokenEdiError:
    try:
        events = list(read_835(found))
    except BrokenEdiError as broken:
        return broken
    payment, *others = events
    assert isinstance(payment, Payment)
    claims = [one for one in others if isinstance(one, ClaimPayment)]
    moved = [one for one in others if isinstance(one, ProviderAdjustment)]
    stated = [payment.amount]
    for claim in claims:
        stated += [claim.paid, claim.patient_share, *(line.paid for line in claim.lines)]
    return Told(_check(payment, claims, moved), tuple(stated))


def _check(payment: Payment, claims: list[ClaimPayment], moved: list[ProviderAdjustment]) -> Check:
    come_to = sum((one.paid for one in claims), ZERO) - sum((one.amount for one in moved), ZERO)
    return Check(
        trace=payment.trace,
        answers=tuple(map(_answer, claims)),
        moved=tuple(Moved(one.reason, one.reference, one.amount) for one in moved),
        paid_on=payment.paid_on,
        payer_name=payment.payer_name,
        payer_id=payment.payer_id,
        payee_name=payment.payee_name,
        payee_npi=payment.payee_npi,
        payee_tin=payment.payee_tin,
        out_by=payment.amount - come_to,
    )


def _answer(claim: ClaimPayment) -> Answer:
    given, _, family = claim.patient_name.partition(" ")
    return Answer(
        claim_id=claim.claim_id,
        charge=claim.charge,
        lines=tuple(map(_line, claim.lines)),
        status=claim.status,
        cuts=_cuts(claim.adjustments),
        payer_claim_number=claim.payer_claim_number,
        frequency=claim.frequency,
        remarks=tuple(claim.remarks),
        given=given,
        family=family,
        member_id=claim.member_id,
        rendering_npi=claim.rendering_npi,
        served_on=claim.service_date,
    )


def _line(line: Line) -> AnsweredLine:
    return AnsweredLine(
        control_number=line.control_number,
        code=line.code,
        charge=line.charge,
        cuts=_cuts(line.adjustments),
        billed_code=line.submitted_code,
        modifiers=line.modifiers,
        allowed=line.allowed,
        remarks=tuple(line.remarks),
        units="" if line.units is None else str(line.units),
        served_on=line.service_date,
    )


def _cuts(adjustments: list[Adjustment]) -> tuple[Cut, ...]:
    return tuple(
        Cut(one.group, one.reason, one.amount, "" if one.quantity is None else str(one.quantity)) for one in adjustments
    )
