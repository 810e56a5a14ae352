"""What a file says of itself, as plain data. Nothing here is believed; it is kept, compared and shown."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cases.imaging.limits import MAX_TEXT


@dataclass(frozen=True)
class SaidTime:
    """A capture time in the file's own words.

    `local` is ISO 8601 without a zone, as the device's clock stood; `offset` is the distance from UTC ("-05:00") only
    where the file states it. No zone is ever guessed.
    """

    local: str
    offset: str | None
    source: str


@dataclass(frozen=True)
class Identity:
    """The person a DICOM file names (PS3.3 C.7.1.1); photographs name nobody."""

    family_name: str
    given_name: str
    middle_name: str
    name_prefix: str
    name_suffix: str
    ideographic_name: str
    phonetic_name: str
    patient_id: str
    patient_id_issuer: str
    birth_date: str | None  # ISO 8601, None where absent or not a date


@dataclass(frozen=True)
class Window:
    """A grey window of the file: centre and width in modality units (PS3.3 C.11.2)."""

    center: float
    width: float
    function: str
    explanation: str


@dataclass(frozen=True)
class PixelSpacing:
    """Millimetres between rows and between columns, and the attribute that said so."""

    row_mm: float
    column_mm: float
    source: str


@dataclass(frozen=True)
class Device:
    """The device as the file names it."""

    make: str
    model: str
    serial: str
    software: str


@dataclass(frozen=True)
class RadiographFacts:
    """What only a DICOM radiograph says."""

    transfer_syntax: str
    modality: str
    sop_class: str
    sop_instance: str
    study_instance: str
    series_instance: str
    pixel_spacing: PixelSpacing | None
    windows: tuple[Window, ...]
    laterality: str
    burned_in_annotation: bool | None


@dataclass(frozen=True)
class Examination:
    """All that a complete decode has shown. Width and height in pixels, upright; a document's are its first page's."""

    media_type: str
    family: str
    width: int
    height: int
    pages: int
    bits_stored: int
    photometric: str
    lossy: bool
    captured_at: SaidTime | None
    device: Device
    radiograph: RadiographFacts | None
    identity: Identity | None

    def as_json(self) -> dict[str, Any]:
        """The same as nested dicts and lists that json.dumps takes."""
        return asdict(self)


@dataclass(frozen=True)
class Film:
    """The stored samples of a grey radiograph: their bit patterns, and the grey and modality value of each pattern.

    `greys` is what the file asks to be shown (window, table, padding and inversion in it). `modality` is kept only where
    it is not `slope` times the value plus `intercept`.
    """

    patterns: npt.NDArray[Any]  # (rows, columns), uint8 or uint16
    greys: npt.NDArray[np.uint8]
    modality: npt.NDArray[np.float64] | None
    header: dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """One complete decode of a file: its facts, its pages as upright 8-bit pictures in grey or sRGB, and its samples."""

    examination: Examination
    pictures: tuple[Image.Image, ...]
    film: Film | None = None


NO_DEVICE = Device(make="", model="", serial="", software="")


def clean_text(value: object) -> str:
    """Text from a file as one short line that any database takes: no control characters, no lone surrogates."""
    text = "" if value is None else str(value)
    printable = "".join(char if char.isprintable() else " " for char in text[: 4 * MAX_TEXT])
    return " ".join(printable.encode("utf-8", "replace").decode("utf-8").split())[:MAX_TEXT]
