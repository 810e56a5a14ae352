"""What stands in an element, read back: money, days, composites. What is no value is said, never guessed."""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from billing.x12.arriving import BLANKS, BrokenEdiError, element

NUMBER = re.compile(r"[+-]?([0-9]{1,15}(\.[0-9]{0,15})?|\.[0-9]{1,15})")
DAY = re.compile(r"[0-9]{8}")
ZERO = Decimal("0.00")
CENT = Decimal("0.01")


def money(number: int, segment: list[str], position: int) -> Decimal:
    """Dollars and cents; an empty element is 0.00. Raises BrokenEdiError on anything but a number of whole cents."""
    written = element(segment, position)
    if (amount := _whole_cents(written) if len(written) < 32 else None) is None:
        raise BrokenEdiError(number, f"{segment[0]}{position:02d} is no amount in dollars and cents: {written[:20]!r}.")
    return amount


@lru_cache(maxsize=4096)  # fees and what is paid for them come again and again
def _whole_cents(written: str) -> Decimal | None:
    if not written:
        return ZERO
    if NUMBER.fullmatch(written):
        amount = Decimal(written)
        if amount == amount.quantize(CENT):
            return amount.quantize(CENT) + ZERO  # no negative zero
    return None


def quantity(segment: list[str], position: int) -> Decimal | None:
    """A count, or None where there is none or what stands there is no number: nothing is posted by it."""
    written = element(segment, position)
    return _number(written) if written and len(written) < 32 else None


@lru_cache(maxsize=256)
def _number(written: str) -> Decimal | None:
    return Decimal(written) if NUMBER.fullmatch(written) else None


def day(written: str) -> date | None:
    """CCYYMMDD, or the first day of CCYYMMDD-CCYYMMDD; None where it is empty or no day: files carry both."""
    return _day(written[:8])


@lru_cache(maxsize=4096)
def _day(written: str) -> date | None:
    if not DAY.fullmatch(written):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def parts(segment: list[str], position: int, component: str) -> list[str]:
    """The components of a composite element."""
    return [part.strip(BLANKS) for part in element(segment, position).split(component)]


def name(segment: list[str]) -> str:
    """NM1: given and family name as a person would say them, or the one name of an organisation."""
    given, family = element(segment, 4), element(segment, 3)
    return f"{given} {family}".strip()
