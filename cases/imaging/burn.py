"""Draws a dentist's marks into a copy of a picture, for whoever gets no record to lay them over: a payer.

The original and every other picture stay as they are. A band below the picture says whose marks they are.
"""

import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from cases.imaging.derive import encode
from cases.imaging.recipes import CLAIM
from teledent.printing.fonts import FAMILIES, code_points, typst_fonts

Mark = Mapping[str, Any]
Point = tuple[float, float]
INK, EDGE = (255, 210, 74), (0, 0, 0)
_HEAD = 0.45  # radians between an arrow's shaft and each side of its head


def burn_marks(*, source: str, marks: list[dict[str, Any]], caption: str) -> dict[str, Any]:
    """Draw `marks` and the caption into the claim JPEG `source`, in place. Runs in the decoder's child."""
    path = Path(source)
    with Image.open(path, formats=["JPEG"]) as opened:
        drawn = with_marks(opened.convert("RGB"), marks, caption)
    drawn, content = encode(drawn, CLAIM)
    path.write_bytes(content)
    return {"ok": True, "width": drawn.width, "height": drawn.height}


def with_marks(picture: Image.Image, marks: Iterable[Mark], caption: str) -> Image.Image:
    """A copy with the marks on it and the caption below it."""
    band = _band(picture.width, caption)
    whole = Image.new("RGB", (picture.width, picture.height + band.height), "white")
    whole.paste(picture, (0, 0))
    draw = ImageDraw.Draw(whole)
    for mark in marks:
        _draw(draw, mark, picture.size)
    whole.paste(band, (0, picture.height))  # last: a mark at the lower edge does not write over it
    return whole


def _draw(draw: ImageDraw.ImageDraw, mark: Mark, size: tuple[int, int]) -> None:
    across, down = size[0] / mark["width"], size[1] / mark["height"]
    start, end = (mark["x"] * across, mark["y"] * down), (mark["to_x"] * across, mark["to_y"] * down)
    width = max(2, round(max(size) / 400))
    if mark["kind"] == "circle":
        radius = math.dist(start, end)
        box = (start[0] - radius, start[1] - radius, start[0] + radius, start[1] + radius)
        draw.ellipse(_grown(box, width), outline=EDGE, width=3 * width)
        draw.ellipse(box, outline=INK, width=width)
    elif mark["kind"] == "arrow":
        for colour, thick in ((EDGE, 3 * width), (INK, width)):
            for line in ((start, end), *_head(start, end, 8 * width)):
                draw.line(line, fill=colour, width=thick)
    if mark["text"]:
        font = _font(mark["text"], max(14, round(max(size) / 60)))
        at = start if mark["kind"] == "text" else (start[0] + 4 * width, start[1] + 4 * width)
        draw.text(at, mark["text"], fill=INK, font=font, stroke_width=width, stroke_fill=EDGE)


def _grown(box: tuple[float, float, float, float], by: int) -> tuple[float, float, float, float]:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def _head(start: Point, end: Point, length: float) -> Iterable[tuple[Point, Point]]:
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    for side in (-_HEAD, _HEAD):
        yield end, (end[0] - length * math.cos(angle + side), end[1] - length * math.sin(angle + side))


def _band(width: int, caption: str) -> Image.Image:
    """Black on white, as small as it must be to stand in one line."""
    size = max(12, round(width / 55))
    font = _font(caption, size)
    while size > 8 and font.getlength(caption) > width - 16:
        size -= 1
        font = _font(caption, size)
    band = Image.new("RGB", (width, 2 * size), "white")
    ImageDraw.Draw(band).text((8, size), caption, fill="black", font=font, anchor="lm")
    return band


def _font(text: str, size: int) -> ImageFont.FreeTypeFont:
    """The first of our typefaces that has every character; the first of all where none has."""
    needed = {ord(char) for char in text if not char.isspace()}
    family = next((family for family in FAMILIES if needed <= code_points(family)), FAMILIES[0])
    return ImageFont.truetype(_path_of(family), size)


@cache
def _path_of(family: str) -> str:
    upright = (
        font for font in typst_fonts().fonts() if (font.family, font.style, font.weight) == (family, "normal", 400)
    )
    return str(next(upright).path)
