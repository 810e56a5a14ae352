"""A paper remittance as a person types it: adjustments in one line, sums that have to come out. Pure.

"CO-45 12.00, PR-1 5.00" is what most sheets print, and the quickest to type; the same amounts must balance at the three
heights of `billing.x12.r835`. By how much they do not is said in words.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from billing.x12.elements import ZERO
from billing.x12.r835 import Adjustment, ClaimPayment, Line, ProviderAdjustment

_AMOUNT = r"(-?[0-9]{1,8}(?:\.[0-9]{1,2})?)"
_ADJUSTMENT = re.compile(rf"(CO|PR|OA|PI|CR)\s*-?\s*([A-Z]?[0-9]{{1,3}})\s*[:=]?\s+\$?{_AMOUNT}")
_OTHER = re.compile(rf"([A-Z0-9]{{2}})\s*[:=]?\s+\$?{_AMOUNT}")
_REMARK = re.compile(r"(M|MA|N)[0-9]{1,3}")
_BETWEEN = re.compile(r"[,;\n]")
MOST = 20  # adjustments or remarks of one line


class NotReadable(ValueError):
    """What was typed is no list of adjustments or remarks. `sentence` says how it is written."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def adjustments_in(text: str) -> list[Adjustment]:
    """ "CO-45 12.00, PR-1 5.00" as adjustments; nothing for nothing. Raises NotReadable."""
    return [Adjustment(group, reason, _cents(amount)) for group, reason, amount in _each(text, _ADJUSTMENT, _HOW)]


def others_in(text: str) -> list[ProviderAdjustment]:
    """ "WO 10.00": money of no claim, lessening the check. Raises NotReadable."""
    return [ProviderAdjustment(reason, "", _cents(amount)) for reason, amount in _each(text, _OTHER, _HOW_OTHER)]


def remarks_in(text: str) -> list[str]:
    """ "N362 MA01" as codes. Raises NotReadable."""
    codes = [one for one in re.split(r"[\s,;]+", text.strip().upper()) if one]
    if len(codes) > MOST or not all(_REMARK.fullmatch(one) for one in codes):
        raise NotReadable("Write remark codes as N362 MA01, up to twenty.")
    return codes


_HOW = "Write each as group, code and amount, with commas between: CO-45 12.00, PR-1 5.00."
_HOW_OTHER = "Write each as its two signs and the amount, with commas between: WO 10.00."


def _each(text: str, shape: re.Pattern[str], how: str) -> list[tuple[str, ...]]:
    parts = [one.strip() for one in _BETWEEN.split(text.upper()) if one.strip()]
    found = [shape.fullmatch(one) for one in parts]
    if len(found) > MOST or not all(found):
        raise NotReadable(how)
    return [one.groups() for one in found if one]


def _cents(amount: str) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.01"))


def line_fault(line: Line) -> str:
    """By how much a line does not come out; empty when it does."""
    if not line.out_by:
        return ""
    left = line.charge - sum((one.amount for one in line.adjustments), ZERO)
    return f"Out by {line.out_by:.2f}: the charge less what was taken off is {left:.2f}, and {line.paid:.2f} is typed as paid."


def check_fault(amount: Decimal, claims: Sequence[ClaimPayment], others: Sequence[ProviderAdjustment]) -> str:
    """By how much the check does not come out; empty when it does."""
    paid, taken = sum((one.paid for one in claims), ZERO), sum((one.amount for one in others), ZERO)
    out_by = amount - (paid - taken)
    if not out_by:
        return ""
    less = f" less {taken:.2f} of no claim" if taken else ""
    return f"Out by {out_by:.2f}: the claims come to {paid:.2f}{less}, and the check says {amount:.2f}."
