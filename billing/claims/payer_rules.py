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

UNITS: tuple[str, ...] = get_args(Unit)
SCOPES: tuple[str, ...] = get_args(Scope)
KEYS = frozenset({"count", "period", "unit", "scope", "shared_with", "starts_month"})
MOST = 999  # of count and period


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
class PayerRule:
    """The row for one code (domain.md 2.1), as far as a claim or a payment is judged by it."""

    code: str
    source: str
    verified_on: date | None = None  # None: check before use
    plan: str = ""  # claim filing code; blank: any kind of plan
    valid_from: date | None = None
    valid_until: date | None = None
    covered: Covered = "unknown"
    asynchronous: Answer = "unknown"
    patient_initiated: Answer = "unknown"
    new_patient: Answer = "unknown"
    patient_billable: Answer = "unknown"
    allowed_amount: Decimal | None = None  # dollars for one unit
    requires_companion: bool = False
    companion_codes: tuple[str, ...] = ()
    forbidden_same_day: tuple[str, ...] = ()
    max_units: int | None = None  # on one day
    frequencies: tuple[Frequency, ...] = ()
    age_min: int | None = None
    age_max: int | None = None
    provider_types: tuple[str, ...] = ()  # taxonomy codes
    places: tuple[str, ...] = ()
    diagnosis_required: bool = False
    diagnoses_allowed: tuple[str, ...] = ()  # a code or the beginning of one
    diagnoses_forbidden: tuple[str, ...] = ()
    authorisation: Authorisation = "unknown"
    filing_days: int | None = None
    caries_risk_required: bool = False

    def stands_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


def rule_for(rules: Iterable[PayerRule], code: str, *, plan: str, day: date) -> PayerRule | None:
    """The row that stands for `code` on `day`; one for this kind of plan goes before one for any."""
    standing = [one for one in rules if one.code == code and one.plan in ("", plan) and one.stands_on(day)]
    return max(standing, key=lambda one: one.plan != "", default=None)


@dataclass(frozen=True, slots=True)
class DoneBefore:
    """A service of this patient that somebody billed: this practice, or another that the front desk knows of."""

    code: str
    service_date: date
    quantity: int = 1
    rendering_npi: str = ""  # blank: not known
    here: bool = True  # billed by this practice
    site: str = ""  # blank: not known
