"""The envelope of an interchange: ISA/IEA around GS/GE around ST/SE, with their counts and control numbers.

The 16 elements of ISA have fixed widths, so that a receiver can read the delimiters by position. Control numbers are
the caller's: unique and rising for each receiver, taken from a locked row.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from billing.x12.segments import STANDARD, Delimiters, NotWritableError, Segment, clean, encode, fit

VERSION = "005010X224A2"


@dataclass(frozen=True, slots=True)
class Interchange:
    """One file to one receiver. `created_at` is aware and written as given: give it in the practice's zone."""

    sender_id: str  # ISA06, GS02 and the submitter of loop 1000A
    receiver_id: str  # ISA08, GS03 and the receiver of loop 1000B
    submitter_name: str
    receiver_name: str
    contact_name: str
    contact_phone: str
    control_number: int  # ISA13, at most nine digits
    group_number: int  # GS06
    batch_id: str  # BHT03: unique per submission, at most 30 signs
    created_at: datetime
    usage: Literal["T", "P"]
    contact_email: str = ""
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    set_number: str = "0001"  # ST02: 4 to 9 digits
    delimiters: Delimiters = STANDARD
    readable: bool = False  # a line break after each segment: easy on people, refused by some receivers

    def __post_init__(self) -> None:
        if not 0 < self.control_number <= 999_999_999 or not 0 < self.group_number <= 999_999_999:
            raise ValueError("Control numbers have one to nine digits.")
        if not (self.set_number.isascii() and self.set_number.isdigit() and 4 <= len(self.set_number) <= 9):
            raise ValueError("The number of a transaction set has four to nine digits.")
        if self.created_at.tzinfo is None:
            raise ValueError("An interchange is made at a moment with a time zone.")


def enclose(interchange: Interchange, body: Iterable[Segment]) -> Iterator[str]:
    """The whole file, segment by segment: `body` in its ST/SE, GS/GE and ISA/IEA. Streams; keeps nothing."""
    end = "\n" if interchange.readable else ""
    yield _isa(interchange) + end
    yield encode(_gs(interchange), interchange.delimiters) + end
    count = 0
    for count, segment in enumerate(_transaction_set(interchange, body), start=1):  # noqa: B007 - SE01 needs the last
        yield encode(segment, interchange.delimiters) + end
    se: Segment = ("SE", str(count + 1), interchange.set_number)
    ge: Segment = ("GE", "1", str(interchange.group_number))
    iea: Segment = ("IEA", "1", _nine(interchange))
    for segment in (se, ge, iea):
        yield encode(segment, interchange.delimiters) + end


def _transaction_set(interchange: Interchange, body: Iterable[Segment]) -> Iterator[Segment]:
    yield ("ST", "837", interchange.set_number, VERSION)
    yield from body


def _gs(interchange: Interchange) -> Segment:
    at = interchange.created_at
    return (
        "GS",
        "HC",  # GS01 health care claim
        fit(interchange.sender_id, 15),
        fit(interchange.receiver_id, 15),
        at.strftime("%Y%m%d"),
        at.strftime("%H%M"),
        str(interchange.group_number),
        "X",  # GS07 X12
        VERSION,
    )


def _isa(interchange: Interchange) -> str:
    """Exactly 106 signs with the terminator; padded, so it cannot go through `encode`."""
    at, delimiters = interchange.created_at, interchange.delimiters
    elements = (
        "ISA",
        "00",  # ISA01 no authorization information
        _wide("", 10),
        "00",  # ISA03 no security information
        _wide("", 10),
        _wide(interchange.sender_qualifier, 2),
        _wide(clean(interchange.sender_id, delimiters), 15),
        _wide(interchange.receiver_qualifier, 2),
        _wide(clean(interchange.receiver_id, delimiters), 15),
        at.strftime("%y%m%d"),
        at.strftime("%H%M"),
        delimiters.repetition,  # ISA11
        "00501",
        _nine(interchange),
        "0",  # ISA14 no TA1 asked for
        interchange.usage,
        delimiters.component,  # ISA16
    )
    return delimiters.element.join(elements) + delimiters.segment


def _nine(interchange: Interchange) -> str:
    return f"{interchange.control_number:09d}"


def _wide(text: str, width: int) -> str:
    if len(text) > width:
        raise NotWritableError(f"{text!r} is longer than the {width} signs that ISA has for it.")
    return text.ljust(width)
