"""A roster read from strangers' bytes, in the decoder's child; and the sheet that a school may fill in."""

from pathlib import Path
from typing import Any

from cases.events.columns import COLUMNS, NEEDED, heading
from teledent.kit import spreadsheets
from teledent.kit.csv_cells import csv_bytes

ASK = "Name the columns so in the first row; take the empty sheet from this page where the school has none."


def read_roster(*, source: str) -> dict[str, Any]:
    """Rows of the file at `source` as text: {"ok": True, "rows": [[number, {column: text}], ...], "ignored": [...]}, or
    {"ok": False, "sentence": text} for whatever is wrong with it."""
    try:
        return {"ok": True, **spreadsheets.read(Path(source), heading=heading, needed=NEEDED, mend=ASK)}
    except spreadsheets.Unreadable as fault:
        return {"ok": False, "sentence": str(fault)}


def empty_sheet() -> bytes:
    """The headings alone, as CSV."""
    return csv_bytes([COLUMNS])
