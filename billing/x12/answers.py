"""Answers on the way to the payer: TA1, 999 and 277CA, read one at a time.

They come in this order and mean different things, so none replaces another:
    TA1    the envelope was readable                     names the interchange by ISA13
    999    the transaction set kept to its syntax        names the group by GS06, the set by ST02
    277CA  a claim was taken on, or not (005010X214)     names the claim by CLM01; gives the payer's own number
A 999 "accepted" is no acceptance of a claim; only a 277CA is. The remittance 835 is read by `r835`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from billing.x12.elements import day, money, name, parts
from billing.x12.reading import BrokenEdiError, TransactionSet, element

CLAIM_ACKNOWLEDGEMENT = "005010X214"
ACCEPTED_CATEGORIES = ("A0", "A1", "A2", "A5")  # forwarded, received, accepted, split
Verdict = Literal["accepted", "with_errors", "rejected"]
OF_A_CLAIM_ANSWER = frozenset(["BHT", "HL", "NM1", "PER", "TRN", "STC", "QTY", "AMT", "REF", "DTP", "SVC"])
OF_A_SYNTAX_ANSWER = frozenset(["AK1", "AK2", "IK3", "CTX", "IK4", "IK5", "AK9"])
INSIDE_A_SET = ("IK3", "CTX", "IK4", "IK5")  # between AK2 and IK5
MAX_ANSWER = 10_000  # segments about one claim or one transaction set

IMPLEMENTATION_VERDICTS: dict[str, Verdict] = {  # IK501, AK901, TA104
    "A": "accepted", "E": "with_errors", "P": "with_errors", "R": "rejected", "M": "rejected", "W": "rejected", "X": "rejected",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class InterchangeAnswer:
    """TA1: one interchange of ours."""

    number: int
    control_number: str  # TA101: ISA13 of ours
    verdict: Verdict
    note: str  # TA105: why, as a code


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """IK3 and IK4: where in our set, and what, as codes."""

    segment: str
    position: str  # of the segment in our set
    element: str
    code: str


@dataclass(slots=True)
class SetAnswer:
    """AK2 to IK5 of a 999: one transaction set of ours."""

    number: int
    group_number: str  # AK102: GS06 of ours
    set_number: str  # AK202: ST02 of ours
    verdict: Verdict = "rejected"
    faults: list[SyntaxFault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """AK9 of a 999: the group as a whole. Sets that it does not name shared its fate."""

    number: int
    group_number: str
    verdict: Verdict
    received: str
    accepted: str


@dataclass(frozen=True, slots=True)
class Status:
    """STC01 (or 10, 11): category, status and whom it is about, as codes."""

    category: str
    code: str
    entity: str


@dataclass(slots=True)
class ClaimAnswer:
    """277CA, level PT: one claim as the clearinghouse or the payer took it."""

    number: int
    claim_id: str = ""  # TRN*2: CLM01 as it was sent
    patient_name: str = ""
    payer_claim_number: str = ""  # REF*1K
    clearinghouse_number: str = ""  # REF*D9
    charge: Decimal | None = None
    answered_on: date | None = None
    service_date: date | None = None
    statuses: list[Status] = field(default_factory=list)
    message: str = ""  # STC12, free text

    @property
    def accepted(self) -> bool:
        """True when every status says so; a claim with one refusal is refused."""
        return bool(self.statuses) and all(one.category in ACCEPTED_CATEGORIES for one in self.statuses)


@dataclass(slots=True)
class BatchAnswer:
    """277CA above the claims, level 21 (all that was sent) or 19 (one billing provider): BHT03 of ours and its fate."""

    number: int
    level: str
    batch_id: str = ""  # TRN*2 at level 21
    statuses: list[Status] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        return all(one.category in ACCEPTED_CATEGORIES for one in self.statuses)


def read_ta1(found: TransactionSet) -> Iterator[InterchangeAnswer]:
    for number, segment in found.body:
        if not element(segment, 1):
            raise BrokenEdiError(number, "TA101, the number of the interchange that is answered, is empty.")
        yield InterchangeAnswer(number, element(segment, 1), _verdict(number, segment, 4), element(segment, 5))


def read_999(found: TransactionSet) -> Iterator[SetAnswer | GroupAnswer]:
    """Each transaction set that is named, then the group. Raises BrokenEdiError where AK1, IK5 or AK9 is missing."""
    group, answer, closed = "", None, False
    for number, segment in found.body:
        _require_known(number, segment, OF_A_SYNTAX_ANSWER, answer)
        if (segment[0] in INSIDE_A_SET) is (answer is None):
            raise BrokenEdiError(number, f"{segment[0]} stands where an AK2 or the IK5 that ends it is missing.")
        match segment[0]:
            case "AK1":
                group = element(segment, 2)
            case "AK2":
                answer = SetAnswer(number, group, element(segment, 2))
            case "IK3" if answer:
                answer.faults.append(SyntaxFault(element(segment, 1), element(segment, 2), "", element(segment, 4)))
            case "IK4" if answer and answer.faults:
                answer.faults.append(_element_fault(answer.faults[-1], segment))
            case "IK5" if answer:
                answer.verdict = _verdict(number, segment, 1)
                yield answer
                answer = None
            case "AK9":
                closed = True
                yield GroupAnswer(number, group, _verdict(number, segment, 1), element(segment, 3), element(segment, 4))
    if not (group and closed):
        raise BrokenEdiError(found.number, "The acknowledgement lacks AK1 or AK9, so it names no group of ours.")


def read_277ca(found: TransactionSet) -> Iterator[BatchAnswer | ClaimAnswer]:
    """Each batch level that carries a status, each claim. Raises BrokenEdiError when it is another kind of 277."""
    if not found.version.startswith(CLAIM_ACKNOWLEDGEMENT):
        raise BrokenEdiError(found.number, f"A 277 of version {found.version or 'none'} is no claim acknowledgement.")
    answer: BatchAnswer | ClaimAnswer | None = None
    for number, segment in found.body:
        _require_known(number, segment, OF_A_CLAIM_ANSWER, answer)
        if segment[0] == "HL":
            if answer is not None and _says_something(answer):
                yield answer
            answer = _level(number, element(segment, 3))
        elif isinstance(answer, ClaimAnswer):
            _of_claim(number, segment, found.envelope.component, answer)
        elif isinstance(answer, BatchAnswer):
            _of_batch(segment, found.envelope.component, answer)
    if answer is not None and _says_something(answer):
        yield answer


def _require_known(
    number: int, segment: list[str], known: frozenset[str], answer: SetAnswer | BatchAnswer | ClaimAnswer | None
) -> None:
    """A damaged tag must not hide a refusal."""
    if segment[0] not in known:
        raise BrokenEdiError(number, f"{segment[0][:8]!r} may not stand here in an acknowledgement.")
    if answer is not None and number - answer.number > MAX_ANSWER:
        raise BrokenEdiError(
            number, f"More than {MAX_ANSWER:,} segments about one thing: where the next begins is lost."
        )


def _level(number: int, code: str) -> BatchAnswer | ClaimAnswer:
    """HL03: 20 and 21 all that was sent, 19 a provider, PT a patient with one claim."""
    if code not in ("20", "21", "19", "PT"):
        raise BrokenEdiError(number, f"HL03 says {code[:8]!r}, which is no level of a claim acknowledgement.")
    return ClaimAnswer(number) if code == "PT" else BatchAnswer(number, code)


def _says_something(answer: BatchAnswer | ClaimAnswer) -> bool:
    return isinstance(answer, ClaimAnswer) or bool(answer.statuses)


def _of_claim(number: int, segment: list[str], component: str, answer: ClaimAnswer) -> None:
    match segment[0], element(segment, 1):
        case "NM1", "QC":
            answer.patient_name = name(segment)
        case "TRN", "2":
            answer.claim_id = element(segment, 2)
        case "STC", _:
            answer.statuses.extend(_statuses(segment, component))
            answer.answered_on = answer.answered_on or day(element(segment, 2))
            answer.message = answer.message or element(segment, 12)
            if element(segment, 4) and answer.charge is None:
                answer.charge = money(number, segment, 4)
        case "REF", "1K":
            answer.payer_claim_number = element(segment, 2)
        case "REF", "D9":
            answer.clearinghouse_number = element(segment, 2)
        case "DTP", "472":
            answer.service_date = answer.service_date or day(element(segment, 3))  # of the claim, before its lines


def _of_batch(segment: list[str], component: str, answer: BatchAnswer) -> None:
    match segment[0], element(segment, 1):
        case "TRN", "2":
            answer.batch_id = element(segment, 2)
        case "STC", _:
            answer.statuses.extend(_statuses(segment, component))


def _statuses(segment: list[str], component: str) -> Iterator[Status]:
    for position in (1, 10, 11):
        category, code, entity = [*parts(segment, position, component), "", ""][:3]
        if category:
            yield Status(category, code, entity)


def _element_fault(of_segment: SyntaxFault, ik4: list[str]) -> SyntaxFault:
    return SyntaxFault(of_segment.segment, of_segment.position, element(ik4, 1), element(ik4, 3))


def _verdict(number: int, segment: list[str], position: int) -> Verdict:
    code = element(segment, position)
    if code not in IMPLEMENTATION_VERDICTS:
        raise BrokenEdiError(number, f"{segment[0]}{position:02d} says {code!r}, which is neither yes nor no.")
    return IMPLEMENTATION_VERDICTS[code]
