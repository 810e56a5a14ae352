"""Cells of a sheet that a spreadsheet may open: text stays text, whatever somebody typed as her name.

A cell that begins like a formula gets an apostrophe before it, also behind a comma or semicolon at which a program might
split it once more. Every cell is quoted; line breaks, tabs and NUL become spaces.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

STARTS = "=+-@|%＝＋－＠"
_BLANKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_PUT_INSIDE = re.compile(rf"([,;]\s*)'(?=[{re.escape(STARTS)}])")
_AMERICAN = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_INNER = re.compile(rf"([,;]\s*)(?=[{re.escape(STARTS)}])")


def text_cell(text: str) -> str:
    """The text as a cell that no spreadsheet computes."""
    flat = _INNER.sub(r"\1'", _BLANKS.sub(" ", text))
    return f"'{flat}" if flat.lstrip().startswith(tuple(STARTS)) else flat


def said_in(cell: str) -> str:
    """What a cell of a sheet that comes back says: `text_cell` without the apostrophes that it put there."""
    plain = _PUT_INSIDE.sub(r"\1", cell)
    return plain[1:] if plain.startswith("'") and plain[1:].lstrip().startswith(tuple(STARTS)) else plain


def day_in(cell: str) -> date | None:
    """A day as we hand it out, or as an American spreadsheet writes it: 2026-01-31, 1/31/2026. A year of two digits tells no
    century. None: no day."""
    text = cell.strip()
    if american := _AMERICAN.fullmatch(text):
        month, day, year = map(int, american.groups())
        text = f"{year:04d}-{month:02d}-{day:02d}"
    try:
        return date.fromisoformat(text[:10]) if len(text) >= 10 and text[10:] in ("", " 00:00:00") else None
    except ValueError:
        return None


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as UTF-8 with a byte order mark, so that names in any script open right; every cell quoted, CRLF."""
    return b"".join(csv_blocks(rows))


def csv_blocks(rows: Iterable[Sequence[str]], *, size: int = 500) -> Iterator[bytes]:
    """`csv_bytes` in blocks of `size` rows: a list of any length in the memory of one block."""
    left = iter(rows)
    yield codecs.BOM_UTF8
    while some := list(islice(left, size)):
        out = io.StringIO(newline="")
        csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(
            [text_cell(cell) for cell in row] for row in some
        )
        yield out.getvalue().encode()
