"""The alphabet of X12, said once.

An *interchange* is one file: an envelope around *segments*, each a line of meaning such as a name or a date. A segment
is a tag and its *elements*, parted by `*`; an element of several *components* is a composite, parted by `:`; `~` ends
the segment. Segments that belong together are a *loop* (2010AA: the billing provider), which has no mark of its own:
only the order says where one ends. Elements are called by position: N403 is the third of N4. A trailing empty element
is never written.

There is no escape: a delimiter inside a text would end it. So every element goes through `clean`, without exception.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import cast

from billing.claims.latin import to_latin

Element = str | tuple[str, ...]
Segment = tuple[Element, ...]  # the tag first

PLAIN = re.compile(r"[A-Z0-9!\"&'()+,\-./;?=@#$%_]+(?: [A-Z0-9!\"&'()+,\-./;?=@#$%_]+)*")

PLAIN_SEGMENT = re.compile(rf"[A-Z0-9]+(?:\*(?:{PLAIN.pattern})?)*")


class NotWritableError(ValueError):
    """A required element would be empty or malformed: the claim passed no check, or the check has a hole."""


@dataclass(frozen=True, slots=True)
class Delimiters:
    """What a receiver wants between the parts. All four differ and occur in no number, date or amount."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    segment: str = "~"

    def __post_init__(self) -> None:
        four = (self.element, self.component, self.repetition, self.segment)
        unfit = [sign for sign in four if len(sign) != 1 or sign.isalnum() or sign in " .-" or not sign.isascii()]
        if unfit or len(set(four)) != 4:
            raise ValueError(f"X12 needs four different delimiters of one sign each, not {four!r}.")


STANDARD = Delimiters()


def clean(text: str, delimiters: Delimiters = STANDARD) -> str:
    """`text` as X12 carries it: Latin capitals, one line, and a space where a delimiter (or a standard one) stood."""
    if not text or (delimiters == STANDARD and PLAIN.fullmatch(text)):  # most elements: codes, numbers, fitted text
        return text
    return " ".join(_foreign(delimiters).sub(" ", to_latin(text)).split())


def fit(text: str, limit: int) -> str:
    """`clean` text of at most `limit` signs."""
    return clean(text)[:limit].rstrip()


def required(text: str, limit: int, what: str) -> str:
    """`fit`, for an element that must not be empty. Raises NotWritableError naming `what`."""
    fitted = fit(text, limit)
    if not fitted:
        raise NotWritableError(f"{what} is empty.")
    return fitted


def day(moment: date) -> str:
    """CCYYMMDD of a local day."""
    return moment.strftime("%Y%m%d")


def amount(dollars: Decimal) -> str:
    """Dollars and cents without needless zeros, exponent or separators: 173.50 is 173.5, 0.00 is 0."""
    if dollars < 0 or dollars != round(dollars, 2):
        raise NotWritableError(f"{dollars} is no amount in dollars and cents.")
    return format(dollars.normalize(), "f")


def signed_amount(dollars: Decimal) -> str:
    """`amount` that may also be below zero: what a payer took off or gave back."""
    return f"-{amount(-dollars)}" if dollars < 0 else amount(dollars)


def digits(text: str) -> str:
    """The digits of a phone number, ZIP code or identifier."""
    return "".join(sign for sign in text if sign in "0123456789")


def encode(segment: Segment, delimiters: Delimiters = STANDARD) -> str:
    """One segment as text, its terminator included. The only encoder."""
    if delimiters == STANDARD and (plain := _plain(segment)):
        return plain
    written = [_encoded(element, delimiters) for element in segment]
    return delimiters.element.join(_without_empty_tail(written)) + delimiters.segment


def _plain(segment: Segment) -> str:
    """A segment without composites whose every element is clean already, as most are; else empty."""
    try:
        joined = "*".join(cast(tuple[str, ...], segment))
    except TypeError:  # a composite
        return ""
    whole = joined.count("*") == len(segment) - 1 and PLAIN_SEGMENT.fullmatch(joined)
    return joined.rstrip("*") + "~" if whole else ""


def _encoded(element: Element, delimiters: Delimiters) -> str:
    if isinstance(element, str):
        return clean(element, delimiters)
    return delimiters.component.join(_without_empty_tail([clean(part, delimiters) for part in element]))


def _without_empty_tail(parts: list[str]) -> list[str]:
    while parts and not parts[-1]:
        parts.pop()
    return parts


@cache
def _foreign(delimiters: Delimiters) -> re.Pattern[str]:
    signs = {"*", ":", "^", "~", delimiters.element, delimiters.component, delimiters.repetition, delimiters.segment}
    return re.compile(f"[{re.escape(''.join(sorted(signs)))}]")
