"""What a payer would pay for planned care, line by line, and whether that is a yes or a no.

The answer comes as a remittance without money (CLP02 25): what would be paid once the care is given stands among the
adjustments under reason 101, the patient's share in the group PR, as in a payment. So a line that balances says all.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from billing.outcomes.classify import ZERO, Answer
from billing.outcomes.reasons import PATIENT, SPLITS

LARGEST = Decimal("99999999.99")
FORESEEN = frozenset({"101"})  # CARC: foreseen once the service is done


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One line of the request as the payer would judge it. Dollars for all units."""

    units: int  # that it would take; 0: not this one
    would_pay: Decimal
    patient_share: Decimal
    allowed: Decimal
    codes: tuple[str, ...] = ()  # groups with reasons, and remarks, of a line that it would not take
    in_part: bool = False  # of several units some, and nobody says how many: `units` is not to be relied on


def foresee(answer: Answer, *, units: int) -> Foreseen | None:
    """The line's answer in words of money; None where its amounts do not add up to the charge, or make no sense."""
    would_pay = answer.paid + sum((one.amount for one in answer.adjustments if one.reason in FORESEEN), ZERO)
    others = tuple(one for one in answer.adjustments if one.reason not in FORESEEN)
    judged = replace(answer, paid=would_pay, adjustments=others)
    taken_off = sum((one.amount for one in others), ZERO)
    balances = answer.charge == would_pay + taken_off
    if not balances or min(would_pay, judged.patient_share, judged.plan_allows) < ZERO or judged.plan_allows > LARGEST:
        return None
    if would_pay > LARGEST or judged.patient_share > LARGEST:
        return None
    nothing = not would_pay and not judged.patient_share and bool(answer.charge)
    refused = not would_pay and (bool(judged.refused) or nothing)
    codes = (*(f"{one.group}-{one.reason}" for one in others), *answer.remarks) if refused else ()
    in_part = units > 1 and bool(judged.refused) and bool(would_pay or _shared(judged))
    return Foreseen(0 if refused else units, would_pay, judged.patient_share, judged.plan_allows, codes, in_part)


def _shared(judged: Answer) -> Decimal:
    """What of the price the patient bears by the split of it: of what was taken."""
    split = (one.amount for one in judged.adjustments if one.group == PATIENT and one.reason in SPLITS)
    return sum(split, ZERO)


def is_yes(lines: Iterable[Foreseen]) -> bool:
    """Whether the payer would take any line at all."""
    return any(one.units for one in lines)


def why_not(lines: Iterable[Foreseen]) -> str:
    """The reasons of a no, bare codes in the order in which they came."""
    return (
        ", ".join(dict.fromkeys(code for one in lines for code in one.codes))
        or "nothing would be paid, no reason given"
    )
