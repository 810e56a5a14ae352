"""What a hygienist brings home from one child: drawn photographs and a generated radiograph, small enough for tests."""

import io
from datetime import date, datetime

import numpy as np
from PIL import Image

from cases.drawing.camera import as_camera_file
from cases.drawing.dentition import dentition_for
from cases.drawing.dicom_file import as_dicom
from cases.drawing.photograph import draw_photograph
from cases.drawing.radiograph import draw_radiograph

SIZE = (480, 320)


def photographs(views: tuple[str, ...], *, taken_at: datetime, seed: int = 7) -> dict[str, bytes]:
    """A camera's JPEG for each view of one invented mouth."""
    mouth = dentition_for(8.6, np.random.default_rng(seed))
    return {
        view: as_camera_file(
            draw_photograph(view, mouth, seed=seed, size=SIZE),
            captured_at=taken_at,
            make="Invented",
            model="Intraoral 3",
        )
        for view in views
    }


def bitewing(*, name: str, pupil_id: str, born: date, taken_at: datetime, seed: int = 7) -> bytes:
    """A DICOM radiograph that carries the child's own name (FAMILY^GIVEN), id and birth date."""
    pixels = draw_radiograph("bitewing_right", dentition_for(8.6, np.random.default_rng(seed)), seed=seed)
    return as_dicom(
        pixels, view="bitewing_right", patient_name=name, patient_id=pupil_id, birth_date=born, captured_at=taken_at, bits_stored=12
    )  # fmt: skip


def large_photograph(*, megapixels: int = 40) -> bytes:
    """A picture whose decoding takes a while, though it is quickly sent."""
    side = int((megapixels * 1_000_000) ** 0.5)
    rows = np.arange(side, dtype=np.uint16)
    field = ((rows[:, None] // 8 + rows[None, :] // 8) % 256).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(np.stack([field, 255 - field, field // 2], axis=-1)).save(out, "JPEG", quality=60)
    return out.getvalue()


def snapshot(seed: int) -> bytes:
    """A small JPEG, another one for each seed."""
    noise = np.random.default_rng(seed).integers(90, 160, (120, 160, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "JPEG", quality=80)
    return out.getvalue()
