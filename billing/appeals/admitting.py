"""What may be put before the payer (CL-10): records that are older than its denial, numbered as exhibits. Pure.

A record counts from the instant at which it was kept here or signed, never from a time that a file or a person says of
it. The payer's own answer is no evidence: it is what the appeal is about, and stands among the exhibits as such.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Place(IntEnum):
    """The order of exhibits: some payers take nothing but the first."""

    RECORD = 1
    ADDENDUM = 2
    PICTURE = 3
    ANSWER = 4
    FILING = 5
    AUTHORISATION = 6


@dataclass(frozen=True, slots=True)
class Record:
    """Something that was kept. `recorded_at` is aware; `sha256` in hex, of its content or its bytes."""

    key: str
    place: Place
    title: str
    recorded_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class Exhibit:
    number: int
    record: Record


def admissible(records: Iterable[Record], denied_on: datetime) -> tuple[Record, ...]:
    """Those that were kept before the instant `denied_on`, in their order. What was kept at it or later is refused.

    Raises ValueError for a time without a zone: one that may mean two instants proves nothing.
    """
    if denied_on.tzinfo is None:
        raise ValueError("The time of the denial has no zone.")
    return tuple(one for one in records if _aware(one) < denied_on)


def too_late(records: Iterable[Record], denied_on: datetime) -> tuple[Record, ...]:
    """Those that `admissible` refuses."""
    every = tuple(records)
    taken = {one.key for one in admissible(every, denied_on)}
    return tuple(one for one in every if one.key not in taken)


def exhibits(records: Iterable[Record], answer: Record, denied_on: datetime) -> tuple[Exhibit, ...]:
    """The admissible records and the answer that is appealed, numbered from 1 in the order of their places, the older
    first. Those of one instant keep the order in which they were given."""
    evidence = (one for one in admissible(records, denied_on) if one.place != Place.ANSWER)
    ordered = sorted((*evidence, answer), key=lambda one: (one.place, one.recorded_at))
    return tuple(Exhibit(number, one) for number, one in enumerate(ordered, start=1))


def _aware(record: Record) -> datetime:
    if record.recorded_at.tzinfo is None:
        raise ValueError(f"The time of {record.key} has no zone.")
    return record.recorded_at
