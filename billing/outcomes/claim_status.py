"""The claim's status follows its lines (CL-9)."""

from collections.abc import Collection
from decimal import Decimal

from billing.outcomes.classify import DONE, Outcome


def move_after(outcomes: Collection[Outcome], *, paid: Decimal, lines: int) -> str:
    """The name of the move in `billing.states` that a claim makes once its answers are posted.

    `outcomes` are those of the lines that are answered, `lines` counts all. A line that nobody answered is something
    left to pursue.
    """
    if not outcomes:
        return "take_back"
    done = all(outcome in DONE for outcome in outcomes) and len(outcomes) == lines
    if done:
        return "close_at_zero" if all(outcome == Outcome.EXPECTED_ZERO for outcome in outcomes) else "pay"
    return "pay_in_part" if paid > 0 or any(outcome == Outcome.PAID for outcome in outcomes) else "deny"
