"""What lies on a hygienist's card after a patient: drawn photographs as a camera and a phone write them, DICOM radiographs."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image

from cases.drawing.camera import as_camera_file
from cases.drawing.dentition import Dentition, dentition_for
from cases.drawing.dicom_file import as_dicom
from cases.drawing.photograph import draw_photograph
from cases.drawing.radiograph import draw_radiograph
from tests.services.fixtures import Installation

SIZE = (900, 600)
IN_A_MIRROR = ("upper", "lower")
IMPORT = """
from django.core.management import call_command
call_command("import_case", {folder!r}, site="Alder Creek Elementary", by="hana@example.org")
"""


@dataclass(frozen=True)
class Card:
    """The card of one patient. `name` in DICOM's form FAMILY^GIVEN; `taken_at` by the clock of the site."""

    folder: Path
    name: str
    identifier: str
    born: date
    taken_at: datetime
    seed: int

    @property
    def mouth(self) -> Dentition:
        years = (self.taken_at.date() - self.born).days / 365.25
        return dentition_for(min(years, 30.0), np.random.default_rng(self.seed))

    def photographs(self, *views: str, phone: str = "", seed: int = 0) -> list[Path]:
        """A file for each view, in this order; that of the view `phone` is a HEIC, all others JPEG with EXIF."""
        return [self._kept(self._photograph(view, seed or self.seed), view, phone) for view in views]

    def _photograph(self, view: str, seed: int) -> Image.Image:
        return draw_photograph(view, self.mouth, seed=seed, size=SIZE, mirrored=view in IN_A_MIRROR)

    def _kept(self, picture: Image.Image, view: str, phone: str) -> Path:
        if view == phone:
            target = io.BytesIO()
            pillow_heif.from_pillow(picture).save(target, quality=80)
            return self._written(f"{view}.heic", target.getvalue())
        return self._written(
            f"{view}-{len(list(self.folder.iterdir()))}.jpg",
            as_camera_file(picture, captured_at=self.taken_at, make="Invented", model="Intraoral 3"),
        )

    def radiographs(self, *views: str) -> Mapping[str, Path]:
        """A DICOM file for each view (bitewing_left), by the name that Capture has for the view (bitewing-left)."""
        return {view.replace("_", "-"): self._written(f"{view}.dcm", self._radiograph(view)) for view in views}

    def _radiograph(self, view: str) -> bytes:
        return as_dicom(
            draw_radiograph(view, self.mouth, seed=self.seed), view=view, patient_name=self.name, patient_id=self.identifier,
            birth_date=self.born, captured_at=self.taken_at, bits_stored=12,
        )  # fmt: skip

    def _written(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path


def import_unnamed(teledent: Installation, folder: Path, taken_at: datetime) -> None:
    """Import a card with a photograph that names nobody: it waits in the tray of Alder Creek."""
    folder.mkdir()
    Card(folder, "", "", date(2018, 3, 14), taken_at, seed=40).photographs("frontal")
    teledent.ask(IMPORT.format(folder=str(folder)))
