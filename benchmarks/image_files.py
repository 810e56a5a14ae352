"""Files for `benchmarks.images`: films of a sensor and of a panoramic machine in each transfer syntax, and a phone's photographs."""

import functools
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pillow_heif
from PIL import Image
from pydicom import uid

from cases.drawing.dentition import dentition_for
from cases.drawing.photograph import draw_photograph
from cases.drawing.radiograph import draw_radiograph
from tests.corpus import photographs, radiographs

Encoder = Callable[[np.ndarray, int], bytes]
SYNTAXES: dict[str, tuple[str, Encoder | None]] = {
    "raw": (uid.ExplicitVRLittleEndian, None),
    "JPEG lossless": (uid.JPEGLosslessSV1, radiographs.by_gdcm("JPEGLosslessProcess14_1")),
    "JPEG-LS": (uid.JPEGLSLossless, radiographs.by_charls(0)),
    "RLE": (uid.RLELossless, radiographs.by_rle),
    "JPEG 2000": (uid.JPEG2000Lossless, radiographs.by_openjpeg),
    "HTJ2K": (uid.HTJ2KLossless, radiographs.by_openjph(True)),
}
REFUSED_BY_ORTHANC = ("JPEG 2000", "HTJ2K")
MEGAPIXELS_12 = (4000, 3000)


@dataclass(frozen=True)
class Film:
    """What a machine gives: the view, as the product names it, and its size."""

    view: str
    rows: int
    columns: int
    bits: int


FILMS = {"intraoral": Film("bitewing-right", 1700, 1300, 12), "panoramic": Film("panoramic", 1500, 2800, 16)}


@functools.cache
def _samples(kind: str) -> np.ndarray:
    """A drawn film at the full size of its machine, with a sensor's noise, which is what costs a codec its time."""
    film, mouth = FILMS[kind], dentition_for(9.0, np.random.default_rng(5))
    drawn = draw_radiograph(film.view.replace("-", "_"), mouth, seed=5, bits=film.bits)
    high = np.arange(film.rows) * drawn.shape[0] // film.rows
    wide = np.arange(film.columns) * drawn.shape[1] // film.columns
    noise = np.random.default_rng(6).normal(0, 8 * 2 ** (film.bits - 12), (film.rows, film.columns))
    return np.clip(drawn[high][:, wide] + noise, 0, 2**film.bits - 1).astype(np.uint16)


@functools.cache
def _frame(kind: str, syntax: str) -> bytes | None:
    encode = SYNTAXES[syntax][1]
    return encode(_samples(kind), FILMS[kind].bits) if encode else None


def film(kind: str, syntax: str, number: int, *, child: int) -> bytes:
    """A DICOM file of one of the children of `tests.flows.prepare`; `number` makes it another object: both servers know what they have."""
    samples, bits = _samples(kind), FILMS[kind].bits
    born = date(2018, 3, 14) + timedelta(days=child)
    middle, width = float(np.median(samples)), float(2**bits * 0.8)
    return radiographs.radiograph(
        samples, bits=bits, syntax=SYNTAXES[syntax][0], frame=_frame(kind, syntax), PatientName=f"Villanueva-Reyes^Mateo {child}",
        PatientID="AC-20417", PatientBirthDate=f"{born:%Y%m%d}", SOPInstanceUID=f"2.25.{number}", WindowCenter=middle, WindowWidth=width,
    )  # fmt: skip


@functools.cache
def _photograph() -> Image.Image:
    """12 megapixels as a phone takes them: a drawn mouth, enlarged, with grain."""
    drawn = draw_photograph("frontal", dentition_for(9.0, np.random.default_rng(5)), seed=5, size=(1000, 750))
    large = np.asarray(drawn.convert("RGB").resize(MEGAPIXELS_12, Image.Resampling.BICUBIC)).astype(np.int16)
    grain = np.random.default_rng(7).integers(-14, 15, large.shape, np.int16)
    return Image.fromarray(np.clip(large + grain, 0, 255).astype(np.uint8))


def photograph(kind: str) -> bytes:
    """The photograph as JPEG (baseline), PNG or HEIC, turned by its EXIF as a phone held upright says it."""
    out, said = io.BytesIO(), photographs.exif(6).tobytes()
    if kind == "HEIC":
        pillow_heif.from_pillow(_photograph()).save(out, quality=80, exif=said)
    else:
        _photograph().save(out, kind, exif=said, **({"quality": 88} if kind == "JPEG" else {"compress_level": 3}))
    return out.getvalue()
