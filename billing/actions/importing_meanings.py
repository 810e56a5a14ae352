"""The practice's own words for reason codes, from a CSV: all of it or nothing.

Columns `kind,code,text,from,to`: kind is group, carc or rarc, dates as 2026-01-31, `to` may be empty. The file replaces
the practice's earlier rows of every kind that it holds; a kind that it leaves out stays as it was.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db import transaction

from billing.models import CodeMeaning, MeaningKind
from cases.actions.importing_codes import BadRows
from teledent.accounts.models import Practice
from teledent.kit.text import printable

COLUMNS = ("kind", "code", "text", "from", "to")
MOST_NAMED = 20  # faults named at once
SHAPES = {
    MeaningKind.GROUP: re.compile(r"[A-Z]{2}"),
    MeaningKind.CARC: re.compile(r"[ABDPWY]?[0-9]{1,3}"),
    MeaningKind.RARC: re.compile(r"(M|MA|N)[0-9]{1,3}"),
}
Row = tuple[int, CodeMeaning]  # line number in the file, as an editor counts


@transaction.atomic
def import_meanings(*, practice: Practice, lines: Iterable[str]) -> int:
    """Import the CSV `lines`; returns how many rows there are. Raises BadRows, and then nothing has changed."""
    try:
        rows, faults = _read(practice, lines)
    except csv.Error as error:
        raise BadRows([f"The file is no CSV: {error}."]) from None
    faults += _overlaps(rows)
    if faults:
        raise BadRows(faults[:MOST_NAMED])
    CodeMeaning.objects.filter(practice=practice, kind__in={row.kind for _, row in rows}).delete()
    CodeMeaning.objects.bulk_create([row for _, row in rows], batch_size=500)
    return len(rows)


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


def _row(practice: Practice, values: dict[str, str | None]) -> CodeMeaning:
    if None in values or None in values.values():
        raise ValidationError(f"A row has {len(COLUMNS)} columns; put text with a comma in quotation marks.")
    said = {name: printable(value or "").strip() for name, value in values.items()}
    kind, code = said["kind"].casefold(), said["code"].upper()
    if kind not in MeaningKind.values:
        raise ValidationError(f"“{said['kind'][:20]}” is no kind; write one of {', '.join(MeaningKind.values)}.")
    if not SHAPES[MeaningKind(kind)].fullmatch(code):
        raise ValidationError(f"“{said['code'][:20]}” is no {kind} code.")
    row = CodeMeaning(
        practice=practice, kind=kind, code=code, text=said["text"], valid_from=_day(said["from"]),
        valid_until=_day(said["to"]) if said["to"] else None,
    )  # fmt: skip
    row.full_clean(validate_unique=False, validate_constraints=False)
    if row.valid_until and row.valid_until < row.valid_from:
        raise ValidationError("It ends before it begins.")
    return row


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValidationError(f"“{text[:20]}” is no date; write it as 2026-01-31.") from None


def _overlaps(rows: list[Row]) -> Iterator[str]:
    """A code means one thing on one day."""
    ordered = sorted(rows, key=lambda one: (one[1].kind, one[1].code, one[1].valid_from))
    for (before, first), (number, second) in pairwise(ordered):
        open_still = first.valid_until is None or first.valid_until >= second.valid_from
        if (first.kind, first.code) == (second.kind, second.code) and open_still:
            yield f"Line {number}: {second.code} means something on the same days as in line {before}."
