"""The pictures that people see: made from the original by a named recipe, upright, in sRGB, with nothing but pixels.

A derivative is known by recipe and version: change what a recipe does and raise its version.
"""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageOps

from cases.imaging.derived import Derived
from cases.imaging.examine import read
from cases.imaging.facts import Examination
from cases.imaging.recipes import RECIPES, Recipe

_LOWEST_QUALITY = 40
_QUALITY_STEP = 9
_SHRINK = 0.8


def derive(path: Path, examination: Examination, *, mirrored: bool, out_dir: Path) -> list[Derived]:
    """Write every recipe of every page into `out_dir`; raise Refused if the file is no longer what was examined.

    `mirrored` views (taken in a mirror) are turned left to right, so that they show the mouth as it is (RE-7).
    """
    reading = read(path)
    if reading.examination != examination:
        raise ValueError("the file has changed since it was examined")
    return write_pictures(reading.pictures, mirrored=mirrored, out_dir=out_dir)


def write_pictures(pictures: tuple[Image.Image, ...], *, mirrored: bool, out_dir: Path) -> list[Derived]:
    """Write every recipe of every picture into `out_dir`, the largest recipe first and each next one from it."""
    return [
        _write(made, recipe, page, len(pictures), out_dir)
        for page, picture in enumerate(pictures, start=1)
        for recipe, made in _made(ImageOps.mirror(picture) if mirrored else picture)
    ]


def _made(picture: Image.Image) -> Iterator[tuple[Recipe, Image.Image]]:
    for recipe in RECIPES:
        if max(picture.size) > recipe.long_side:
            picture = picture.copy()
            picture.thumbnail((recipe.long_side, recipe.long_side), Image.Resampling.BICUBIC, reducing_gap=1.0)
        picture.info = {}  # Pillow writes comments, profiles and XMP that it finds here
        yield recipe, picture


def _write(picture: Image.Image, recipe: Recipe, page: int, pages: int, out_dir: Path) -> Derived:
    picture, content = encode(picture, recipe)
    name = f"{recipe.name}{recipe.suffix}" if pages == 1 else f"{recipe.name}-p{page:02}{recipe.suffix}"
    (out_dir / name).write_bytes(content)
    return Derived(
        recipe=recipe.name,
        version=recipe.version,
        page=page,
        file_name=name,
        media_type=recipe.media_type,
        width=picture.width,
        height=picture.height,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def encode(picture: Image.Image, recipe: Recipe) -> tuple[Image.Image, bytes]:
    """Encode; a recipe with a ceiling steps its quality down, then its size, until the file is below it."""
    quality = recipe.quality
    while True:
        out = io.BytesIO()
        picture.save(out, format=recipe.pillow_format, quality=quality, **recipe.options)
        content = out.getvalue()
        if recipe.below_bytes is None or len(content) < recipe.below_bytes:
            return picture, content
        if quality > _LOWEST_QUALITY:
            quality = max(_LOWEST_QUALITY, quality - _QUALITY_STEP)
        else:
            picture = picture.resize([max(1, int(side * _SHRINK)) for side in picture.size])
