"""The indicators of many children: by school, grade and school year, how many have each, of how many. Pure.

A child counts once a school year: by her newest screening that stands. Who was seen without consent to the screening in
force that day, or whose family took it back since, is counted as left out and no value of hers is used.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cases.events.standing import Answer
from cases.indicators.computing import RESULTS
from cases.models.indicator import IndicatorKey, IndicatorValue
from teledent.kit.bars import share_of

NO_VALUES: Mapping[str, str] = {}
SHORT = {
    IndicatorValue.YES: "Yes", IndicatorValue.URGENT: "Urgent", IndicatorValue.EARLY: "Early",
    IndicatorValue.NO_PROBLEM: "No obvious problem seen",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Child:
    """One child in one school year. `school` is the key of its site; `values` those that her signed screening holds."""

    year: int
    school: int
    grade: str
    expected: bool  # on the list of a school day that was not called off
    screened: bool
    left_out: bool  # seen, and not counted for want of consent
    values: Mapping[str, str]


def may_be_counted(answers: Sequence[Answer], day_seen: date) -> bool:
    """`answers` on the screening, the oldest first: in force on the day seen, and the newest is no refusal since."""
    then = [one for one in answers if one.valid_from <= day_seen]
    return bool(then) and then[-1].in_force(day_seen) and not answers[-1].is_no


@dataclass(frozen=True, slots=True)
class Result:
    """One indicator over a group: children by value that is a result, those without a value, those it does not apply to."""

    key: str
    numbers: tuple[int, ...]  # in the order of RESULTS
    without: int
    not_applicable: int

    @property
    def label(self) -> str:
        return IndicatorKey(self.key).label

    @property
    def of(self) -> int:
        return sum(self.numbers)

    @property
    def tells_all(self) -> bool:
        """Whether what is told of it adds up to `of`."""
        return len(self.told) == len(self.numbers)

    def number(self, value: str) -> int:
        return self.numbers[RESULTS[self.key].index(IndicatorValue(value))]

    def share(self, value: str) -> Decimal | None:
        return share_of(self.number(value), self.of)

    @property
    def told(self) -> list["Told"]:
        """What is shown of it: that it is there, or each degree of urgency; that it was not seen is the rest."""
        return [
            Told(SHORT[value], self.number(value), self.of, self.share(value))
            for value in RESULTS[self.key] if value != IndicatorValue.NO
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One number of a result, of how many, and its share."""

    value: str
    number: int
    of: int
    share: Decimal | None

    @property
    def percent(self) -> str:
        return "–" if self.share is None else f"{self.share * 100:.1f} %"


@dataclass(frozen=True, slots=True)
class Group:
    """A school, a grade, a year or the whole. Participation: screened of those who stood on a list."""

    label: str
    expected: int
    screened: int
    screened_of_expected: int
    left_out: int
    results: Mapping[str, Result]

    @property
    def participation(self) -> str:
        share = share_of(self.screened_of_expected, self.expected)
        return "–" if share is None else f"{share * 100:.1f} %"


def group(label: str, children: Sequence[Child]) -> Group:
    counted = [child for child in children if child.screened]
    return Group(
        label=label,
        expected=sum(child.expected for child in children),
        screened=len(counted),
        screened_of_expected=sum(child.expected for child in counted),
        left_out=sum(child.left_out for child in children),
        results={str(key): _result(key, counted) for key in IndicatorKey},
    )


def _result(key: IndicatorKey, counted: Sequence[Child]) -> Result:
    """A screening that was signed before there were indicators has none: it counts as without a value."""
    values = Counter(child.values.get(key, IndicatorValue.NOT_RECORDED) for child in counted)
    return Result(
        key=str(key),
        numbers=tuple(values[value] for value in RESULTS[key]),
        without=values[IndicatorValue.NOT_RECORDED] + values[IndicatorValue.CANNOT],
        not_applicable=values[IndicatorValue.NOT_APPLICABLE],
    )


def groups_by(children: Iterable[Child], label: Callable[[Child], str]) -> list[Group]:
    """A group for each label, in the order in which the labels come first."""
    found: dict[str, list[Child]] = {}
    for child in children:
        found.setdefault(label(child), []).append(child)
    return [group(name, some) for name, some in found.items()]
