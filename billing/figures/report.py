"""A report as plain data: a table whose cells say it for people and bare for spreadsheets, and bars drawn from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import ceil
from typing import Any

from django.db.models import BigIntegerField, F, Q, Sum
from django.db.models.functions import Cast, Coalesce, Round

from teledent.accounts.models import Practice
from teledent.kit.bars import Chart

NOT_KNOWN = "–"


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


# --- sums ------------------------------------------------------------------------------------------------
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
