"""The list as CSV and Excel, and a sheet read back from strangers' bytes: no Django, for it runs in the decoder's child.

No cell is ever computed, on the way out or in. A sheet is read by its bytes, never by its name.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

import openpyxl
import xlsxwriter

from billing.school_days.columns import CHOICES, COLUMNS, DATES, NEEDED, heading
from teledent.kit.csv_cells import csv_blocks, text_cell
from teledent.kit.text import printable

MOST_BYTES = 5 << 20
MOST_ROWS = 2_000
MOST_LINES = 4 * MOST_ROWS  # that are looked at: empty ones between are no rows
MOST_COLUMNS = 60
MOST_UNPACKED = 64 << 20  # bytes of all parts of a workbook
MOST_PARTS = 200
LONGEST = 400  # characters of a cell that are looked at; more than any field holds
FAULTS = (  # openpyxl raises whatever its parts raise
    zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, NotImplementedError,
    RuntimeError, AssertionError,
)  # fmt: skip
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
WIDTHS = {"Name": 24, "Payer": 22, "Member id": 16, "Last evaluation": 22, "Note": 30, "Reference": 14}

NO_SHEET = "This is no spreadsheet that can be read. Save the list as .xlsx or as CSV (UTF-8) and bring it in again."
OLD = "This is an old Excel file (.xls) or one with a password. Save it as .xlsx without a password, or as CSV."
TOO_LARGE = f"A sheet may have {MOST_BYTES >> 20} MB and {MOST_ROWS:,} rows at most. Take the list of one school."
TOO_LARGE_INSIDE = "This workbook is far larger inside than the list is. Copy the list into a new one."
NO_ROWS = "The sheet has no rows below its headings."


class Unreadable(Exception):
    """The sheet cannot be read; the sentence says what to do."""


def as_csv(rows: Iterable[dict[str, str]]) -> Iterator[bytes]:
    """Headings and rows, UTF-8 with a byte order mark."""
    yield from csv_blocks([list(COLUMNS), *([row[name] for name in COLUMNS] for row in rows)])


def write_xlsx(rows: Iterable[dict[str, str]], path: Path) -> None:
    """The same rows as one sheet, days as days, with lists to choose from where only some words are understood."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet, day, bold = (
            book.add_worksheet("School day"),
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"bold": True}),
        )
        last = 0
        for last, row in enumerate(rows, 1):
            for column, name in enumerate(COLUMNS):
                if row[name] and name in DATES:
                    sheet.write_datetime(last, column, datetime.fromisoformat(row[name]), day)
                elif row[name]:
                    sheet.write_string(last, column, text_cell(row[name]))
        for column, name in enumerate(COLUMNS):
            sheet.write_string(0, column, name, bold)
            sheet.set_column(column, column, WIDTHS.get(name, 13), day if name in DATES else None)
            if name in CHOICES and last:
                sheet.data_validation(
                    1, column, last, column, {"validate": "list", "source": list(CHOICES[name].values())}
                )
        sheet.freeze_panes(1, 1)


def read_sheet(*, source: str) -> dict[str, Any]:
    """Rows of the file at `source` as text: {"ok": True, "rows": [[number, {column: text}], ...], "ignored": [...]}, or
    {"ok": False, "sentence": text} for whatever is wrong with it. Numbers are those that a spreadsheet shows."""
    try:
        return {"ok": True, **_read(Path(source))}
    except Unreadable as fault:
        return {"ok": False, "sentence": str(fault)}


def _read(path: Path) -> dict[str, Any]:
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(TOO_LARGE)
    with path.open("rb") as file:
        begin = file.read(4)
    if begin == OLD_EXCEL:
        raise Unreadable(OLD)
    lines = iter(_of_workbook(path) if begin.startswith(b"PK") else _of_csv(path.read_bytes()))
    named, ignored = _headings(next(lines, []))
    rows: list[tuple[int, dict[str, str]]] = []
    for number, cells in enumerate(lines, 2):
        row = {name: cells[place] if place < len(cells) else "" for name, place in named.items()}
        if not any(row.values()):
            continue
        if len(rows) == MOST_ROWS:
            raise Unreadable(TOO_LARGE)
        rows.append((number, row))
    if not rows:
        raise Unreadable(NO_ROWS)
    return {"rows": rows, "ignored": ignored}


def _headings(cells: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Where each of our columns stands, and the headings that are not ours."""
    named: dict[str, int] = {}
    ignored = []
    for place, cell in enumerate(cells):
        name = heading(cell)
        if name in named:
            raise Unreadable(f"The column “{name}” stands there twice. Keep the one that is meant.")
        if name:
            named[name] = place
        elif cell:
            ignored.append(cell[:60])
    if missing := [name for name in NEEDED if name not in named]:
        raise Unreadable(
            f"The first row lacks {', '.join(missing)}. Bring back the sheet that was handed out, with its headings."
        )
    return named, ignored


def _of_workbook(path: Path) -> Iterator[list[str]]:
    """Rows of the first sheet. Only so many are looked at, whatever the file says of its size."""
    try:
        with path.open("rb") as file:  # by its path openpyxl would judge it by its name
            _require_small(file)
            yield from _rows_of(file)
    except FAULTS as fault:
        raise Unreadable(NO_SHEET) from fault


def _require_small(file: BinaryIO) -> None:
    with zipfile.ZipFile(file) as package:
        parts = package.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable(TOO_LARGE_INSIDE)


def _rows_of(file: BinaryIO) -> Iterator[list[str]]:
    book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    if not book.worksheets:
        raise Unreadable(NO_SHEET)
    for row in book.worksheets[0].iter_rows(max_row=MOST_LINES, max_col=MOST_COLUMNS, values_only=True):
        yield [_text(value) for value in row]


def _of_csv(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)  # a spreadsheet of another country writes semicolons
    try:
        for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), MOST_LINES):
            yield [_text(cell) for cell in row[:MOST_COLUMNS]]
    except csv.Error as fault:
        raise Unreadable(NO_SHEET) from fault


def _decoded(content: bytes) -> str:
    utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(NO_SHEET)


def _text(value: Any) -> str:
    """A cell as a person reads it: days as 2026-01-31, whole numbers without a fraction, one line."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(printable(str(value)[: 4 * LONGEST]).split())[:LONGEST]
