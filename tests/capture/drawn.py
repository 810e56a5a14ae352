"""Small real files for the receiver: a photograph with a camera's own metadata, a radiograph that names a patient."""

import io
from datetime import UTC, date, datetime

import numpy as np
from PIL import Image

from cases.drawing.camera import as_camera_file
from cases.drawing.dicom_file import as_dicom


def local(day: int, hour: int, minute: int) -> datetime:
    """A November time as a camera writes it: by the clock on the wall, without a zone."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC).replace(tzinfo=None)


def photograph(captured_at: datetime | None, *, seed: int = 0) -> bytes:
    """A JPEG of 240 x 160; without a time it carries no metadata at all."""
    noise = np.random.default_rng(seed).integers(0, 255, (160, 240, 3), dtype=np.uint8)
    image = Image.fromarray(noise)
    if captured_at is not None:
        return as_camera_file(image, captured_at=captured_at, make="Invented", model="Oral 3")
    target = io.BytesIO()
    image.save(target, "JPEG")
    return target.getvalue()


def radiograph(
    name: str = "VILLANUEVA-REYES^MATEO", *, born: date = date(2018, 3, 14), patient_id: str = "AC-20417", seed: int = 0
) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 4095, (120, 160), dtype=np.uint16)
    return as_dicom(
        pixels, view="bitewing_left", patient_name=name, patient_id=patient_id, birth_date=born, bits_stored=12,
        captured_at=local(17, 10, 40),
    )  # fmt: skip
