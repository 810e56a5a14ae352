"""The list as CSV and Excel, and a sheet read back from strangers' bytes: no Django, for it runs in the decoder's child.

No cell is ever computed, on the way out or in.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from billing.school_days.columns import CHOICES, COLUMNS, DATES, NEEDED, heading
from teledent.kit import spreadsheets
from teledent.kit.csv_cells import csv_blocks, text_cell

WIDTHS = {"Name": 24, "Payer": 22, "Member id": 16, "Last evaluation": 22, "Note": 30, "Reference": 14}
HANDED_OUT = "Bring back the sheet that was handed out, with its headings."


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
    {"ok": False, "sentence": text} for whatever is wrong with it."""
    try:
        return {"ok": True, **spreadsheets.read(Path(source), heading=heading, needed=NEEDED, mend=HANDED_OUT)}
    except spreadsheets.Unreadable as fault:
        return {"ok": False, "sentence": str(fault)}
