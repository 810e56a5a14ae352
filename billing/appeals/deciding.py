"""Whether an answer is one to appeal at all, and what may have been recovered since. Pure."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from billing.outcomes.classify import DONE, STEP_LABELS, ZERO, Outcome, Step
from billing.outcomes.reasons import UNPROCESSABLE_REMARKS

NOT_HEARD = UNPROCESSABLE_REMARKS | {"N704"}  # the payer says itself: no appeal, send a new claim


def why_not(outcome: Outcome, codes: Collection[str]) -> str:
    """Why a line with this outcome is not appealed; empty where it may be."""
    if outcome in DONE:
        return "It was answered as expected: there is nothing to appeal."
    if NOT_HEARD.intersection(codes):
        return "The payer did not judge it and hears no appeal: send a new claim, before the filing limit."
    return ""


def advice(outcome: Outcome, step: Step) -> str:
    """What is nearer at hand than an appeal, where something is."""
    if step == Step.APPEAL or outcome in DONE:
        return ""
    if outcome == Outcome.AUTHORISATION and step == Step.CORRECT:
        return "If the payer has authorised it, or does so now, record its number and correct the claim: the correction bears it."
    return f"{STEP_LABELS[step]} comes first for this answer; appeal when that is done or cannot be."


def recovered(
    payments: Iterable[tuple[datetime, Decimal]], *, sent_at: datetime | None, until: datetime | None = None
) -> Decimal:
    """Dollars paid after an appeal was sent, reversals taken off, up to when the next level was sent. Worked out of
    what was posted, never typed."""
    if sent_at is None:
        return ZERO
    later = (paid for at, paid in payments if at > sent_at and (until is None or at <= until))
    return sum(later, ZERO)


def first_reason(outcomes: Sequence[tuple[Outcome, Decimal]]) -> Outcome:
    """The outcome that stands for the appeal: the one with the most money behind it, the first of equals."""
    return max(outcomes, key=lambda one: one[1])[0]
