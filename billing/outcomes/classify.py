"""One line of a claim after all its answers: which outcome, by how much short, and the next step (CL-9).

`Answer` is what stands after reversals and corrections are added up; `Terms` is what the practice knows of the payer for
this code on this day. Nothing is guessed: what no schedule says is not judged underpaid, what no rule calls included is
not closed at zero, and the patient is billed only for her share and only where that is known to be allowed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from billing.outcomes import reasons

ZERO = Decimal("0.00")
TOLERANCE = Decimal("0.01")  # dollars: payers round shares


class Outcome(StrEnum):
    PAID = "paid"
    UNDERPAID = "underpaid"
    EXPECTED_ZERO = "expected_zero"
    DOCUMENTS = "documents"
    FREQUENCY = "frequency"
    DIAGNOSIS = "diagnosis"
    AUTHORISATION = "authorisation"
    NOT_COVERED = "not_covered"
    ADDON_ALONE = "addon_alone"
    DUPLICATE = "duplicate"
    ELIGIBILITY = "eligibility"
    FILING_LIMIT = "filing_limit"
    OTHER = "other"


class Step(StrEnum):
    CLOSE = "close"
    BILL_PATIENT = "bill_patient"
    ATTACH = "attach"
    CORRECT = "correct"
    RESUBMIT = "resubmit"
    APPEAL = "appeal"
    LOOK = "look"  # a person reads the answer first: sending again blindly would make it worse


DONE = frozenset({Outcome.PAID, Outcome.EXPECTED_ZERO})

LABELS = {
    Outcome.PAID: "Paid as expected",
    Outcome.UNDERPAID: "Underpaid",
    Outcome.EXPECTED_ZERO: "Zero, as expected",
    Outcome.DOCUMENTS: "Documents missing",
    Outcome.FREQUENCY: "Too often for the plan",
    Outcome.DIAGNOSIS: "Diagnosis does not fit",
    Outcome.AUTHORISATION: "Authorisation missing",
    Outcome.NOT_COVERED: "Not covered",
    Outcome.ADDON_ALONE: "Add-on without its service",
    Outcome.DUPLICATE: "Seen before",
    Outcome.ELIGIBILITY: "Coverage",
    Outcome.FILING_LIMIT: "Filed too late",
    Outcome.OTHER: "Another reason",
}
STEP_LABELS = {
    Step.CLOSE: "Nothing to do",
    Step.BILL_PATIENT: "Bill the patient's share",
    Step.ATTACH: "Send what is missing",
    Step.CORRECT: "Correct and send again",
    Step.RESUBMIT: "Send a new claim",
    Step.APPEAL: "Appeal",
    Step.LOOK: "Read the answer first",
}


@dataclass(frozen=True, slots=True)
class Adjustment:
    group: str
    reason: str  # CARC
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands for one line. Dollars; `allowed` as the payer says it, None where it does not."""

    charge: Decimal
    paid: Decimal
    adjustments: tuple[Adjustment, ...] = ()  # the line's own, and its share of the claim's
    remarks: tuple[str, ...] = ()  # RARC of line and claim
    allowed: Decimal | None = None

    @property
    def patient_share(self) -> Decimal:
        return sum((one.amount for one in self.adjustments if one.group == reasons.PATIENT), ZERO)

    @property
    def plan_allows(self) -> Decimal:
        """What the plan takes as the price: as it says, else what it paid and laid on the patient."""
        return self.paid + self.patient_share if self.allowed is None else self.allowed

    @property
    def elsewhere(self) -> Decimal:
        """What the payer says is borne by somebody else: by an earlier payer, or by a sum for each head (capitation)."""
        return sum((one.amount for one in self.adjustments if one.reason in reasons.ELSEWHERE), ZERO)

    @property
    def comes_to(self) -> Decimal:
        """What a schedule is held against: a price that the plan does not say itself is also what others bear of it."""
        return self.plan_allows + (self.elsewhere if self.allowed is None else ZERO)

    @property
    def refused(self) -> tuple[Adjustment, ...]:
        """Adjustments that are more than a split of the price."""
        return tuple(one for one in self.adjustments if one.reason not in reasons.SPLITS and one.amount)

    def has(self, codes: frozenset[str]) -> bool:
        return any(one.reason in codes for one in self.refused)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is known of the payer for one code on one day. The defaults are "not known"."""

    included: bool = False  # its rule says that the code is part of another service: zero is right
    patient_billable: bool = False  # only where somebody established it, and never for a child in Medicaid
    expected: Decimal | None = None  # allowed amount for the whole quantity, at most what was charged
    schedule: str = ""  # where `expected` comes from, in words


@dataclass(frozen=True, slots=True)
class Judgement:
    outcome: Outcome
    step: Step
    short_by: Decimal = ZERO  # dollars, of a line that was paid in part


def judge(answer: Answer, terms: Terms) -> Judgement:
    """The outcome of one line and the step that follows from it. A reason that is more than a split of the price decides,
    also where part of the line was paid."""
    if reasons.ADDON_ALONE_REMARKS.intersection(answer.remarks):
        return Judgement(Outcome.ADDON_ALONE, Step.CORRECT)
    if not answer.refused or _as_scheduled(answer, terms):
        return _paid(answer, terms)
    if answer.paid == ZERO and answer.has(reasons.INCLUDED) and terms.included:
        return Judgement(Outcome.EXPECTED_ZERO, Step.CLOSE)
    outcome = next((outcome for outcome, found in _DENIALS if found(answer)), Outcome.OTHER)
    refused = sum((one.amount for one in answer.refused if one.group != reasons.PATIENT), ZERO)
    return Judgement(outcome, _step_after(outcome, answer, terms), refused if answer.paid else ZERO)


def _as_scheduled(answer: Answer, terms: Terms) -> bool:
    """Something was paid, and with the patient's share it comes to what the schedule allows, whatever the reason says."""
    return bool(answer.paid) and terms.expected is not None and answer.comes_to >= terms.expected - TOLERANCE


