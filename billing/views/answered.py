"""How a claim's page tells what the payer answered: each line with its outcome and next step, and what arrived when."""

from dataclasses import dataclass

from billing.code_meanings import meanings_for
from billing.models import Acknowledgement, Claim, ClaimPayment, LineOutcome
from billing.outcomes.classify import DONE, LABELS, STEP_LABELS, Outcome, Step
from billing.outcomes.meanings import Meanings
from teledent.kit import clock

CHIPS = {True: ("ok", "circle-check"), False: ("wait", "circle-x")}


@dataclass(frozen=True, slots=True)
class Reason:
    """A code as it came, and our words for it where we have some."""

    code: str
    said: str


@dataclass(frozen=True, slots=True)
class LineAnswer:
    row: LineOutcome
    word: str
    kind: str
    icon: str
    step: str
    reasons: list[Reason]


@dataclass(frozen=True, slots=True)
class Answered:
    lines: list[LineAnswer]
    payments: list[ClaimPayment]
    acknowledgements: list[Acknowledgement]

    def __bool__(self) -> bool:
        return bool(self.payments or self.acknowledgements)


def answered_of(claim: Claim) -> Answered:
    """Four queries, whatever came."""
    rows = LineOutcome.objects.filter(claim=claim).select_related("line").order_by("line__number")
    payments = (
        ClaimPayment.objects.filter(claim=claim)
        .select_related("remittance__payer", "posted_by")
        .order_by("posted_at", "pk")
    )
    acknowledgements = Acknowledgement.objects.filter(claim=claim).select_related("part__file")
    outcomes = list(rows)
    meanings = meanings_for(claim.practice_id, (code for row in outcomes for code in row.codes))
    lines = [_line(row, meanings, zone=claim.case.site.time_zone) for row in outcomes]
    return Answered(lines, list(payments), list(acknowledgements))


def _line(row: LineOutcome, meanings: Meanings, *, zone: str) -> LineAnswer:
    outcome, day = Outcome(row.outcome), clock.local_date(row.at, zone)
    reasons = [Reason(code, meanings.said(code, day)) for code in dict.fromkeys(row.codes)]
    return LineAnswer(row, LABELS[outcome], *CHIPS[outcome in DONE], STEP_LABELS[Step(row.step)], reasons)
