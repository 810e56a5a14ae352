"""The three documents as work for a process that has no database: plain files in, plain files out, called by dotted
name.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from billing.packet.appeal import AppealOrder, compose_appeal
from billing.packet.codec import from_json
from billing.packet.compose import compose_data_sheet, compose_packet
from billing.packet.content import DataSheetContent, PacketContent
from teledent.printing.typesetting import Printed


@dataclass(frozen=True, slots=True)
class PacketOrder:
    """What ``render_packet`` reads: written with ``to_json``. ``at`` is the aware time to print and to stamp."""

    content: PacketContent
    at: datetime


@dataclass(frozen=True, slots=True)
class DataSheetOrder:
    """What ``render_data_sheet`` reads: written with ``to_json``."""

    content: DataSheetContent
    at: datetime


def render_packet(*, source: str, out_dir: str) -> dict[str, Any]:
    """Make ``packet.pdf`` in ``out_dir`` from a PacketOrder's JSON file; the JPEGs stand in the folder of that file.

    Returns file (name in ``out_dir``), pages, size in bytes and sha256. Raises ValueError for a file that holds no
    order and PrintError for content that cannot be printed; nothing is written then.
    """
    order = from_json(PacketOrder, Path(source).read_text(encoding="utf-8"))
    out = Path(out_dir) / "packet.pdf"
    return _told(out, compose_packet(order.content, images_dir=Path(source).parent, out=out, at=order.at))


def render_data_sheet(*, source: str, out_dir: str) -> dict[str, Any]:
    """Make ``data_sheet.pdf`` in ``out_dir`` from a DataSheetOrder's JSON file. Otherwise as ``render_packet``."""
    order = from_json(DataSheetOrder, Path(source).read_text(encoding="utf-8"))
    out = Path(out_dir) / "data_sheet.pdf"
    return _told(out, compose_data_sheet(order.content, out=out, at=order.at))


def render_appeal(*, source: str, out_dir: str) -> dict[str, Any]:
    """Make ``appeal.pdf`` in ``out_dir`` from an AppealOrder's JSON file. Otherwise as ``render_packet``."""
    order = from_json(AppealOrder, Path(source).read_text(encoding="utf-8"))
    out = Path(out_dir) / "appeal.pdf"
    return _told(out, compose_appeal(order.content, images_dir=Path(source).parent, out=out, at=order.at))


def _told(out: Path, printed: Printed) -> dict[str, Any]:
    return {"file": out.name, **asdict(printed)}
