"""Which approved authorisation covers a service: its code, its tooth where it names one, its day, and units left.

An authorisation that has run out is one whose last day lies before the day that is asked about; nothing is written for
it. One line carries one number, so two that have a unit each do not cover two units together.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
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
        return self.valid_from + timedelta(days=holds_for)

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


Key = tuple[str, str, str]  # row, code, tooth


@dataclass(slots=True)
class Taken:
    """Units that lines of this very claim have taken, as its lines are gone through in order."""

    units: dict[Key, int] = field(default_factory=dict)

    def left(self, one: Authorised, of: AuthorisedUnits) -> int:
        return of.left - self.units.get((one.row, of.code, of.tooth), 0)

    def take(self, one: Authorised, of: AuthorisedUnits, units: int) -> None:
        key = (one.row, of.code, of.tooth)
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
    """The newest predetermination that names this service and holds on its day. It binds nobody, so no unit is counted."""
    known = (one for one, _ in _fitting(predetermined, service) if one.holds_on(service.day, None))
    return max(known, key=lambda one: one.valid_from, default=None)


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
    """The units with what is left of each, by what was used under (code, tooth). What was used on a tooth that is not
    named apart counts against the units of any tooth; no less than 0 is left."""
    rows = tuple(units)
    named = {(one.code, one.tooth) for one in rows}
    spent: dict[tuple[str, str], int] = {}
    for (code, tooth), count in used.items():
        key = (code, tooth) if (code, tooth) in named else (code, "")
        spent[key] = spent.get(key, 0) + count
    return tuple(
        AuthorisedUnits(one.code, one.tooth, one.approved, max(0, one.approved - spent.get((one.code, one.tooth), 0)))
        for one in rows
    )
