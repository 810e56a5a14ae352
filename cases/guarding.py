"""What a guard is, and the few ways in which rows stand still: the vocabulary in which every room declares its own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

PREFIX = "guard_"
APPEND_ONLY = ("UPDATE", "DELETE", "TRUNCATE")


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuse `events` on rows of `table` where `condition` holds (SQL over OLD and NEW; empty means always)."""

    table: str
    events: tuple[str, ...]
    sentence: str
    condition: str = ""
    name: str = ""

    def trigger(self, event: str) -> str:
        return f"{PREFIX}{self.name or self.table}_{event.lower()}"


def append_only(table: str, noun: str) -> Guard:
    return Guard(table, APPEND_ONLY, f"{noun} may only be added to.")


def frozen_rows(table: str, sentence: str, frozen: str, *, name: str) -> Iterator[Guard]:
    """Rows of a whole that stands still: none comes, changes or goes, neither in place, nor in, nor out.

    `frozen` is SQL that is true of such a row, written `{row}` in it.
    """
    for event, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
        yield Guard(table, (event,), sentence, " OR ".join(frozen.format(row=row) for row in rows), name=name)


def changed(columns: Iterable[str]) -> str:
    """SQL: one of these columns is another one. IS DISTINCT FROM sees a column that becomes empty, on either database."""
    return "(" + " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns) + ")"
