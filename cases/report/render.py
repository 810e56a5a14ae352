"""The report as work for a process that has no database: a JSON file in, a PDF out, called by dotted name."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from teledent.printing.typesetting import typeset


def render_report(*, source: str, out_dir: str, at: str) -> dict[str, Any]:
    """Make ``report.pdf`` in ``out_dir`` from a Document's JSON file; ``at`` is the aware ISO time to print and stamp.

    Returns file (name in ``out_dir``), pages, size in bytes and sha256. Raises PrintError; then nothing is written.
    """
    document = json.loads(Path(source).read_text(encoding="utf-8"))
    out = Path(out_dir) / "report.pdf"
    printed = typeset("cases.report", "report.typ", lambda _root: document, out=out, at=datetime.fromisoformat(at))
    return {"file": out.name, **asdict(printed)}
