from collections.abc import Callable
from pathlib import Path

import pytest

from billing.packet.compose import compose_data_sheet, compose_packet
from billing.packet.content import DataSheetContent, PacketContent
from tests.billing.packet.samples import AT, write_images


@pytest.fixture
def print_packet(tmp_path: Path) -> Callable[[PacketContent], Path]:
    def printed(content: PacketContent) -> Path:
        compose_packet(
            content, images_dir=write_images(content, tmp_path / "images"), out=tmp_path / "packet.pdf", at=AT
        )
        return tmp_path / "packet.pdf"

    return printed


@pytest.fixture
def print_sheet(tmp_path: Path) -> Callable[[DataSheetContent], Path]:
    def printed(content: DataSheetContent) -> Path:
        compose_data_sheet(content, out=tmp_path / "sheet.pdf", at=AT)
        return tmp_path / "sheet.pdf"

    return printed
