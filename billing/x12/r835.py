"""The remittance 835, version 005010X221A1: what a payer says it paid, streamed one claim at a time.

One transaction set is one payment. BPR and TRN say how much and under which trace number, the loops of N1 who pays whom;
then each CLP opens a claim (2100) and each SVC a line of it (2110); PLB at the end moves money that belongs to no claim.

Amounts must balance at three heights, or the cents went somewhere else:
    line    SVC02 charge - adjustments of the line = SVC03 paid
    claim   CLP03 charge - adjustments of the claim and its lines = CLP04 paid, and CLP03 = sum of SVC02 if it has lines
    check   sum of CLP04 - sum of PLB = BPR02          (a positive PLB lessens the check)

Comments name the loop. Texts are as sent; money is Decimal.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from billing.x12.elements import ZERO, day, money, name, parts, quantity
from billing.x12.reading import BrokenEdiError, TransactionSet, element

PREDETERMINATION = "25"  # CLP02: an answer to a question, no money
REVERSAL = "22"  # CLP02: takes an earlier payment back, with the signs turned
MAX_CLAIM = 10_000  # segments: the standard's 999 lines with all that usually stands below them
OF_A_PAYMENT = frozenset(
    ["BPR", "NTE", "TRN", "CUR", "REF", "DTM", "N1", "N2", "N3", "N4", "PER", "RDM", "LX", "TS3", "TS2", "PLB"]
)
INSIDE_A_CLAIM = frozenset(["CAS", "NM1", "MIA", "MOA", "REF", "DTM", "PER", "AMT", "QTY", "SVC", "LQ", "TS3", "TS2"])


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One group of a CAS: why `amount` of the charge was not paid. Negative in a reversal."""

    group: str  # CO the practice writes off, PR the patient owes, OA other, PI the payer's own reduction
    reason: str  # CARC
    amount: Decimal
    quantity: Decimal | None = None


@dataclass(slots=True)
class Line:
    """2110: one service as it was judged."""

    number: int  # of its SVC
    code: str  # SVC01-2: the code as judged; all of SVC01 where it has no components
    charge: Decimal
    paid: Decimal
    modifiers: tuple[str, ...] = ()
    submitted_code: str = ""  # SVC06-2: what was billed, where the payer changed it
    units: Decimal | None = None  # SVC05; None means one
    service_date: date | None = None
    control_number: str = ""  # REF*6R, as billed
    allowed: Decimal | None = None  # AMT*B6
    granted: dict[str, str] = field(default_factory=dict)  # REF*G1 authorisation, REF*G3 predetermination
    adjustments: list[Adjustment] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # LQ*HE: RARC

    @property
    def out_by(self) -> Decimal:
        """Dollars by which the line does not balance; 0.00 when it does."""
        return self.charge - _total(self.adjustments) - self.paid


@dataclass(slots=True)
class ClaimPayment:
    """2100: one claim as it was judged."""

    number: int  # of its CLP
    claim_id: str  # CLP01: CLM01 as it was sent
    status: str  # CLP02: 1, 2, 3 processed as primary, secondary, tertiary; 4 denied; 22 reversal; 25 predetermination
    charge: Decimal
    paid: Decimal
    patient_share: Decimal  # CLP05
    filing_code: str
    payer_claim_number: str  # CLP07
    frequency: str
    patient_name: str = ""
    member_id: str = ""
    rendering_npi: str = ""
    service_date: date | None = None  # DTM*232 or *472 of the claim
    granted: dict[str, str] = field(default_factory=dict)  # REF*G1 authorisation, REF*G3 predetermination
    adjustments: list[Adjustment] = field(default_factory=list)  # of the claim itself
    remarks: list[str] = field(default_factory=list)  # MOA, MIA: RARC
    lines: list[Line] = field(default_factory=list)

    def number_granted(self, kind: str) -> str:
        """The one number of an authorisation (G1) or a predetermination (G3) that it gives, of the claim or of its lines;
        empty where there is none or lines give several."""
        told = {line.granted[kind] for line in self.lines if kind in line.granted}
        return self.granted.get(kind) or (told.pop() if len(told) == 1 else "")

    @property
    def is_predetermination(self) -> bool:
        return self.status == PREDETERMINATION

    @property
    def is_reversal(self) -> bool:
        return self.status == REVERSAL

    @property
    def out_by(self) -> Decimal:
        """Dollars by which the claim does not balance, or else the first of its lines, or else their charges together;
        0.00 when all do.

        An answer to a predetermination carries no money and always balances.
        """
        if self.is_predetermination:
            return ZERO
        adjusted = _total(self.adjustments) + sum((_total(line.adjustments) for line in self.lines), ZERO)
        if off := self.charge - adjusted - self.paid:
            return off
        if off := next((line.out_by for line in self.lines if line.out_by), ZERO):
            return off
        return self.charge - sum((line.charge for line in self.lines), ZERO) if self.lines else ZERO


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """One pair of a PLB: money of no claim. As written: a positive amount lessens the check."""

    reason: str  # such as WO, FB, CS, L6
    reference: str
    amount: Decimal


