"""What a payer is known to do with one code: a dated row, frozen and plain, and the arithmetic of its frequency limits.

A row says only what somebody wrote down with its source. "unknown" and an empty list mean "not known", never "no limit".
`billing.models.PayerRule` is the row it is read from; `ClaimFacts.payer_rules` carries the rows of the codes of one case.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args

Answer = Literal["yes", "no", "unknown"]
Covered = Literal["yes", "no", "inclusive", "unknown"]
Unit = Literal["day", "month", "benefit_year", "calendar_year", "lifetime"]
Scope = Literal["patient", "provider", "facility", "location"]
Authorisation = Literal["never", "always", "over_limit", "unknown"]
DosBasis = Literal["", "signed", "capture"]  # blank: as the payer's profile has it
ConsentForm = Literal["", "verbal", "written"]  # verbal: also verbal; blank: not known
Channel = Literal["", "electronic", "portal", "paper"]
Attachment = Literal["photograph", "radiograph"]

UNITS: tuple[str, ...] = get_args(Unit)
SCOPES: tuple[str, ...] = get_args(Scope)
KEYS = frozenset({"count", "period", "unit", "scope", "shared_with", "starts_month"})
CLOCKS = ("filing", "correction", "appeal", "second_appeal")
MOST = 999  # of count and period
OLDEST = 130  # years


class NotAFrequencyError(ValueError):
    """A limit that says nothing countable; the message is a sentence for whoever typed it."""


@dataclass(frozen=True, slots=True)
class Frequency:
    """At most `count` units in `period` times `unit`, counted over `scope`, together with the codes of `shared_with`."""

    count: int
    period: int
    unit: Unit
    scope: Scope = "patient"
    shared_with: tuple[str, ...] = ()
    starts_month: int = 1  # of a benefit year; a calendar year starts in January whatever stands here

    def first_day(self, day: date) -> date:
        """The first day that counts against a service on `day`; `day` itself is the last.

        "Once in 6 months" on 31 August counts from 1 March: the same day six months on is free again, and a month
        without that day ends on its last.
        """
        if self.unit == "lifetime":
            return date.min
        if self.unit == "day":
            return day - timedelta(days=min(self.period - 1, (day - date.min).days))
        if self.unit == "month":
            return _months_before(day, self.period)
        starts = self.starts_month if self.unit == "benefit_year" else 1
        year = day.year - (day.month < starts) - (self.period - 1)
        return date(year, starts, 1) if year >= date.min.year else date.min

    def meet(self, one: date, other: date) -> bool:
        """Whether two services count against each other, whichever came first."""
        earlier, later = sorted((one, other))
        return self.first_day(later) <= earlier

    def __str__(self) -> str:
        times = "once" if self.count == 1 else f"{self.count} times"
        if self.unit == "lifetime":
            return f"{times} in a lifetime"
        unit = self.unit.replace("_", " ")
        return f"{times} in {self.period} {unit}s" if self.period > 1 else f"{times} in a {unit}"


def _months_before(day: date, months: int) -> date:
    """The day after the same day `months` ago; date.min where the calendar ends."""
    at = day.year * 12 + day.month - 1 - months
    if at < 12:
        return date.min
    year, month = at // 12, at % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1])) + timedelta(days=1)


def parse_frequency(raw: Any) -> Frequency:
    """One limit as JSON has it. Raises `NotAFrequencyError` for a missing, unknown or impossible part."""
    if not isinstance(raw, Mapping):
        raise NotAFrequencyError("A limit has a count, a period and a unit.")
    if unknown := sorted(map(str, raw.keys() - KEYS)):
        raise NotAFrequencyError(f"A limit has no part named {unknown[0]}.")
    unit, scope, shared = raw.get("unit"), raw.get("scope", "patient"), raw.get("shared_with", ())
    if unit not in UNITS:
        raise NotAFrequencyError(f"The unit is one of: {', '.join(UNITS)}.")
    if scope not in SCOPES:
        raise NotAFrequencyError(f"The limit counts for one of: {', '.join(SCOPES)}.")
    if not isinstance(shared, list | tuple) or not all(isinstance(code, str) and _is_code(code) for code in shared):
        raise NotAFrequencyError("Codes that share the limit are D or X and four digits each.")
    return Frequency(
        count=_whole(raw.get("count"), "count", MOST),
        period=_whole(raw.get("period", 1), "period", MOST),
        unit=unit,
        scope=scope,
        shared_with=tuple(dict.fromkeys(shared)),
        starts_month=_whole(raw.get("starts_month", 1), "first month", 12),
    )


def _whole(value: Any, name: str, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise NotAFrequencyError(f"The {name} is a whole number from 1 to {most}.")
    return value


def _is_code(code: str) -> bool:
    return len(code) == 5 and code[0] in "DX" and code[1:].isascii() and code[1:].isdigit()


def parse_frequencies(raw: Any) -> tuple[Frequency, ...]:
    """All limits of a row. Raises `NotAFrequencyError`."""
    if not isinstance(raw, list | tuple):
        raise NotAFrequencyError("Limits are a list.")
    return tuple(parse_frequency(one) for one in raw)


@dataclass(frozen=True, slots=True)
class Companion:
    """A service that the code may ride with, and the ages in completed years for which the payer takes the two."""

    code: str
    age_min: int | None = None
    age_max: int | None = None

    def takes(self, age: int) -> bool:
        return (self.age_min or 0) <= age and (self.age_max is None or age <= self.age_max)

    def __str__(self) -> str:
        if self.age_min is None and self.age_max is None:
            return self.code
        return f"{self.code} {self.age_min or 0}-{'' if self.age_max is None else self.age_max}"


class NotACompanionError(ValueError):
    """A companion that names no code or impossible ages; the message is a sentence for whoever typed it."""


def parse_companions(raw: Any) -> tuple[Companion, ...]:
    """All companions of a row as JSON has them. Raises `NotACompanionError`."""
    if not isinstance(raw, list | tuple) or not all(isinstance(one, Mapping) for one in raw):
        raise NotACompanionError("Companions are a list.")
    found = tuple(_companion(one) for one in raw)
    if len({one.code for one in found}) != len(found):
        raise NotACompanionError("List each code once.")
    return found


def _companion(raw: Mapping[str, Any]) -> Companion:
    code, first, last = raw.get("code"), raw.get("age_min"), raw.get("age_max")
    if not isinstance(code, str) or not _is_code(code) or raw.keys() - {"code", "age_min", "age_max"}:
        raise NotACompanionError(
            "A companion is a code of D or X and four digits, with ages where the payer names them."
        )
    if not all(age is None or (type(age) is int and 0 <= age <= OLDEST) for age in (first, last)):
        raise NotACompanionError(f"Ages are whole years up to {OLDEST}.")
    if first is not None and last is not None and first > last:
        raise NotACompanionError(f"The ages of {code} end before they begin.")
    return Companion(code, first, last)


@dataclass(frozen=True, slots=True)
class PayerRule:
    """The row for one code (domain.md 2.1). What only a person reads stands in the row and not here."""

    code: str
    source: str
    row: str = ""  # the row's public id: what a finding rests on is found again by it
    verified_on: date | None = None  # None: check before use
    plan: str = ""  # claim filing code; blank: any kind of plan
    valid_from: date | None = None
    valid_until: date | None = None
    covered: Covered = "unknown"
    asynchronous: Answer = "unknown"
    new_patient: Answer = "unknown"
    patient_initiated: Answer = "unknown"
    patient_billable: Answer = "unknown"
    allowed_amount: Decimal | None = None  # dollars for one unit
    requires_companion: bool = False
    companions: tuple[Companion, ...] = ()
    forbidden_same_day: tuple[str, ...] = ()
    max_units: int | None = None  # on one day
    frequencies: tuple[Frequency, ...] = ()
    counts_as_evaluation: Answer = "unknown"  # against the limits of evaluations
    age_min: int | None = None
    age_max: int | None = None
    provider_types: tuple[str, ...] = ()  # taxonomy codes
    places: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()  # written on the line, four at most
    dos_basis: DosBasis = ""
    diagnosis_required: bool = False
    diagnoses_allowed: tuple[str, ...] = ()  # a code or the beginning of one
    diagnoses_forbidden: tuple[str, ...] = ()
    authorisation: Authorisation = "unknown"
    authorisation_days: int | None = None  # for which one without an end holds
    attachments: tuple[Attachment, ...] = ()
    consent_form: ConsentForm = ""
    consent_months: int | None = None  # after which consent is given anew
    consent_in_language: bool = False  # in the family's own
    filing_days: int | None = None  # after the date of service
    correction_days: int | None = None  # after the answer, as the two below
    appeal_days: int | None = None
    second_appeal_days: int | None = None
    appeal_signed_by: str = ""  # blank: as the payer's profile has it
    channel: Channel = ""
    caries_risk_required: bool = False
    epsdt: Answer = "unknown"  # counts as a check-up of children's Medicaid

    @property
    def companion_codes(self) -> tuple[str, ...]:
        return tuple(one.code for one in self.companions)

    def stands_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


def rule_for(rules: Iterable[PayerRule], code: str, *, plan: str, day: date) -> PayerRule | None:
    """The row that stands for `code` on `day`; one for this kind of plan goes before one for any."""
    standing = [one for one in rules if one.code == code and one.plan in ("", plan) and one.stands_on(day)]
    return max(standing, key=lambda one: one.plan != "", default=None)


def strictest_limits(rules: Iterable[PayerRule]) -> dict[str, int]:
    """The days that these rows give, by the clock of `billing.clocks`: of several the shortest, of none no entry."""
    rows = tuple(rules)
    said = {clock: [days for one in rows if (days := getattr(one, f"{clock}_days")) is not None] for clock in CLOCKS}
    return {clock: min(days) for clock, days in said.items() if days}


def dos_basis_of(rules: Iterable[PayerRule], codes: Iterable[str], *, plan: str, day: date) -> DosBasis:
    """Which day dates a claim of these codes: the first row that says so; blank where none does."""
    rows = tuple(rules)
    standing = (rule_for(rows, code, plan=plan, day=day) for code in codes)
    return next((one.dos_basis for one in standing if one is not None and one.dos_basis), "")


@dataclass(frozen=True, slots=True)
class DoneBefore:
    """A service of this patient that somebody billed: this practice, or another that the front desk knows of."""

    code: str
    service_date: date
    quantity: int = 1
    rendering_npi: str = ""  # blank: not known
    here: bool = True  # billed by this practice
    site: str = ""  # blank: not known
