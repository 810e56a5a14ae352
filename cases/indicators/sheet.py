"""The indicators of one school year as a file for the state: all schools, each school, each grade; small numbers hidden. Pure.

A school and a grade stand there as two divisions of the same whole and never crossed: a grade of one school is few
children. One file a year, over every school of the practice: two files cut in two ways would give away what each hides.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cases.indicators.figures import Group, Result
from cases.indicators.small import LEAST, hidden_parts, whole_is_hidden
from cases.models.indicator import IndicatorKey as Key

HIDDEN = "hidden"
DECAY = (Key.UNTREATED, Key.TREATED, Key.EXPERIENCE)  # the third follows from the two others
HEAD = (
    "School year", "Part", "Name", "On the lists", "Screened, of those", "Participation, %", "Children counted", "Indicator", "Value",
    "Number", "Of", "Percent", "Without a value", "Not applicable",
)  # fmt: skip
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the file is made of; `schools` and `grades` each add up to `whole`."""

    year: int
    whole: Group
    schools: Sequence[Group]
    grades: Sequence[Group]

    @property
    def parts(self) -> list[tuple[str, Group]]:
        named = [("School", self.schools), ("Grade", self.grades)]
        return [("All schools", self.whole), *((what, one) for what, some in named for one in some)]


def lines(sheet: Sheet) -> Iterator[Row]:
    """Heading, a row for each part, indicator and value, and what to know about it."""
    yield HEAD
    decay = _hidden(sheet, _of_decay)
    taken = {
        key: decay if key in DECAY else _hidden(sheet, lambda one, key=key: one.results[key].numbers)  # type: ignore[misc]
        for key in sheet.whole.results
    }
    apart = _hidden(sheet, _took_part)
    for at, (what, one) in enumerate(sheet.parts):
        for key, result in one.results.items():
            yield from _of_one(sheet.year, what, one, result, at in apart, at in taken[key])
    yield from _notes(len(apart) + sum(map(len, taken.values())))


def _took_part(one: Group) -> tuple[int, ...]:
    """How many were seen, and of each indicator how many of them it says something of: what is left is without a value."""
    told = [(result.of, result.without, result.not_applicable) for result in one.results.values()]
    untreated, treated, either = (one.results[key].of for key in DECAY)
    known = untreated + treated - either  # a yes or a no on both, or a no on one
    return (
        one.expected, one.screened_of_expected, one.screened, known, one.screened - known,
        *(number for three in told for number in three),
    )  # fmt: skip


def _of_decay(one: Group) -> tuple[int, ...]:
    """The smallest numbers of children that follow from the three indicators of decay told side by side; whatever else can be
    worked out is a sum of these. Somebody with untreated or with treated decay is one of those with experience."""
    (untreated, sound), (treated, unfilled), (either, neither) = (one.results[key].numbers for key in DECAY)
    return (
        neither, either - untreated, either - treated, untreated + treated - either, sound - neither, unfilled - neither
    )  # fmt: skip


def _hidden(sheet: Sheet, numbers: Callable[[Group], tuple[int, ...]]) -> frozenset[int]:
    """The places in `parts` of what is not told of one subject."""
    whole, found, at = numbers(sheet.whole), set[int](), 1
    for some in (sheet.schools, sheet.grades):
        parts = [numbers(one) for one in some]
        found |= {at + place for place in hidden_parts(parts)}
        if whole_is_hidden(parts, whole):
            found.add(0)
        at += len(parts)
    return frozenset(found)


def _of_one(year: int, what: str, one: Group, result: Result, apart: bool, taken: bool) -> Iterator[Row]:
    """Of a part that is `apart` nothing is told that adds up to those whom an indicator says something of: where the whole has
    nobody without a value of one, that is how many were seen, and beside the next it tells who has none of that. Who has no value is told
    of neither kind of part: beside those who were seen that is of how many the hidden number is."""
    counted = [HIDDEN] * 4 if apart else [
        str(one.expected), str(one.screened_of_expected), _bare(one.participation), str(one.screened),
    ]  # fmt: skip
    left = [HIDDEN] * 2 if apart or taken else [str(result.without), str(result.not_applicable)]
    for told in result.told:
        number = HIDDEN if taken or (apart and result.tells_all) else str(told.number)
        of = [HIDDEN] * 2 if taken or apart else [str(told.of), _bare(told.percent)]
        yield (named(year), what, one.label, *counted, result.label, told.value, number, *of, *left)


def _bare(percent: str) -> str:
    return percent.removesuffix(" %").replace("–", "")


def named(year: int) -> str:
    """2026 is "2026-2027"."""
    return f"{year}-{year + 1}"


def _notes(hidden: int) -> Iterator[Row]:
    yield ("",)
    told = f"Numbers of 1 to {LEAST - 1} children are hidden, and with each the next smallest part or the whole, so that nobody"
    yield ("Note", f"{told} can work it out. Hidden here: {hidden} results of parts.")
    yield ("Note", "Participation: children screened, of the children on the lists of school days that were held.")
    yield (
        "Note",
        "Counted: children seen whose family agrees to the screening, each once a school year by her newest screening.",
    )
    yield (
        "Note",
        "As the hygienist saw it in the mouth on that day; a dentist's reading of the pictures is not in here.",
    )
