"""The practice's own licensed list of procedure codes, from a CSV (CD-1): all of it or nothing.

Columns `code,from,until,use,text`, dates as 2026-01-31, `until` may be empty, `use` one of the uses of a code. The
practice's rows replace our built-in ones of the same code, and rows of an earlier import with the same beginning.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db import transaction

from cases.codes import ENCOUNTERS
from cases.models import CodeUse, ProcedureCode
from teledent.accounts.models import Practice
from teledent.kit.text import printable

COLUMNS = ("code", "from", "until", "use", "text")
MOST_NAMED = 20  # faults named at once


class BadRows(Exception):
    """Nothing was imported. `sentences` names each bad line and what is wrong with it."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@transaction.atomic
def import_codes(*, practice: Practice, lines: Iterable[str]) -> int:
    """Import the CSV `lines`; returns how many rows there are. Raises BadRows, and then nothing has changed."""
    rows, faults = _read(practice, lines)
    faults += _overlaps(rows)
    if faults:
        raise BadRows(faults[:MOST_NAMED])
    codes = {row.code for _, row in rows}
    ProcedureCode.objects.filter(practice=practice, code__in=codes, imported=False).delete()
    for _, row in rows:
        ProcedureCode.objects.filter(practice=practice, code=row.code, valid_from=row.valid_from).delete()
    ProcedureCode.objects.bulk_create(row for _, row in rows)
    return len(rows)


Row = tuple[int, ProcedureCode]  # line number in the file, as an editor counts


def _read(practice: Practice, lines: Iterable[str]) -> tuple[list[Row], list[str]]:
    reader = csv.DictReader(lines)
    if tuple(name.strip().casefold() for name in reader.fieldnames or ()) != COLUMNS:
        return [], [f"Line 1: the columns must be {', '.join(COLUMNS)}."]
    reader.fieldnames = list(COLUMNS)
    rows: list[Row] = []
    faults: list[str] = []
    for values in reader:
        try:
            rows.append((reader.line_num, _row(practice, values)))
        except ValidationError as error:
            faults.append(f"Line {reader.line_num}: {' '.join(error.messages)}")
    if not rows and not faults:
        faults.append("The file has no rows.")
    return rows, faults


def _row(practice: Practice, values: dict[str, str | None]) -> ProcedureCode:
    if None in values or None in values.values():
        raise ValidationError(f"A row has {len(COLUMNS)} columns; put text with a comma in quotation marks.")
    said = {name: printable(value or "").strip() for name, value in values.items()}
    if said["use"] not in CodeUse.values:
        raise ValidationError(f"“{said['use']}” is no use; write one of {', '.join(CodeUse.values)}.")
    row = ProcedureCode(
        practice=practice,
        code=said["code"],
        text=said["text"],
        use=said["use"],
        valid_from=_day(said["from"]),
        valid_until=_day(said["until"]) if said["until"] else None,
        imported=True,
    )
    if row.code in ENCOUNTERS and row.use != CodeUse.TELEDENTISTRY:
        raise ValidationError(
            f"{row.code} says how care was delivered, never what it was; its use is {CodeUse.TELEDENTISTRY.value}."
        )
    row.full_clean(validate_unique=False, validate_constraints=False)
    if row.valid_until and row.valid_until < row.valid_from:
        raise ValidationError("It ends before it begins.")
    return row


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValidationError(f"“{text}” is no date; write it as 2026-01-31.") from None


def _overlaps(rows: list[Row]) -> Iterator[str]:
    """A code means one thing on one day."""
    ordered = sorted(rows, key=lambda one: (one[1].code, one[1].valid_from))
    for (before, first), (number, second) in pairwise(ordered):
        open_still = first.valid_until is None or first.valid_until >= second.valid_from
        if first.code == second.code and open_still:
            yield f"Line {number}: {second.code} is valid on the same days as in line {before}."
