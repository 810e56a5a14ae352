"""Which line of ours a judged line is about, and whether a claim may be posted by itself. Pure.

Our own control number decides first (REF*6R); without it a line fits by code, day and charge, and only when nothing else
fits as well. What fits twice or nowhere is a person's to decide: money on the wrong line hides a denial.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby


@dataclass(frozen=True, slots=True)
class OurLine:
    number: int
    control_number: str
    code: str
    service_date: date
    charge: Decimal


@dataclass(frozen=True, slots=True)
class TheirLine:
    """SVC, as judged. In a reversal charge and paid are negative."""

    control_number: str
    code: str  # as billed: SVC06 where the payer changed it, else SVC01
    service_date: date | None
    charge: Decimal
    judged: tuple[object, ...] = ()  # what was decided of it: equal when two lines fared alike


def match_lines(theirs: Sequence[TheirLine], ours: Sequence[OurLine]) -> tuple[int, ...] | None:
    """For each of `theirs` the number of our line, or None when they fit in more than one way or not at all.

    Several of theirs may be one line of ours that was split: then their charges add up to its charge.
    """
    found: list[int | None] = [_by_control_number(line, ours) for line in theirs]
    named = {number for number in found if number is not None}
    for places, candidates in _alike(theirs, found, [line for line in ours if line.number not in named]):
        if len(places) != len(candidates) or len({theirs[place].judged for place in places}) > 1 < len(places):
            return None
        for place, line in zip(places, candidates, strict=True):
            found[place] = line.number
    numbers = tuple(number for number in found if number is not None)
    return numbers if len(numbers) == len(theirs) and _charges_agree(theirs, numbers, ours) else None


def _by_control_number(line: TheirLine, ours: Sequence[OurLine]) -> int | None:
    if not line.control_number:
        return None
    return next((one.number for one in ours if one.control_number == line.control_number), None)


def _alike(
    theirs: Sequence[TheirLine], found: Sequence[int | None], free: Sequence[OurLine]
) -> list[tuple[list[int], list[OurLine]]]:
    """Lines without a number of ours, those that look alike together, each with all of ours that they could be."""
    open_places = [place for place, number in enumerate(found) if number is None]

    def look(place: int) -> tuple[str, Decimal]:
        return theirs[place].code, abs(theirs[place].charge)

    groups = groupby(sorted(open_places, key=look), key=look)
    return [(places, _fitting(theirs[places[0]], free)) for places in (list(group) for _, group in groups)]


def _fitting(line: TheirLine, free: Sequence[OurLine]) -> list[OurLine]:
    return [
        one
        for one in free
        if one.code == line.code and one.charge == abs(line.charge) and line.service_date in (None, one.service_date)
    ]


def _charges_agree(theirs: Sequence[TheirLine], numbers: Sequence[int], ours: Sequence[OurLine]) -> bool:
    billed = {line.number: line.charge for line in ours}
    judged: dict[int, Decimal] = {}
    for line, number in zip(theirs, numbers, strict=True):
        judged[number] = judged.get(number, Decimal(0)) + abs(line.charge)
    return all(billed[number] == charge for number, charge in judged.items())


def apportion(amount: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """`amount` in whole cents over `weights`; the parts add up to it exactly. Equal parts where all weights are zero.

    Used where a payer judged a claim as a whole: each line bears by its charge.
    """
    if not weights:
        raise ValueError("There is nothing to apportion over.")
    total = sum(weights, Decimal(0))
    shares = list(weights) if total else [Decimal(1)] * len(weights)
    total = total or Decimal(len(weights))
    cents = int(amount * 100)
    exact = [Decimal(cents) * share / total for share in shares]
    whole = [int(part) for part in exact]  # towards zero
    left = cents - sum(whole)
    sign = 1 if left >= 0 else -1
    by_remainder = sorted(range(len(exact)), key=lambda at: (-abs(exact[at] - whole[at]), at))
    for at in by_remainder[: abs(left)]:
        whole[at] += sign
    return tuple(Decimal(part) / 100 for part in whole)
