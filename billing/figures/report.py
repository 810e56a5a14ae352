"""A report as plain data: a table whose cells say it for people and bare for spreadsheets, and bars drawn from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import ceil
from typing import Any

from django.db.models import BigIntegerField, F, Q, Sum
from django.db.models.functions import Cast, Coalesce, Round

from teledent.accounts.models import Practice

NOT_KNOWN = "–"
LABEL_MOST = 30  # signs of a bar's name; the table has the whole


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is about: whose claims, the day it is there, and the choices of the address."""

    practice: Practice
    today: date
    basis: str = "service"  # of `billing.ageing.BASES`
    months: int = 12  # how far back

    @property
    def since(self) -> date:
        """The first day of the month that lies so many months back."""
        month = self.today.year * 12 + self.today.month - 1 - self.months
        return date(month // 12, month % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class Cell:
    said: str
    raw: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One name with one or two lengths, each a share of the chart's width, and what they say."""

    label: str
    share: Decimal
    said: str
    second: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    description: str
    bars: tuple[Bar, ...]
    keys: tuple[str, ...] = ()  # what the first and the second bar mean, where there are two


@dataclass(frozen=True, slots=True)
class Report:
    said: str  # what it counts, in a sentence
    head: tuple[str, ...]  # a column of figures begins with #
    rows: tuple[tuple[Cell, ...], ...]
    chart: Chart | None
    total: tuple[Cell, ...] = ()
    empty: str = ""  # what to do while there is nothing
    choices: tuple[str, ...] = field(default=())  # which of the address's choices it heeds: basis, months

    def as_csv(self) -> list[list[str]]:
        rows = [*self.rows, self.total] if self.total else self.rows
        return [[one.removeprefix("#") for one in self.head], *([cell.raw for cell in row] for row in rows)]


Maker = Callable[[Asked], Report]


# --- sums and shares ------------------------------------------------------------------------------------------------
def cents(expression: Any, *, where: Q | None = None) -> Coalesce:
    """The sum of dollars in whole cents, added by the database as integers: SQLite adds decimals as floats."""
    each = Cast(Round((F(expression) if isinstance(expression, str) else expression) * 100), BigIntegerField())
    return Coalesce(Sum(each, filter=where), 0, output_field=BigIntegerField())


def dollars(amount: int) -> Decimal:
    return Decimal(amount) / 100


def percentile(counts: Mapping[int, int], percent: int) -> int | None:
    """Nearest rank: the smallest value that at least `percent` of a hundred values do not exceed; None of nothing.

    `counts` says how often each value occurs, so that a database may count what it cannot rank.
    """
    wanted = ceil(sum(counts.values()) * percent / 100)
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if counts[value] and seen >= wanted:
            return value
    return None


def share_of(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    """Between 0 and whatever; None of nothing."""
    return Decimal(part) / Decimal(whole) if whole else None


def bars_of(
    named: Sequence[tuple[str, Decimal, str, Decimal | None]], *, whole: Decimal = Decimal(0)
) -> tuple[Bar, ...]:
    """Bars for (name, value, words, second value): the longest of all, or `whole` if that is longer, fills the width."""
    most = max([whole, *(one[1] for one in named), *(one[3] for one in named if one[3] is not None)])
    scale = most or Decimal(1)

    def length(value: Decimal) -> Decimal:
        return max(value, Decimal(0)) / scale

    return tuple(
        Bar(_short(name), length(value), said, None if second is None else length(second))
        for name, value, said, second in named
    )


def _short(name: str) -> str:
    return name if len(name) <= LABEL_MOST else f"{name[: LABEL_MOST - 1].rstrip()}…"


# --- cells ----------------------------------------------------------------------------------------------------------
def text(said: str, *, href: str = "") -> Cell:
    return Cell(said, said, href)


def number(value: int | None, *, href: str = "") -> Cell:
    return Cell(NOT_KNOWN, "") if value is None else Cell(f"{value:,}", str(value), href)


def money(amount: int | None, *, href: str = "") -> Cell:
    """An amount of cents."""
    if amount is None:
        return Cell(NOT_KNOWN, "")
    exact = dollars(amount)
    return Cell(f"{'-' if exact < 0 else ''}${abs(exact):,.2f}", f"{exact:.2f}", href)


def percent(share: Decimal | None) -> Cell:
    return Cell(NOT_KNOWN, "") if share is None else Cell(f"{share * 100:.1f} %", f"{share * 100:.1f}")
