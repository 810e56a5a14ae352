"""Make the two printed documents: fixed templates, people's text as data, a private folder that is gone afterwards."""

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

from billing.packet.content import DataSheetContent, Moment, PacketContent
from billing.packet.errors import PacketError
from billing.packet.fonts import FAMILIES, typst_fonts
from billing.packet.glyphs import printable
from billing.packet.layout import packet_data
from billing.packet.moments import moment_text
from billing.packet.pictures import bring_pictures
from billing.packet.sheet import sheet_data


@dataclass(frozen=True, slots=True)
class Composed:
    """A finished PDF: its number of pages, its size in bytes and the SHA-256 of those bytes, in hex."""

    pages: int
    size: int
    sha256: str


def compose_packet(content: PacketContent, *, images_dir: Path, out: Path, at: datetime) -> Composed:
    """Write the documentation packet as tagged PDF/UA-1 to ``out``; the same content and ``at`` give the same bytes.

    ``images_dir`` holds the JPEGs named in the content. ``at`` (aware) is printed as the time when the document was
    made. Raises PacketError when it cannot be made; then nothing stands at ``out``.
    """

    def data_in(root: Path) -> dict[str, Any]:
        return packet_data(content, bring_pictures(content.images, images_dir=images_dir, root=root))

    return _compose("packet.typ", data_in, out=out, at=at)


def compose_data_sheet(content: DataSheetContent, *, out: Path, at: datetime) -> Composed:
    """Write the claim data sheet (item number, own label, value) as tagged PDF/UA-1 to ``out``. Otherwise as
    ``compose_packet``.
    """
    return _compose("data_sheet.typ", lambda _root: sheet_data(content), out=out, at=at)


def _compose(template: str, data_in: Callable[[Path], dict[str, Any]], *, out: Path, at: datetime) -> Composed:
    made = moment_text(Moment(at.astimezone(UTC), "UTC")) if at.tzinfo else _no_zone(at)
    with tempfile.TemporaryDirectory(prefix="packet-") as folder:  # 0700 by mkdtemp
        root = Path(folder)
        data, replaced = printable(data_in(root))
        data |= {"fonts": FAMILIES, "made": made, "replaced": replaced}
        (root / "data.json").write_text(json.dumps(data), encoding="utf-8")
        _bring_templates(root, template)
        pdf = _laid_out(root, template, at)
        _put(pdf, out)
    return Composed(pages=_pages(pdf), size=len(pdf), sha256=hashlib.sha256(pdf).hexdigest())


def _no_zone(at: datetime) -> str:
    raise ValueError(f"The time {at.isoformat()} has no zone; pass an aware one.")


def _bring_templates(root: Path, template: str) -> None:
    for name in ("base.typ", template):
        with as_file(files("billing.packet").joinpath(name)) as source:
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
        raise PacketError(f"The document could not be laid out: {exc.message} The record itself is unharmed.") from exc
    if not isinstance(pdf, bytes):
        raise PacketError("The document could not be laid out as one file. The record itself is unharmed.")
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
