"""Remittances 835 written from what a payer decided: plain data in, segments out. It shares nothing with the reader.

A payer answers claims as they were billed: `Billed` is CLM01 and its lines. `paid`, `denied`, `reversed_payment` and the
others make an `Answer` of one; `Check` is one payment, `remittance` its segments from ST to SE, and `envelopes.interchange`
puts them into a file. Money is Decimal; every answer made here balances.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

Segment = list[str | list[str]]  # an element that is a list is a composite
ZERO = Decimal("0.00")
DAY = date(2026, 9, 14)


@dataclass(frozen=True)
class BilledLine:
    control_number: str  # REF*6R
    code: str
    charge: Decimal


@dataclass(frozen=True)
class Billed:
    """A claim as it was sent."""

    claim_id: str
    lines: tuple[BilledLine, ...]

    @property
    def charge(self) -> Decimal:
        return sum((line.charge for line in self.lines), ZERO)


@dataclass(frozen=True)
class Cut:
    """One reason of a CAS."""

    group: str
    reason: str
    amount: Decimal
    quantity: str = ""


@dataclass(frozen=True)
class AnsweredLine:
    """2110. What is paid is what the cuts leave of the charge."""

    control_number: str
    code: str  # as judged
    charge: Decimal
    cuts: tuple[Cut, ...] = ()
    billed_code: str = ""  # where the payer judged another
    modifiers: tuple[str, ...] = ()
    allowed: Decimal | None = None
    remarks: tuple[str, ...] = ()
    units: str = "1"
    served_on: date | None = DAY

    @property
    def paid(self) -> Decimal:
        return self.charge - total(self.cuts)


@dataclass(frozen=True)
class Answer:
    """2100. Cuts of the claim itself lessen what its lines pay together; without lines, they lessen `charge`."""

    claim_id: str
    charge: Decimal
    lines: tuple[AnsweredLine, ...] = ()
    status: str = "1"
    cuts: tuple[Cut, ...] = ()
    payer_claim_number: str = "ICN1"
    frequency: str = "1"
    remarks: tuple[str, ...] = ()  # MOA
    given: str = "LINH"
    family: str = "NGUYEN"
    member_id: str = "EXM005500321"
    rendering_npi: str = "1888888884"
    served_on: date | None = DAY

    @property
    def paid(self) -> Decimal:
        return self.charge - total(self.cuts) - sum((total(line.cuts) for line in self.lines), ZERO)

    @property
    def patient_share(self) -> Decimal:
        every = [*self.cuts, *(cut for line in self.lines for cut in line.cuts)]
        return total(cut for cut in every if cut.group == "PR")


@dataclass(frozen=True)
class Moved:
    """One pair of a PLB: a positive amount lessens the check."""

    reason: str
    reference: str
    amount: Decimal


@dataclass(frozen=True)
class Check:
    """One payment: one transaction set."""

    trace: str
    answers: tuple[Answer, ...]
    moved: tuple[Moved, ...] = ()
    paid_on: date | None = date(2026, 10, 5)
    payer_name: str = "EXAMPLE DENTAL INSURANCE"
    payer_id: str = "EXDEN"
    payee_name: str = "RIVERBEND DENTAL GROUP"
    payee_npi: str = "1234567893"
    payee_tin: str = "931234567"
    out_by: Decimal = field(default=ZERO)  # a fault: so much more than the answers come to

    @property
    def amount(self) -> Decimal:
        return (
            sum((one.paid for one in self.answers), ZERO) - sum((one.amount for one in self.moved), ZERO) + self.out_by
        )


def total(cuts: Iterable[Cut]) -> Decimal:
    return sum((cut.amount for cut in cuts), ZERO)


def paid(billed: Billed, *, contractual: Decimal = ZERO, share: Decimal = ZERO) -> Answer:
    """Each line paid but for as much of `contractual` (CO 45), then of a patient's `share` (PR 2), as it can bear."""
    lines = []
    for line in billed.lines:
        written_off = min(contractual, line.charge)
        owed = min(share, line.charge - written_off)
        wanted = [Cut("CO", "45", written_off), Cut("PR", "2", owed)]
        lines.append(_answered(line, *(cut for cut in wanted if cut.amount), allowed=line.charge - written_off))
    return Answer(billed.claim_id, billed.charge, tuple(lines))


def denied(
    billed: Billed, *, group: str = "CO", reason: str = "197", remark: str = "M62", whole: bool = True
) -> Answer:
    """Every line refused: CLP02 says 4, or goes on saying 1 where payers call only the lines denied."""
    lines = [_answered(line, Cut(group, reason, line.charge), remarks=(remark,)) for line in billed.lines]
    return Answer(billed.claim_id, billed.charge, tuple(lines), status="4" if whole else "1")


def bundled(billed: Billed, control_number: str) -> Answer:
    """Paid in full, but one line is part of another: CO 97 with N19."""
    lines = [
        _answered(line, Cut("CO", "97", line.charge), remarks=("N19",))
        if line.control_number == control_number
        else _answered(line, allowed=line.charge)
        for line in billed.lines
    ]
    return Answer(billed.claim_id, billed.charge, tuple(lines))


