"""Letters as work for a process that has no database: a JSON file of letters in, one PDF out, called by dotted name."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from teledent.printing.typesetting import typeset


def render_letters(*, source: str, out_dir: str, title: str, at: str) -> dict[str, Any]:
    """Make ``letters.pdf`` in ``out_dir`` from a file with one letter's JSON a line; each begins on a page of its own.

    Returns file (name in ``out_dir``), pages, size in bytes and sha256. Raises PrintError; then nothing is written.
    """
    with Path(source).open(encoding="utf-8") as lines:
        letters = [json.loads(line) for line in lines]
    data = {"title": title, "language": letters[0]["language"], "letters": letters}
    out = Path(out_dir) / "letters.pdf"
    printed = typeset("cases.letters", "letters.typ", lambda _root: data, out=out, at=datetime.fromisoformat(at))
    return {"file": out.name, **asdict(printed)}


def render_school_list(*, source: str, out_dir: str, at: str) -> dict[str, Any]:
    """Make ``school_list.pdf`` in ``out_dir`` from the list's JSON file."""
    data = json.loads(Path(source).read_text(encoding="utf-8"))
    out = Path(out_dir) / "school_list.pdf"
    printed = typeset("cases.letters", "school_list.typ", lambda _root: data, out=out, at=datetime.fromisoformat(at))
    return {"file": out.name, **asdict(printed)}
