"""Drawing mouths once, and making many different files of them. Called in the decoder's child; knows no Django.

Drawing a picture takes most of a second, changing one a tenth: another crop, light, grain and moment each time, so
that no two patients share a byte.
"""

import math
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from billing.demonstration.mouths import MOUTHS
from cases.drawing.camera import as_camera_file
from cases.drawing.dicom_file import Device, as_dicom
from cases.drawing.photograph import draw_photograph
from cases.drawing.radiograph import PANORAMIC_SPACING_MM, PIXEL_SPACING_MM, draw_radiograph
from cases.drawing.slate import draw_slate

BITS = 12
GRAIN = 512  # pixels: the side of the patch of grain that is repeated over a shot
SENSOR, PANORAMIC = Device(), Device(model="NL Panorama 3", serial="NLP-0093")


def draw(*, mouth: str, view: str, tooth: str, width: int, out: str) -> dict[str, Any]:
    """Draw one view of a mouth into `out`, as NPY: a photograph (rows, columns, 3) uint8, a radiograph uint16."""
    drawn = MOUTHS[mouth]
    if is_film(view):
        np.save(out, draw_radiograph(view, drawn.dentition(), seed=drawn.seed, bits=BITS, tooth=tooth or "11"))
    else:
        picture = draw_photograph(view, drawn.dentition(), seed=drawn.seed, size=(width, width * 2 // 3))
        np.save(out, np.asarray(picture))
    return {}


def is_film(view: str) -> bool:
    return view in ("bitewing_right", "bitewing_left", "periapical", "panoramic")


def photograph(
    *,
    source: str,
    out: str,
    flipped: bool,
    in_mirror: bool,
    blurred: bool,
    seed: int,
    taken_at: str,
    make: str,
    model: str,
    cut: float,
) -> dict[str, Any]:
    """One shot of a drawn view, as the camera saves it. `flipped` is the mouth's mirror image, `in_mirror` the shot's.

    `cut` below 1 keeps only that share of the file, as a card that was pulled out too early does.
    """
    rng = np.random.default_rng(seed)
    picture = Image.fromarray(np.load(source))
    if flipped != in_mirror:
        picture = ImageOps.mirror(picture)
    picture = _framed(picture, rng)
    if blurred:
        picture = picture.filter(ImageFilter.GaussianBlur(picture.width / 110))
    content = as_camera_file(
        _lit(picture, rng),
        captured_at=datetime.fromisoformat(taken_at),
        make=make,
        model=model,
        quality=int(rng.integers(84, 93)),
    )
    Path(out).write_bytes(content[: int(len(content) * cut)])
    return {}


def _framed(picture: Image.Image, rng: Generator) -> Image.Image:
    """The camera held a little otherwise: turned by some degrees, nearer, off the middle. One resampling for all."""
    width, height = picture.size
    turn, share = (
        float(np.clip(rng.normal(0.0, 0.025), -0.05, 0.05)),
        float(rng.uniform(0.80, 0.88)),
    )  # no corner stays empty
    cosine, sine = share * math.cos(turn), share * math.sin(turn)
    shift = [float(rng.uniform(-0.1, 0.1)) * (1 - share) * side for side in (width, height)]
    x, y = (side / 2 + moved for side, moved in zip((width, height), shift, strict=True))
    affine = (
        cosine,
        sine,
        x - cosine * width / 2 - sine * height / 2,
        -sine,
        cosine,
        y + sine * width / 2 - cosine * height / 2,
    )
    return picture.transform(picture.size, Image.Transform.AFFINE, affine, Image.Resampling.BILINEAR)


def _lit(picture: Image.Image, rng: Generator) -> Image.Image:
    """Another light: exposure, white balance, and the grain of this very shot."""
    balance = rng.normal(1.0, 0.07) * rng.normal(1.0, (0.03, 0.01, 0.03))
    picture = picture.point([min(255, round(value * gain)) for gain in balance for value in range(256)])
    values = np.asarray(picture, np.int16)
    tile = np.clip(np.rint(rng.standard_normal((GRAIN, GRAIN)) * 1.6), -7, 7).astype(np.int16)
    repeats = (-(-values.shape[0] // GRAIN), -(-values.shape[1] // GRAIN))
    grain = np.tile(tile, repeats)[: values.shape[0], : values.shape[1], None]
    return Image.fromarray(np.clip(values + grain, 0, 255).astype(np.uint8))


def radiograph(
    *,
    source: str,
    out: str,
    flipped: bool,
    seed: int,
    view: str,
    tooth: str,
    taken_at: str,
    name: str,
    identifier: str,
    born: str,
    syntax: str,
) -> dict[str, Any]:
    """One exposure of a drawn radiograph as DICOM, naming the patient as FAMILY^GIVEN. `tooth` is FDI."""
    rng = np.random.default_rng(seed)
    pixels = np.load(source)
    pixels = pixels[:, ::-1] if flipped else pixels
    if view != "panoramic":  # a sensor lies a little otherwise each time; its border is dark all round
        pixels = np.roll(pixels, tuple(int(n) for n in rng.integers(-12, 13, 2)), (0, 1))
    exposed = pixels * np.float32(rng.normal(1.0, 0.04)) + rng.standard_normal(pixels.shape, np.float32) * np.float32(
        9.0
    )
    content = as_dicom(
        np.clip(exposed, 0, 2**BITS - 1).astype(np.uint16), view=view, patient_name=name, patient_id=identifier,
        birth_date=date.fromisoformat(born), captured_at=datetime.fromisoformat(taken_at), bits_stored=BITS, tooth=tooth or None,
        transfer_syntax=syntax, device=PANORAMIC if view == "panoramic" else SENSOR,
        pixel_spacing=PANORAMIC_SPACING_MM if view == "panoramic" else PIXEL_SPACING_MM,
    )  # fmt: skip
    Path(out).write_bytes(content)
    return {}


def slate(
    *, out: str, name: str, code: str, seed: int, width: int, taken_at: str, make: str, model: str
) -> dict[str, Any]:
    """The name card before a series, photographed with the same camera."""
    card = draw_slate(name, code, seed=seed, size=(width, width * 2 // 3))
    Path(out).write_bytes(as_camera_file(card, captured_at=datetime.fromisoformat(taken_at), make=make, model=model))
    return {}


def letter(*, out: str, lines: list[str]) -> dict[str, Any]:
    """A page of another dentist's plan, as the scanner of an office makes it."""
    page = Image.new("L", (1240, 1754), 250)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(30)
    for row, line in enumerate(lines):
        pen.text((140, 160 + 58 * row), line, fill=30, font=font)
    page.rotate(0.4, Image.Resampling.BICUBIC, fillcolor=250).save(out, "PDF", resolution=150)
    return {}
