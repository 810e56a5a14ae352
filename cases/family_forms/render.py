"""Forms as work for a process that has no database: a JSON file of pages in, one PDF out, called by dotted name."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import segno

from teledent.printing.typesetting import typeset

QUIET = 4  # modules of white round a code, as readers want them


def render_forms(*, source: str, out_dir: str, title: str, at: str) -> dict[str, Any]:
    """Make ``forms.pdf`` in ``out_dir`` from a file with one page's JSON a line.

    Returns file (name in ``out_dir``), pages, size in bytes and sha256. Raises PrintError; then nothing is written.
    """
    with Path(source).open(encoding="utf-8") as lines:
        pages = [json.loads(line) for line in lines]

    def bring_codes(root: Path) -> dict[str, Any]:
        for number, page in enumerate(pages):
            page["code_file"] = f"code-{number}.svg"
            code = segno.make(page["code"], error="q", micro=False)
            code.save(str(root / page["code_file"]), border=QUIET, xmldecl=False, svgns=True)
        return {"title": title, "language": pages[0]["language"], "forms": pages}

    out = Path(out_dir) / "forms.pdf"
    printed = typeset("cases.family_forms", "forms.typ", bring_codes, out=out, at=datetime.fromisoformat(at))
    return {"file": out.name, **asdict(printed)}
