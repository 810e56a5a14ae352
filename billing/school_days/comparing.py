"""A sheet that came back against what is on file: what each row would record, and which rows a person has to look at. Pure.

Only verifications are recorded. A row is that of the child whose key it has, and only where name, birth date, plan and
member id agree: a column that was sorted alone, or a plan that changed meanwhile, is doubtful and records nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from billing.claims.facts import Verified
from billing.school_days.columns import (
    AUTHORISATION,
    BORN,
    CHILD,
    CHOICES,
    FROM,
    HOW,
    MEMBER,
    NAME,
    NOTE,
    PAYER,
    PLAN,
    REFERENCE,
    SAID,
    TELE,
    UNTIL,
    WHEN,
    cells_of,
    value_in,
)
from billing.school_days.standing import Child, Plan, Told
from teledent.kit.clock import day_in_words
from teledent.kit.csv_cells import day_in, said_in, text_cell

LENGTHS = {REFERENCE: 60, NOTE: 300}
NOT_RECORDED = (FROM, UNTIL)  # a change of these is told, and made on the plan's own page


class Verdict(StrEnum):
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DOUBTFUL = "doubtful"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Record:
    """What a changed row adds to a plan."""

    plan: UUID
    told: Told


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one row; only a changed one has a record."""

    number: int
    name: str
    verdict: Verdict
    sentence: str = ""
    child: Child | None = None
    record: Record | None = None
    changes: tuple[tuple[str, str, str], ...] = ()  # column, on file, in the sheet
    remark: str = ""  # what else was changed and is not recorded


class _Stopped(Exception):
    def __init__(self, verdict: Verdict, sentence: str) -> None:
        super().__init__(sentence)
        self.verdict = verdict


Rows = Sequence[tuple[int, Mapping[str, str]]]


def compare(rows: Rows, children: Sequence[Child], *, day: date, today: date) -> list[Line]:
    """A line for each row, in their order."""
    known = {str(child.public_id): child for child in children}
    keys = Counter(_key(row) for _, row in rows)
    return [_line(number, row, known, keys, day, today) for number, row in rows]


def left_out(rows: Rows, children: Sequence[Child]) -> int:
    """Children of the list whose row is not in the sheet; nothing becomes of them."""
    named = {_key(row) for _, row in rows}
    return sum(str(child.public_id) not in named for child in children)


def _key(row: Mapping[str, str]) -> str:
    return row[CHILD].strip().casefold()


def _line(
    number: int, row: Mapping[str, str], known: Mapping[str, Child], keys: Mapping[str, int], day: date, today: date
) -> Line:
    name, child = row[NAME], known.get(_key(row))
    try:
        child = _child(row, child, keys)
        record = _record_in(row, child, today)
        if record is None:
            return Line(number, child.name, Verdict.UNCHANGED, child=child, remark=_remark(row, child, day))
        changes = _changes(cells_of(child, day), record.told)
    except _Stopped as stopped:
        return Line(number, child.name if child else name, stopped.verdict, str(stopped), child)
    return Line(number, child.name, Verdict.CHANGED, "", child, record, changes, _remark(row, child, day))


def _child(row: Mapping[str, str], child: Child | None, keys: Mapping[str, int]) -> Child:
    """The child of the row, or why it may be none."""
    key = _key(row)
    if not key:
        raise _Stopped(Verdict.WRONG, f"The row has no “{CHILD}”. Copy it from the sheet that was handed out.")
    if keys[key] > 1:
        raise _Stopped(Verdict.WRONG, f"{keys[key]} rows have this “{CHILD}”. Keep one of them.")
    if child is None:
        raise _Stopped(Verdict.WRONG, f"No child of this school and year has this “{CHILD}”.")
    if not _same(row[NAME], child.name) or day_in(row[BORN]) != child.birth_date:
        born = day_in_words(child.birth_date)
        sentence = f"The key is that of {child.name}, born {born}; name or birth date of the row is another one. Was a column sorted alone?"
        raise _Stopped(Verdict.DOUBTFUL, sentence)
    return child


def _same(cell: str, text: str) -> bool:
    return " ".join(cell.split()) in (" ".join(text.split()), " ".join(text_cell(text).split()))