@dataclass(slots=True)
class Payment:
    """BPR, TRN and the loops 1000: the payment as a whole."""

    number: int  # of its BPR
    amount: Decimal  # BPR02, negative when money is taken
    method: str  # BPR04: CHK, ACH, FWT, NON
    paid_on: date | None  # BPR16
    trace: str = ""  # TRN02: number of the check or the transfer
    originator: str = ""  # TRN03
    produced_on: date | None = None  # DTM*405
    payer_name: str = ""
    payer_id: str = ""
    payee_name: str = ""
    payee_npi: str = ""
    payee_tin: str = ""


def read_835(found: TransactionSet) -> Iterator[Payment | ClaimPayment | ProviderAdjustment]:
    """The payment first, then its claims, then what belongs to no claim. Constant memory.

    Raises BrokenEdiError where a segment that money hangs on is missing, misplaced or no number. What was yielded
    before then is of a set that cannot be trusted.
    """
    reader = _Reader(found)
    yield from reader.read()
    if not reader.began:
        raise BrokenEdiError(found.number, "The remittance has no BPR, so it says of no payment.")


class _Reader:
    """Where in the set the reader stands: before the claims, in a claim, in one of its lines."""

    def __init__(self, found: TransactionSet) -> None:
        self._body, self._component = found.body, found.envelope.component
        self._payment: Payment | None = None
        self._claim: ClaimPayment | None = None
        self._line: Line | None = None
        self._party = ""  # N101 of the loop 1000 that is open
        self.began = False

    def read(self) -> Iterator[Payment | ClaimPayment | ProviderAdjustment]:
        for number, segment in self._body:
            tag = segment[0]
            if tag in INSIDE_A_CLAIM and self._claim is not None:
                self._in_claim(number, segment, self._claim)
                continue
            if tag in ("CLP", "LX", "PLB"):
                if self._payment is None:
                    raise BrokenEdiError(number, f"{tag} comes before the BPR that says of which payment.")
                yield from self._closed()
            if tag == "CLP":
                self._claim = _claim(number, segment)
            elif tag == "PLB":
                yield from _provider_adjustments(number, segment, self._component)
            elif self._claim is None and tag in OF_A_PAYMENT:
                self._before_claims(number, segment)
            else:  # a damaged tag, or money that belongs to nothing
                raise BrokenEdiError(number, f"{tag[:8]!r} may not stand here in a remittance.")
        yield from self._closed()

    def _closed(self) -> Iterator[Payment | ClaimPayment]:
        """At what may follow the loops 1000 or a claim: what is complete now."""
        if self._payment is not None and not self.began:
            self.began = True
            yield self._payment
        if self._claim is not None:
            yield self._claim
        self._claim = self._line = None

    def _before_claims(self, number: int, segment: list[str]) -> None:
        if segment[0] == "BPR":
            if self._payment is not None:
                raise BrokenEdiError(number, "A second BPR in one remittance.")
            self._payment = _payment(number, segment)
        elif self._payment is not None and not self.began:
            self._of_payment(segment, self._payment)

    def _of_payment(self, segment: list[str], payment: Payment) -> None:
        match segment[0], element(segment, 1):
            case "TRN", _:
                payment.trace, payment.originator = element(segment, 2), element(segment, 3)
            case "DTM", "405":
                payment.produced_on = day(element(segment, 2))
            case "N1", party:
                self._party = party
                self._name_party(segment, payment)
            case "REF", "2U" if self._party == "PR":
                payment.payer_id = payment.payer_id or element(segment, 2)
            case "REF", "TJ" if self._party == "PE":
                payment.payee_tin = element(segment, 2)

    def _name_party(self, segment: list[str], payment: Payment) -> None:
        named, qualifier, identifier = element(segment, 2), element(segment, 3), element(segment, 4)
        if self._party == "PR":  # 1000A
            payment.payer_name, payment.payer_id = named, identifier
        elif self._party == "PE":  # 1000B
            payment.payee_name = named
            if qualifier == "XX":
                payment.payee_npi = identifier
            elif qualifier == "FI":
                payment.payee_tin = identifier

    def _in_claim(self, number: int, segment: list[str], claim: ClaimPayment) -> None:
        tag, line = segment[0], self._line
        if tag == "SVC":
            self._line = _line(number, segment, self._component)
            claim.lines.append(self._line)
        elif tag == "CAS":
            (line or claim).adjustments.extend(_adjustments(number, segment))
        elif line is not None:
            _of_line(number, segment, line)
        else:
            _of_claim(segment, claim)
        if number - claim.number > MAX_CLAIM:
            raise BrokenEdiError(number, f"A claim of more than {MAX_CLAIM:,} segments: the next one has lost its CLP.")


