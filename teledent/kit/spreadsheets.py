"""Rows of a spreadsheet from strangers' bytes: Excel or CSV, judged by its bytes, never by its name. No Django, for it
runs in the decoder's child. No cell is ever computed.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from teledent.kit.text import printable

MOST_BYTES = 5 << 20
MOST_ROWS = 2_000
MOST_LINES = 4 * MOST_ROWS  # counted with the empty ones between, which are no rows
LAST_LINE = 1 << 20  # of a sheet of Excel; what says more of itself is no sheet
MOST_COLUMNS = 60
MOST_UNPACKED = 64 << 20  # bytes of all parts of a workbook
MOST_PARTS = 200
LONGEST = 400  # characters of a cell that are looked at; more than any field holds
FAULTS = (  # openpyxl raises whatever its parts raise
    zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, NotImplementedError,
    RuntimeError, AssertionError,
)  # fmt: skip
OLD_EXCEL = b"\xd0\xcf\x11\xe0"

NO_SHEET = "This is no spreadsheet that can be read. Save the list as .xlsx or as CSV (UTF-8) and bring it in again."
OLD = "This is an old Excel file (.xls) or one with a password. Save it as .xlsx without a password, or as CSV."
TOO_LARGE = f"A sheet may have {MOST_BYTES >> 20} MB and {MOST_ROWS:,} rows at most. Take the list of one school."
TOO_LARGE_INSIDE = "This workbook is far larger inside than the list is. Copy the list into a new one."
TOO_FAR_DOWN = (
    "Something stands in row {line:,}, far below the list. Remove it or move it up, and bring the sheet in again."
)
NO_ROWS = "The sheet has no rows below its headings."


class Unreadable(Exception):
    """The sheet cannot be read; the sentence says what to do."""


def read(path: Path, *, heading: Callable[[str], str], needed: Sequence[str], mend: str) -> dict[str, Any]:
    """Rows of the first sheet as text: {"rows": [[number, {column: text}], ...], "ignored": [heading, ...]}.

    `heading` gives the column that a heading means, or "" for one of somebody else's; `needed` must all be there, and
    `mend` says what to do when one is not. Numbers are those that a spreadsheet shows. Raises Unreadable.
    """
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(TOO_LARGE)
    lines = iter(_lines(path))
    named, ignored = _headings(next(lines, []), heading, needed, mend)
    rows: list[tuple[int, dict[str, str]]] = []
    for number, cells in enumerate(lines, 2):
        row = {name: cells[place] if place < len(cells) else "" for name, place in named.items()}
        if not any(row.values()):
            continue
        if number > MOST_LINES:
            raise Unreadable(TOO_FAR_DOWN.format(line=number))
        if len(rows) == MOST_ROWS:
            raise Unreadable(TOO_LARGE)
        rows.append((number, row))
    if not rows:
        raise Unreadable(NO_ROWS)
    return {"rows": rows, "ignored": ignored}


def _headings(
    cells: Sequence[str], heading: Callable[[str], str], needed: Sequence[str], mend: str
) -> tuple[dict[str, int], list[str]]:
    """Where each known column stands, and the headings that are not ours."""
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
    if missing := [name for name in needed if name not in named]:
        raise Unreadable(f"The first row lacks {', '.join(missing)}. {mend}")
    return named, ignored


def _lines(path: Path) -> Iterator[list[str]]:
    with path.open("rb") as file:
        begin = file.read(4)
    if begin == OLD_EXCEL:
        raise Unreadable(OLD)
    return _of_workbook(path) if begin.startswith(b"PK") else _of_csv(path.read_bytes())


def _of_workbook(path: Path) -> Iterator[list[str]]:
    try:
        with path.open("rb") as file:  # by its path openpyxl would judge it by its name
            _require_small(file)
            yield from _lines_of(file)
    except FAULTS as fault:
        raise Unreadable(NO_SHEET) from fault


def _require_small(file: BinaryIO) -> None:
    with zipfile.ZipFile(file) as package:
        parts = package.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable(TOO_LARGE_INSIDE)


def _lines_of(file: BinaryIO) -> Iterator[list[str]]:
    """Of the first sheet; empty lines between come too, so a forged number of a line is bounded."""
    import openpyxl  # noqa: PLC0415 - with numpy it takes as long to load as a third of the product: only who reads a sheet waits

    book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    if not book.worksheets:
        raise Unreadable(NO_SHEET)
    for row in book.worksheets[0].iter_rows(max_row=LAST_LINE, max_col=MOST_COLUMNS, values_only=True):
        yield [_text(value) for value in row]


def _of_csv(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)  # a spreadsheet of another country writes semicolons
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
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