def _record_in(row: Mapping[str, str], child: Child, today: date) -> Record | None:
    """What the row records; None where it says what is on file, or nothing."""
    says_something = any(row[name].strip() for name in SAID)
    plan = child.plan
    if plan is None:
        if says_something or row[PLAN].strip():
            raise _Stopped(
                Verdict.DOUBTFUL,
                "There is no plan on file to record this of. Add the coverage, then bring the sheet in again.",
            )
        return None
    if not says_something and plan.newest is None:
        return None
    told = _parsed(row, plan, today) if says_something else None
    if told in plan.told and told is not None:
        return None
    if told in plan.mistaken and told is not None:
        raise _Stopped(
            Verdict.DOUBTFUL,
            "This was marked as entered in error. If it is true after all, record it on the plan's page.",
        )
    _require_its_plan(row, plan)
    if told is None:
        raise _Stopped(
            Verdict.DOUBTFUL, "The row was emptied. What was verified is kept; nothing is taken back by a sheet."
        )
    if plan.newest and told.verified.on < plan.newest.verified.on:
        newer = day_in_words(plan.newest.verified.on)
        raise _Stopped(
            Verdict.DOUBTFUL, f"A newer verification, of {newer}, is on file. Record an older one on the plan's page."
        )
    return Record(plan.public_id, told)


def _require_its_plan(row: Mapping[str, str], plan: Plan) -> None:
    if row[PLAN].strip().casefold() != str(plan.public_id):
        raise _Stopped(Verdict.DOUBTFUL, f"The plan on file is another one now: {plan.payer}, {plan.member_id}.")
    if not _same(row[PAYER], plan.payer):
        raise _Stopped(
            Verdict.DOUBTFUL, f"The payer on file is {plan.payer}. Correct the coverage first, if the sheet is right."
        )
    if not _same(row[MEMBER], plan.member_id):
        raise _Stopped(
            Verdict.DOUBTFUL,
            f"The member id on file is {plan.member_id}. Correct the coverage first, if the sheet is right.",
        )


def _parsed(row: Mapping[str, str], plan: Plan, today: date) -> Told:
    on = day_in(row[WHEN])
    if on is None:
        said = (
            f"“{row[WHEN][:20]}” is no day; write it as 2026-01-31."
            if row[WHEN].strip()
            else "Say when it was verified."
        )
        raise _Stopped(Verdict.WRONG, said)
    if on > today:
        raise _Stopped(Verdict.WRONG, f"{day_in_words(on)} has not come yet.")
    values: dict[str, Any] = {name: _value(row, name) for name in (HOW, TELE, AUTHORISATION)}
    if not values[HOW]:
        raise _Stopped(Verdict.WRONG, "Say how it was verified.")
    words = {name: _words(row, name, plan) for name in (REFERENCE, NOTE)}
    return Told(Verified(on, values[HOW], values[TELE], values[AUTHORISATION]), words[REFERENCE], words[NOTE])


def _value(row: Mapping[str, str], name: str) -> str:
    value = value_in(name, row[name])
    if value is None:
        raise _Stopped(
            Verdict.WRONG, f"“{row[name][:30]}” is not known under “{name}”. Choose from the list of the column."
        )
    return value


def _words(row: Mapping[str, str], name: str, plan: Plan) -> str:
    """As a person wrote it; what was handed out with an apostrophe and came back untouched is what is on file."""
    on_file = [one.reference if name == REFERENCE else one.note for one in plan.told]
    cell = row[name].strip()
    said = next((text for text in on_file if _same(cell, text) or _without_zeros(cell, text)), said_in(cell))
    if len(said) > LENGTHS[name]:
        raise _Stopped(Verdict.WRONG, f"“{name}” holds {LENGTHS[name]} characters at most.")
    return said


def _without_zeros(cell: str, text: str) -> bool:
    """A reference of digits as a spreadsheet shows it that took it for a number."""
    return text.isdigit() and cell.isdigit() and cell == text.lstrip("0")


def _changes(before: Mapping[str, str], told: Told) -> tuple[tuple[str, str, str], ...]:
    after = cells_told(told)
    return tuple((name, before[name], after[name]) for name in SAID if before[name] != after[name])


def cells_told(told: Told) -> dict[str, str]:
    """The cells of SAID as the sheet words them."""
    from_words = {HOW: told.verified.how, TELE: told.verified.says, AUTHORISATION: told.verified.authorisation}
    words = {name: CHOICES[name][value] for name, value in from_words.items()}
    return {WHEN: told.verified.on.isoformat(), **words, REFERENCE: told.reference, NOTE: told.note}


def _remark(row: Mapping[str, str], child: Child, day: date) -> str:
    """What was changed beside the verification."""
    on_file = cells_of(child, day)
    changed = [name for name in NOT_RECORDED if name in row and not _as_handed_out(row[name], on_file[name])]
    return f"{' and '.join(changed)} changed in the sheet: that is done on the plan's page." if changed else ""


def _as_handed_out(cell: str, text: str) -> bool:
    read = day_in(cell)
    return _same(cell, text) or (read is not None and read.isoformat() == text)
