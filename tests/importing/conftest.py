"""A card as a camera leaves it, and the command that imports it."""

import io
from datetime import UTC, date, datetime

import numpy as np
import pytest
from django.core.management import call_command
from PIL import Image

from cases.drawing.camera import as_camera_file
from cases.drawing.dicom_file import as_dicom
from tests.cast import build_world

TAKEN = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)


def _noise(seed: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(90, 160, (48, 64, 3), dtype=np.uint8))


def photo(seed: int, *, file_format: str = "JPEG", taken: datetime = TAKEN) -> bytes:
    return as_camera_file(_noise(seed), captured_at=taken, make="Brightfield", model="C3", file_format=file_format)


def film(
    *, name: str = "VILLANUEVA^MATEO", identifier: str = "AC-20417", born: date = date(2018, 3, 14), seed: int = 1
) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 4096, (64, 80), dtype=np.uint16)
    return as_dicom(
        pixels, view="bitewing_left", patient_name=name, patient_id=identifier, birth_date=born, captured_at=TAKEN, bits_stored=12
    )  # fmt: skip


@pytest.fixture
def world(db):
    return build_world()


@pytest.fixture
def card(tmp_path):
    folder = tmp_path / "card"
    (folder / "DCIM" / "100CANON").mkdir(parents=True)
    (folder / "DCIM" / "100CANON" / "IMG_0001.JPG").write_bytes(photo(1))
    return folder


@pytest.fixture
def run(world):
    """Import a folder; what was printed, as rows of outcome and the rest."""

    def importing(folder, *, site="Alder Creek Elementary", by="hana@example.org", **options):
        out = io.StringIO()
        call_command("import_case", str(folder), site=site, by=by, stdout=out, **options)
        return [(line[:20].strip(), line[21:]) for line in out.getvalue().splitlines()[:-1]]

    return importing
