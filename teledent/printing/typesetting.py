"""Set a document as tagged PDF: a fixed template, people's text as data, a private folder that is gone afterwards."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pypdfium2
import typst

from teledent.printing.errors import PrintError
from teledent.printing.fonts import FAMILIES, code_points, typst_fonts
from teledent.printing.glyphs import printable
from teledent.printing.moments import Moment, moment_text

BASE = "base.typ"  # what every template imports


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished PDF: its number of pages, its size in bytes and the SHA-256 of those bytes, in hex."""

    pages: int
    size: int
    sha256: str


def typeset(
    package: str, template: str, data_in: Callable[[Path], dict[str, Any]], *, out: Path, at: datetime
) -> Printed:
    """Write ``template`` of ``package`` as PDF/UA-1 to ``out``; the same data and ``at`` (aware) give the same bytes.

    ``data_in`` gets the private folder, may put pictures there, and returns what the template reads as ``data.json``;
    added to it are ``fonts``, ``made`` (when) and ``replaced`` (characters without a typeface). Raises PrintError when
    it cannot be made; then nothing stands at ``out``.
    """
    _made(at)  # a time without a zone is refused before anything is written
    with tempfile.TemporaryDirectory(prefix="printing-") as folder:  # 0700 by mkdtemp
        root = Path(folder)
        bring_part(root, package, template, data_in(root), at=at)
        pdf = _laid_out(root, template, at)
        _put(pdf, out)
    return Printed(pages=_pages(pdf), size=len(pdf), sha256=hashlib.sha256(pdf).hexdigest())


def bring_part(folder: Path, package: str, template: str, data: dict[str, Any], *, at: datetime) -> None:
    """Bring ``template`` with its data into ``folder``: the root, or one inside it, from where another includes it."""
    said, replaced = printable(data)
    said |= {"fonts": FAMILIES, "made": _made(at), "replaced": replaced}
    (folder / "data.json").write_text(json.dumps(said), encoding="utf-8")
    _bring_template(folder, "teledent.printing", BASE)
    _bring_template(folder, package, template)


def _made(at: datetime) -> str:
    return moment_text(Moment(at.astimezone(UTC), "UTC")) if at.tzinfo else _no_zone(at)


def warm() -> None:
    """Open the typefaces and read what they cover, so that a child forked from here starts with them: saves about 0.3
    s each time.
    """
    typst_fonts()
    for family in FAMILIES:
        code_points(family)


def _no_zone(at: datetime) -> str:
    raise ValueError(f"The time {at.isoformat()} has no zone; pass an aware one.")


def _bring_template(root: Path, package: str, name: str) -> None:
    with as_file(files(package).joinpath(name)) as source:
        shutil.copyfile(source, root / name)


def _laid_out(root: Path, template: str, at: datetime) -> bytes:
    # The package folders point to places that are not there, so nothing beside the root can be brought in.
    compiler = typst.Compiler(
        root / template,
        root=root,
        font_paths=typst_fonts(),
        ignore_system_fonts=True,
        package_path=root / "no-packages",
        package_cache_path=root / "no-packages",
    )
    try:
        pdf = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=at)
    except typst.TypstError as exc:
        raise PrintError(f"The document could not be laid out: {exc.message} The record itself is unharmed.") from exc
    if not isinstance(pdf, bytes):
        raise PrintError("The document could not be laid out as one file. The record itself is unharmed.")
    return pdf


def _put(pdf: bytes, out: Path) -> None:
    """All or nothing: a reader of ``out`` never sees half a document."""
    part = out.with_name(f"{out.name}.part")
    part.write_bytes(pdf)
    part.replace(out)


def _pages(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()