def recoded(answer: Answer, control_number: str, code: str) -> Answer:
    """The same answer with one line judged as another code: SVC06 says what was billed."""
    lines = [
        replace(line, code=code, billed_code=line.code) if line.control_number == control_number else line
        for line in answer.lines
    ]
    return replace(answer, lines=tuple(lines))


def reversed_payment(answer: Answer) -> Answer:
    """The taking back of `answer`: CLP02 22, every amount with its sign turned."""
    lines = [replace(line, charge=-line.charge, cuts=turned(line.cuts), allowed=None) for line in answer.lines]
    return replace(answer, charge=-answer.charge, lines=tuple(lines), cuts=turned(answer.cuts), status="22")


def predetermined(billed: Billed, *, would_pay: Decimal) -> Answer:
    """An answer to a question: CLP02 25, no money; what would be paid of each line stands in OA 101."""
    lines = []
    for line in billed.lines:
        foreseen = min(would_pay, line.charge)
        wanted = [Cut("OA", "101", foreseen), Cut("PR", "2", line.charge - foreseen)]
        lines.append(_answered(line, *(cut for cut in wanted if cut.amount)))
    return Answer(billed.claim_id, billed.charge, tuple(lines), status="25", payer_claim_number="PRE1")


def turned(cuts: tuple[Cut, ...]) -> tuple[Cut, ...]:
    return tuple(replace(cut, amount=-cut.amount) for cut in cuts)


def _answered(
    line: BilledLine, *cuts: Cut, allowed: Decimal | None = None, remarks: tuple[str, ...] = ()
) -> AnsweredLine:
    return AnsweredLine(line.control_number, line.code, line.charge, cuts, allowed=allowed, remarks=remarks)


def remittance(check: Check, control: str = "0001") -> list[Segment]:
    """ST to SE of one payment."""
    taken, paid_on = check.amount < 0, f"{check.paid_on:%Y%m%d}" if check.paid_on else ""
    body: list[Segment] = [
        ["ST", "835", control],
        ["BPR", "I", str(abs(check.amount)), "D" if taken else "C", "ACH", "CCP", "01", "123456780", "DA", "98765432",
         "1512345678", "", "01", "999988880", "DA", "1122334455", paid_on],
        ["TRN", "1", check.trace, "1512345678"],
        ["REF", "EV", "RBSOH01"],
        ["DTM", "405", "20261005"],
        ["N1", "PR", check.payer_name, "XV", check.payer_id],
        ["N3", "PO BOX 9000"],
        ["N4", "PORTLAND", "OR", "972010000"],
        ["PER", "BL", "EDI SUPPORT", "TE", "8005550101"],
        ["N1", "PE", check.payee_name, "XX", check.payee_npi],
        ["REF", "TJ", check.payee_tin],
    ]  # fmt: skip
    if check.answers:
        body.append(["LX", "1"])
    for answer in check.answers:
        body += _claim(answer)
    body += _moved(check)
    return [*body, ["SE", str(len(body) + 1), control]]


def _claim(answer: Answer) -> list[Segment]:
    share = answer.patient_share
    segments: list[Segment] = [
        ["CLP", answer.claim_id, answer.status, str(answer.charge), str(answer.paid), str(share) if share else "", "12",
         answer.payer_claim_number, "", answer.frequency],
        *_cuts(answer.cuts),
        ["NM1", "QC", "1", answer.family, answer.given, "", "", "", "MI", answer.member_id],
        ["NM1", "82", "1", "HALVORSEN", "INGRID", "", "", "", "XX", answer.rendering_npi],
    ]  # fmt: skip
    if answer.remarks:
        segments.append(["MOA", "", "", *answer.remarks])
    if answer.served_on:
        segments.append(["DTM", "232", f"{answer.served_on:%Y%m%d}"])
    for line in answer.lines:
        segments += _line(line)
    return segments


def _line(line: AnsweredLine) -> list[Segment]:
    procedure = ["AD", line.code, *line.modifiers]
    svc: Segment = ["SVC", procedure, str(line.charge), str(line.paid), "", line.units]
    segments = [[*svc, ["AD", line.billed_code]] if line.billed_code else svc]
    if line.served_on:
        segments.append(["DTM", "472", f"{line.served_on:%Y%m%d}"])
    segments += [*_cuts(line.cuts), ["REF", "6R", line.control_number]]
    if line.allowed is not None:
        segments.append(["AMT", "B6", str(line.allowed)])
    return [*segments, *(["LQ", "HE", remark] for remark in line.remarks)]


def _cuts(cuts: tuple[Cut, ...]) -> list[Segment]:
    """CAS: neighbours of one group share a segment, six at most."""
    segments: list[Segment] = []
    for cut in cuts:
        triplet = [cut.reason, str(cut.amount), cut.quantity]
        if segments and segments[-1][1] == cut.group and len(segments[-1]) < 20:
            segments[-1] += triplet
        else:
            segments.append(["CAS", cut.group, *triplet])
    return segments


def _moved(check: Check) -> list[Segment]:
    """PLB: six pairs at most."""
    segments: list[Segment] = []
    for at in range(0, len(check.moved), 6):
        plb: Segment = ["PLB", check.payee_npi, "20261231"]
        for one in check.moved[at : at + 6]:
            plb += [[one.reason, one.reference] if one.reference else [one.reason], str(one.amount)]
        segments.append(plb)
    return segments
