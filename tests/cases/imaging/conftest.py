"""Shared by the imaging tests: bytes in, what process_file says and the pictures it wrote out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cases.imaging.process import pack_film, process_file


@dataclass(frozen=True)
class Processed:
    answer: dict[str, Any]
    source: Path
    folder: Path

    @property
    def code(self) -> str:
        return str(self.answer.get("code", "ok"))

    @property
    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = self.answer["examination"]
        return facts

    def picture(self, name: str) -> Image.Image:
        found = next(self.folder.glob(f"{name}.*"))
        with Image.open(found) as image:
            image.load()
        return image

    def packed(self, *, mirrored: bool = False) -> list[dict[str, Any]]:
        """What the packing of samples says, beside the pictures that are there already."""
        answer = pack_film(source=str(self.source), out_dir=str(self.folder), mirrored=mirrored)
        derived: list[dict[str, Any]] = answer["derived"]
        return derived

    def contents(self) -> list[bytes]:
        return [(self.folder / one["file_name"]).read_bytes() for one in self.answer["derived"]]


@pytest.fixture
def process(tmp_path) -> Callable[..., Processed]:
    def run(content: bytes, *, mirrored: bool = False) -> Processed:
        source, folder = tmp_path / "IMG_0042", tmp_path / "out"
        source.write_bytes(content)
        folder.mkdir()
        return Processed(process_file(source=str(source), out_dir=str(folder), mirrored=mirrored), source, folder)

    return run
