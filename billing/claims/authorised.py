"""Which approved authorisation covers a service: its code, its tooth where it names one, its day, and units left.

An authorisation that has run out is one whose last day lies before the day that is asked about; nothing is written for
it. One line carries one number, so two that have a unit each do not cover two units together.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class AuthorisedUnits:
    """What is approved of one code. `left` is what other live claims of the patient have not taken."""

    code: str
    tooth: str = ""  # Universal numbering; blank: any tooth, or none
    approved: int = 1
    left: int = 1


@dataclass(frozen=True, slots=True)
class Authorised:
    """One approved authorisation, or answered predetermination, of the payer and member id that the claim names."""

    number: str  # the payer's own: REF*G1; of a predetermination REF*G3
    valid_from: date
    valid_until: date | None = None  # None: the payer named no end
    units: tuple[AuthorisedUnits, ...] = ()
    row: str = ""  # public id of the request it answers

    def last_day(self, holds_for: int | None) -> date | None:
        """The day after which it has run out; `holds_for` are the days by the payer's rule, where it named no end."""
        if self.valid_until is not None or holds_for is None:
            return self.valid_until
        return days_after(self.valid_from, holds_for)

    def holds_on(self, day: date, holds_for: int | None) -> bool:
        last = self.last_day(holds_for)
        return self.valid_from <= day and (last is None or day <= last)


@dataclass(frozen=True, slots=True)
class Service:
    """What has to be covered. `holds_for`: days that this payer's authorisation of the code holds; None: not stated."""

    code: str
    day: date
    tooth: str = ""
    units: int = 1
    holds_for: int | None = None


def days_after(day: date, days: int) -> date:
    """The last day that a calendar has, where it would be later."""
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


Key = tuple[str, str, str]  # number, code, tooth


@dataclass(slots=True)
class Taken:
    """Units that lines of this very claim have taken, as its lines are gone through in order."""

    units: dict[Key, int] = field(default_factory=dict)

    def left(self, one: Authorised, of: AuthorisedUnits) -> int:
        return of.left - self.units.get((one.number, of.code, of.tooth), 0)

    def take(self, one: Authorised, of: AuthorisedUnits, units: int) -> None:
        key = (one.number, of.code, of.tooth)
        self.units[key] = self.units.get(key, 0) + units


def cover(authorised: Iterable[Authorised], services: Iterable[Service]) -> tuple[Authorised | None, ...]:
    """For each service, in order, the authorisation that covers it, or None. No unit is given twice.

    One for this very tooth goes before one for any; of several the one that runs out first.
    """
    known, taken = tuple(authorised), Taken()
    return tuple(_take(known, service, taken) for service in services)


def _take(authorised: tuple[Authorised, ...], service: Service, taken: Taken) -> Authorised | None:
    fitting = [
        (one, of)
        for one, of in _fitting(authorised, service)
        if one.holds_on(service.day, service.holds_for) and taken.left(one, of) >= service.units
    ]
    if not fitting:
        return None
    one, of = min(fitting, key=lambda pair: (pair[1].tooth == "", pair[0].last_day(service.holds_for) or date.max))
    taken.take(one, of, service.units)
    return one


def _fitting(authorised: Iterable[Authorised], service: Service) -> Iterator[tuple[Authorised, AuthorisedUnits]]:
    for one in authorised:
        for of in one.units:
            if of.code == service.code and of.tooth in ("", service.tooth):
                yield one, of


def foreseen(predetermined: Iterable[Authorised], service: Service) -> Authorised | None:
    """The newest predetermination that names this service and holds on its day, of one day the last in the order given,
    which is that of their answers. It binds nobody, so no unit is counted."""
    known = [one for one, _ in _fitting(predetermined, service) if one.holds_on(service.day, None)]
    return max(reversed(known), key=lambda one: one.valid_from, default=None)


Lack = Literal["none", "other_tooth", "ended", "not_begun", "used_up"]


def lack_of(authorised: Iterable[Authorised], service: Service) -> tuple[Lack, Authorised | None]:
    """Why none of these covers a service that `cover` left uncovered, told of the one that is nearest to it.

    "used_up" also where units are left, but fewer than the service has.
    """
    known = tuple(authorised)
    fitting = [one for one, _ in _fitting(known, service)]
    if not fitting:
        of_code = (one for one in known if any(of.code == service.code for of in one.units))
        other = next(of_code, None)
        return ("other_tooth", other) if other else ("none", None)
    holding = [one for one in fitting if one.holds_on(service.day, service.holds_for)]
    if holding:
        return "used_up", holding[-1]
    begun = [one for one in fitting if one.valid_from <= service.day]
    if begun:
        return "ended", max(begun, key=lambda one: one.last_day(service.holds_for) or date.max)
    return "not_begun", min(fitting, key=lambda one: one.valid_from)


def left_of(units: Iterable[AuthorisedUnits], used: Mapping[tuple[str, str], int]) -> tuple[AuthorisedUnits, ...]:
    """The units with what is left of each, by what was used under (code, tooth). What was used on a tooth beyond what is
    approved of it by name counts against the units of any tooth; no less than 0 is left."""
    rows = tuple(units)
    named = {(one.code, one.tooth): one.approved for one in rows}
    spent: dict[tuple[str, str], int] = {}
    for (code, tooth), count in used.items():
        of_tooth = min(count, named.get((code, tooth), 0)) if tooth else 0
        for key, taken in (((code, tooth), of_tooth), ((code, ""), count - of_tooth)):
            spent[key] = spent.get(key, 0) + taken
    return tuple(
        AuthorisedUnits(one.code, one.tooth, one.approved, max(0, one.approved - spent.get((one.code, one.tooth), 0)))
        for one in rows
    )


def pooled(
    authorised: Iterable[Authorised], used: Mapping[str, Mapping[tuple[str, str], int]]
) -> tuple[Authorised, ...]:
    """Each with what is left of its units, by what was used under its number, and in it by code and tooth.

    A number that was answered more than once, as when the payer extends it, is one sum of units: each answer keeps its own
    days, and shows what is left of the sum.
    """
    known = tuple(authorised)
    sums: dict[str, dict[tuple[str, str], int]] = {}
    for one in known:
        of_number = sums.setdefault(one.number, {})
        for of in one.units:
            of_number[of.code, of.tooth] = of_number.get((of.code, of.tooth), 0) + of.approved
    left = {
        (number, one.code, one.tooth): one
        for number, told in sums.items()
        for one in left_of((AuthorisedUnits(*key, count) for key, count in told.items()), used.get(number, {}))
    }
    return tuple(replace(one, units=tuple(left[one.number, of.code, of.tooth] for of in one.units)) for one in known)
