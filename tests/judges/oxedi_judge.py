"""What oxedi, a reader of remittances that is not ours, finds in a file."""

from dataclasses import dataclass
from decimal import Decimal

import oxedi

NONE = "∅"


@dataclass(frozen=True)
class Judged:
    """Rows of oxedi's tables as their texts, by the names of its columns."""

    payments: list[dict[str, str]]
    claims: list[dict[str, str]]
    services: list[dict[str, str]]
    adjustments: list[dict[str, str]]
    provider_adjustments: list[dict[str, str]]
    findings: list[str]


def judged(data: bytes) -> Judged:
    """Tables of the whole file and what oxedi holds against it."""
    result = oxedi.parse(data)
    tables = {name: _rows(result.tables[name]) for name in result.tables}
    return Judged(**tables, findings=[str(one) for one in result.diagnostics])


def _rows(table: oxedi.Table) -> list[dict[str, str]]:
    """Rows from the table as text: its other ways out need a data frame library."""
    lines = table.render().splitlines()
    rows = [dict(zip(table.columns, line.split(" | "), strict=True)) for line in lines[2:] if line]
    if len(rows) != len(table):
        raise AssertionError(f"{len(table)} rows, {len(rows)} of them in the text")
    return rows


def money(text: str) -> Decimal:
    """An amount of a row; none is 0.00."""
    return Decimal("0.00") if text == NONE else Decimal(text)
