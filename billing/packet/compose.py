"""Make the two printed documents of a claim."""

from datetime import datetime
from pathlib import Path
from typing import Any

from billing.packet.content import DataSheetContent, PacketContent
from billing.packet.layout import packet_data
from billing.packet.pictures import bring_pictures
from billing.packet.sheet import sheet_data
from teledent.printing.typesetting import Printed, typeset

HERE = "billing.packet"


def compose_packet(content: PacketContent, *, images_dir: Path, out: Path, at: datetime) -> Printed:
    """Write the documentation packet as tagged PDF/UA-1 to ``out``; the same content and ``at`` give the same bytes.

    ``images_dir`` holds the JPEGs named in the content. ``at`` (aware) is printed as the time when the document was
    made. Raises PrintError when it cannot be made; then nothing stands at ``out``.
    """

    def data_in(root: Path) -> dict[str, Any]:
        return packet_data(content, bring_pictures(content.images, images_dir=images_dir, root=root))

    return typeset(HERE, "packet.typ", data_in, out=out, at=at)


def compose_data_sheet(content: DataSheetContent, *, out: Path, at: datetime) -> Printed:
    """Write the claim data sheet (item number, own label, value) as tagged PDF/UA-1 to ``out``. Otherwise as
    ``compose_packet``.
    """
    return typeset(HERE, "data_sheet.typ", lambda _root: sheet_data(content), out=out, at=at)