def _paid(answer: Answer, terms: Terms) -> Judgement:
    if answer.charge == ZERO and answer.paid == ZERO:
        return Judgement(Outcome.EXPECTED_ZERO, Step.CLOSE)  # a line without a fee is owed nothing
    if short_by := _short_by(answer, terms):
        return Judgement(Outcome.UNDERPAID, Step.APPEAL, short_by)
    if answer.paid == ZERO and answer.patient_share == ZERO:
        known = terms.expected == ZERO or terms.included
        return Judgement(Outcome.EXPECTED_ZERO, Step.CLOSE) if known else Judgement(Outcome.OTHER, Step.LOOK)
    to_bill = answer.patient_share > ZERO and terms.patient_billable
    return Judgement(Outcome.PAID, Step.BILL_PATIENT if to_bill else Step.CLOSE)


def _short_by(answer: Answer, terms: Terms) -> Decimal:
    """Dollars that the plan owes by the schedule, or by its own word of what it allows; 0.00 within a cent."""
    against_schedule = (terms.expected - answer.comes_to) if terms.expected is not None else ZERO
    unsaid = answer.plan_allows - answer.paid - answer.patient_share - answer.elsewhere
    short = max(against_schedule, unsaid)
    return short if short > TOLERANCE else ZERO


def _unprocessable(answer: Answer) -> bool:
    return bool(reasons.UNPROCESSABLE_REMARKS.intersection(answer.remarks))


def _has(codes: frozenset[str]) -> Callable[[Answer], bool]:
    return lambda answer: answer.has(codes)


def _diagnosis(answer: Answer) -> bool:
    return answer.has(reasons.DIAGNOSIS) or bool(reasons.DIAGNOSIS_REMARKS.intersection(answer.remarks))


# The first that fits, from what explains most to what explains least: a duplicate lacks no documents.
_DENIALS: tuple[tuple[Outcome, Callable[[Answer], bool]], ...] = (
    (Outcome.DUPLICATE, _has(reasons.DUPLICATE)),
    (Outcome.FILING_LIMIT, _has(reasons.FILING_LIMIT)),
    (Outcome.ELIGIBILITY, _has(reasons.ELIGIBILITY)),
    (Outcome.ADDON_ALONE, _has(reasons.ADDON_ALONE)),
    (Outcome.AUTHORISATION, _has(reasons.AUTHORISATION)),
    (Outcome.DIAGNOSIS, _diagnosis),
    (Outcome.DOCUMENTS, _has(reasons.DOCUMENTS)),
    (Outcome.FREQUENCY, _has(reasons.FREQUENCY)),
    (Outcome.NOT_COVERED, _has(reasons.NOT_COVERED)),
)

_STEPS = {
    Outcome.DUPLICATE: Step.LOOK,
    Outcome.FILING_LIMIT: Step.APPEAL,
    Outcome.ELIGIBILITY: Step.CORRECT,
    Outcome.ADDON_ALONE: Step.CORRECT,
    Outcome.AUTHORISATION: Step.CORRECT,
    Outcome.DIAGNOSIS: Step.CORRECT,
    Outcome.DOCUMENTS: Step.ATTACH,
    Outcome.FREQUENCY: Step.APPEAL,
    Outcome.NOT_COVERED: Step.CLOSE,
    Outcome.OTHER: Step.LOOK,
}


def _step_after(outcome: Outcome, answer: Answer, terms: Terms) -> Step:
    if _unprocessable(answer):
        return Step.RESUBMIT
    if outcome == Outcome.NOT_COVERED and answer.has(reasons.PLACE):
        return Step.CORRECT
    on_patient = answer.patient_share > ZERO and terms.patient_billable
    if on_patient and outcome in (Outcome.NOT_COVERED, Outcome.FREQUENCY):
        return Step.BILL_PATIENT
    return _STEPS[outcome]
