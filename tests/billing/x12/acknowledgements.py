"""TA1, 999 and 277CA as a clearinghouse and a payer write them: plain data in, segments out."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tests.billing.x12.remittances import Segment


@dataclass(frozen=True)
class SetVerdict:
    """AK2 to IK5: ST02 of ours, IK501, and faults as (segment, its position, code, elements at fault with their codes)."""

    number: str
    code: str = "A"
    faults: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...] = ()


@dataclass(frozen=True)
class ClaimVerdict:
    """A patient's level of a 277CA: CLM01 of ours and the status, such as A2:20."""

    claim_id: str
    statuses: tuple[tuple[str, ...], ...] = (("A2", "20"),)
    charge: Decimal = Decimal("100.00")
    payer_number: str = ""
    clearinghouse_number: str = ""
    message: str = ""
    given: str = "LINH"
    family: str = "NGUYEN"


def ta1(control_number: str, code: str = "A", note: str = "000") -> Segment:
    return ["TA1", control_number, "261005", "1030", code, note]


def syntax_answer(
    group: str, verdicts: Sequence[SetVerdict], code: str = "A", received: int | None = None, control: str = "0001"
) -> list[Segment]:
    """A 999 about the group with GS06 `group`."""
    body: list[Segment] = [["ST", "999", control, "005010X231A1"], ["AK1", "HC", group, "005010X224A2"]]
    for verdict in verdicts:
        body.append(["AK2", "837", verdict.number, "005010X224A2"])
        for segment, position, fault, elements in verdict.faults:
            body.append(["IK3", segment, position, "", fault])
            body += [["IK4", place, "", why] for place, why in elements]
        body.append(["IK5", verdict.code])
    taken = sum(1 for verdict in verdicts if verdict.code in "AE")
    body.append(["AK9", code, str(received or len(verdicts)), str(received or len(verdicts)), str(taken)])
    return [*body, ["SE", str(len(body) + 1), control]]


def claim_answer(
    batch: str, verdicts: Sequence[ClaimVerdict], status: tuple[str, ...] = ("A1", "20"), control: str = "0001"
) -> list[Segment]:
    """A 277CA about the batch with BHT03 `batch`."""
    body: list[Segment] = [
        ["ST", "277", control, "005010X214"],
        ["BHT", "0085", "08", "1", "20261005", "1030", "TH"],
        ["HL", "1", "", "20", "1"],
        ["NM1", "PR", "2", "EXAMPLE DENTAL INSURANCE", "", "", "", "", "PI", "EXDEN"],
        ["TRN", "1", "20261005001"],
        ["DTP", "050", "D8", "20261005"],
        ["DTP", "009", "D8", "20261005"],
        ["HL", "2", "1", "21", "1"],
        ["NM1", "41", "2", "RIVERBEND SCHOOL ORAL HEALTH", "", "", "", "", "46", "RBSOH01"],
        ["TRN", "2", batch],
        ["STC", list(status), "20261005", "WQ", "100.00"],
        ["HL", "3", "2", "19", "1"],
        ["NM1", "85", "2", "RIVERBEND DENTAL GROUP", "", "", "", "", "XX", "1234567893"],
    ]
    for at, verdict in enumerate(verdicts, 4):
        body += _patient(at, verdict)
    return [*body, ["SE", str(len(body) + 1), control]]


def _patient(at: int, verdict: ClaimVerdict) -> list[Segment]:
    first, *others = verdict.statuses
    more = [list(status) for status in others[:2]]
    stc: Segment = ["STC", list(first), "20261005", "U", str(verdict.charge), "", "", "", "", "", *more]
    if verdict.message:
        stc += [""] * (12 - len(stc)) + [verdict.message]
    segments: list[Segment] = [
        ["HL", str(at), "3", "PT"],
        ["NM1", "QC", "1", verdict.family, verdict.given, "", "", "", "MI", "EXM005500321"],
        ["TRN", "2", verdict.claim_id],
        stc,
    ]
    if verdict.payer_number:
        segments.append(["REF", "1K", verdict.payer_number])
    if verdict.clearinghouse_number:
        segments.append(["REF", "D9", verdict.clearinghouse_number])
    return [*segments, ["DTP", "472", "D8", "20260914"]]
