"""How a new row takes the place of those that stand, without a word of them being written over.

The row that holds on the new one's first day ends on the day before; one that began on that very day never held, and is
set aside. Rows that begin later stand: the new one has to end before them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """One row that stands, with its first and last day; both belong to it, no last day is until further notice."""

    row: int
    first: date
    last: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Superseding:
    """What becomes of the rows that stand. With a `clash` nothing is changed."""

    gives_way: Span | None = None  # the row that holds on the first day
    ends_on: date | None = None  # its new last day; None: it is set aside
    unknown_from: date | None = None  # a day that it held and nobody holds any more: the new row ends before it did
    clash: Span | None = None  # the first row that begins while the new one would still hold


def supersede(standing: Iterable[Span], first: date, last: date | None) -> Superseding:
    """What a new row from `first` to `last` (None: until further notice) does to these, no two of which share a day."""
    rows = sorted(standing, key=lambda one: one.first)
    clash = next((one for one in rows if one.first > first and (last is None or one.first <= last)), None)
    if clash is not None:
        return Superseding(clash=clash)
    holds = next((one for one in rows if one.holds_on(first)), None)
    if holds is None:
        return Superseding()
    longer = last is not None and (holds.last is None or holds.last > last)
    return Superseding(
        gives_way=holds,
        ends_on=first - timedelta(days=1) if holds.first < first else None,
        unknown_from=last + timedelta(days=1) if longer and last is not None and last < date.max else None,
    )