def _payment(number: int, segment: list[str]) -> Payment:
    amount = money(number, segment, 2)
    if element(segment, 3) == "D":  # BPR03: a debit takes the money back
        amount = -amount
    return Payment(number, amount, element(segment, 4), day(element(segment, 16)))


def _claim(number: int, segment: list[str]) -> ClaimPayment:
    if not element(segment, 3):
        raise BrokenEdiError(number, "CLP03, the claim's charge, is empty.")
    return ClaimPayment(
        number,
        claim_id=element(segment, 1),
        status=element(segment, 2),
        charge=money(number, segment, 3),
        paid=money(number, segment, 4),
        patient_share=money(number, segment, 5),
        filing_code=element(segment, 6),
        payer_claim_number=element(segment, 7),
        frequency=element(segment, 9),
    )


def _line(number: int, segment: list[str], component: str) -> Line:
    judged = parts(segment, 1, component)
    submitted = parts(segment, 6, component) if len(segment) > 6 else [""]
    if not element(segment, 2):
        raise BrokenEdiError(number, "SVC02, the line's charge, is empty.")
    return Line(
        number,
        code=_code(judged),
        charge=money(number, segment, 2),
        paid=money(number, segment, 3),
        modifiers=tuple(filter(None, judged[2:6])),
        submitted_code=_code(submitted),
        units=quantity(segment, 5),
    )


def _code(procedure: list[str]) -> str:
    """The second component; all there is where a payer parts them by another sign than it says in ISA16."""
    return procedure[1] if len(procedure) > 1 else procedure[0]


def _of_claim(segment: list[str], claim: ClaimPayment) -> None:
    match segment[0], element(segment, 1):
        case "NM1", "QC":
            claim.patient_name = name(segment)
            claim.member_id = claim.member_id or element(segment, 9)
        case "NM1", "IL":  # the subscriber, when another than the patient: his is the member id
            claim.member_id = element(segment, 9) or claim.member_id
        case "NM1", "82":
            claim.rendering_npi = element(segment, 9)
        case "DTM", "232" | "472":
            claim.service_date = day(element(segment, 2))
        case "REF", "G1" | "G3" as kind:
            claim.granted[kind] = element(segment, 2)
        case "MOA", _:
            claim.remarks.extend(filter(None, (element(segment, at) for at in range(3, 8))))
        case "MIA", _:
            claim.remarks.extend(filter(None, (element(segment, at) for at in (5, 20, 21, 22, 23))))


def _of_line(number: int, segment: list[str], line: Line) -> None:
    match segment[0]:  # by the tag alone: this runs for most segments of a file
        case "DTM":
            if element(segment, 1) in ("472", "150"):
                line.service_date = day(element(segment, 2))
        case "REF":
            kind = element(segment, 1)
            if kind == "6R":
                line.control_number = element(segment, 2)
            elif kind in ("G1", "G3"):
                line.granted[kind] = element(segment, 2)
        case "AMT":
            if element(segment, 1) == "B6":
                line.allowed = money(number, segment, 2)
        case "LQ":
            if element(segment, 1) == "HE":
                line.remarks.append(element(segment, 2))


def _adjustments(number: int, segment: list[str]) -> list[Adjustment]:
    """CAS: a group code and up to six triplets of reason, amount, quantity."""
    if len(segment) > 20:
        raise BrokenEdiError(number, "CAS has more than six adjustments: what ended it is lost.")
    group = element(segment, 1)
    found = []
    for at in range(2, len(segment), 3):
        reason, amount = element(segment, at), money(number, segment, at + 1)
        if reason or amount:
            found.append(Adjustment(group, reason, amount, quantity(segment, at + 2)))
    return found


def _provider_adjustments(number: int, segment: list[str], component: str) -> Iterator[ProviderAdjustment]:
    """PLB: provider and fiscal year, then up to six pairs of reason with reference, and amount."""
    if len(segment) > 15:
        raise BrokenEdiError(number, "PLB has more than six adjustments: what ended it is lost.")
    for at in range(3, len(segment), 2):
        if element(segment, at) or element(segment, at + 1):
            reason, reference = [*parts(segment, at, component), ""][:2]
            yield ProviderAdjustment(reason, reference, money(number, segment, at + 1))


def _total(adjustments: Iterable[Adjustment]) -> Decimal:
    return sum((one.amount for one in adjustments), ZERO)
