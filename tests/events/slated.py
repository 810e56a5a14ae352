"""A slate as it is shown on a screen, and photographed: askew in a mouth's photograph, with noise, as a camera's JPEG."""

import io
from datetime import datetime
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from cases.drawing.camera import as_camera_file
from cases.drawing.dentition import dentition_for
from cases.drawing.photograph import draw_photograph
from cases.events.slates import QUIET, Slate, square_of

SCREEN = (1200, 800)


def screen(slate: Slate, name: str = "Mateo Villanueva-Reyes") -> Image.Image:
    """What stands on the tablet."""
    shown = Image.new("L", SCREEN, 255)
    pen = ImageDraw.Draw(shown)
    for text, size, row in (
        (name, 60, 120),
        ("born 14 Mar 2018", 44, 220),
        ("Room 12", 44, 300),
        (slate.tag, 130, 420),
    ):
        pen.text((50, row), text, fill=0, font=ImageFont.load_default(size))
    code = code_picture(slate)
    scale = 560 // code.width
    shown.paste(code.resize((code.width * scale, code.width * scale), Image.Resampling.NEAREST), (630, 130))
    return shown


def code_picture(slate: Slate) -> Image.Image:
    """A pixel a module, with the white round it."""
    side, bits = square_of(slate)
    dark = np.array([int(bit) for digit in bits for bit in f"{int(digit, 16):04b}"][: side * side]).reshape(side, side)
    return Image.fromarray((np.pad(1 - dark, QUIET, constant_values=1) * 255).astype(np.uint8))


def photographed(
    slate: Slate | None, *, share: float = 0.4, angle: float = 12.0, noise: float = 9.0, blur: float = 1.0, seed: int = 3,
    size: tuple[int, int] = (2400, 1600), gain: float = 0.8,
) -> Image.Image:  # fmt: skip
    """A photograph in which the slate is `share` of the width, turned by `angle` and seen from one side."""
    rng = np.random.default_rng(seed)
    picture = _mouth(seed, size).copy()
    if slate is not None:
        card = screen(slate).convert("RGB").point(lambda value: int(20 + gain * value))
        card = card.resize(
            (round(share * size[0]), round(share * size[0] * SCREEN[1] / SCREEN[0])), Image.Resampling.BICUBIC
        )
        laid, mask = _askew(card), _askew(Image.new("L", card.size, 255))
        laid, mask = (one.rotate(angle, Image.Resampling.BICUBIC, expand=True) for one in (laid, mask))
        picture.paste(laid, ((size[0] - laid.width) // 2, (size[1] - laid.height) // 2), mask)
    soft = picture.filter(ImageFilter.GaussianBlur(blur))
    grains = rng.normal(0.0, noise, (size[1], size[0], 3))
    return Image.fromarray(np.clip(np.asarray(soft, np.float32) + grains, 0, 255).astype(np.uint8))


@lru_cache(maxsize=4)
def _mouth(seed: int, size: tuple[int, int]) -> Image.Image:
    return draw_photograph("frontal", dentition_for(8.0, np.random.default_rng(seed)), seed=seed, size=size)


def _askew(card: Image.Image) -> Image.Image:
    """The right side further away than the left."""
    width, height = card.size
    near = 0.12 * height
    corners = (0, 0, 0, height, width, height + near, width, -near)  # of the source, for each corner of the result
    return card.transform(card.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)


def jpeg(picture: Image.Image, taken: datetime | None = None) -> bytes:
    if taken is not None:
        return as_camera_file(picture, captured_at=taken, make="Invented", model="Intraoral 3")
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=85)
    return kept.getvalue()
