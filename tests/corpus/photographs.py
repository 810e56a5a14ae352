"""Photographs with known colours, with and without the things that phones and editors put beside the pixels."""

import io
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image, ImageCms

# Four corners that no turning or flipping confuses, as (top left, top right, bottom left, bottom right).
CORNERS = ((200, 30, 30), (30, 160, 30), (30, 30, 200), (220, 200, 40))
SECRET = "Ada Okafor"  # an invented name, put wherever a file has room for text
_TURNS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def four_corners(width: int = 96, height: int = 64) -> Image.Image:
    """Four flat fields of different colour."""
    picture = Image.new("RGB", (width, height))
    for index, colour in enumerate(CORNERS):
        box = (index % 2 * width // 2, index // 2 * height // 2)
        picture.paste(colour, (*box, box[0] + width // 2, box[1] + height // 2))
    return picture


def stored_turned(picture: Image.Image, orientation: int) -> Image.Image:
    """The pixels as a camera stores them that then says `orientation`: shown upright they are `picture` again."""
    turn = _TURNS[orientation]
    return picture if turn is None else picture.transpose(turn)


def exif(orientation: int = 1, *, offset: str | None = "-05:00") -> Image.Exif:
    """What a phone writes: camera, time, owner, position."""
    said = Image.Exif()
    said[0x0112], said[0x010F], said[0x0110], said[0x013B] = orientation, "Invented", "Phone 7", SECRET
    detail = {0x9003: "2026:11:03 09:14:05", 0xA431: "SN-17", 0x9291: "250"}
    said._ifds[0x8769] = detail | ({0x9011: offset} if offset else {})
    said._ifds[0x8825] = {1: "N", 2: (42.0, 20.0, 1.5), 3: "W", 4: (71.0, 3.0, 2.5)}
    return said


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """The picture as JPEG, PNG, TIFF, WEBP or HEIF, in the best quality there is."""
    out = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(picture).save(out, quality=-1, chroma=444, **options)
    else:
        bests: dict[str, dict[str, Any]] = {"JPEG": {"quality": 98, "subsampling": 0}, "WEBP": {"lossless": True}}
        best = bests.get(kind, {})
        picture.save(out, format=kind, **(best | options))
    return out.getvalue()


def noise(width: int, height: int, seed: int = 7) -> Image.Image:
    """The picture that compresses worst."""
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8))


def display_p3() -> bytes:
    """An ICC profile with the primaries of Display P3 and the curve of sRGB, made from the sRGB one by its matrix."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    columns = {
        b"rXYZ": (0.51512, 0.2412, -0.00105),
        b"gXYZ": (0.29198, 0.69225, 0.04189),
        b"bXYZ": (0.1571, 0.06657, 0.78407),
    }
    for index in range(int.from_bytes(profile[128:132], "big")):
        at = 132 + 12 * index
        if bytes(profile[at : at + 4]) in columns:
            where = int.from_bytes(profile[at + 4 : at + 8], "big") + 8
            numbers = (round(65536 * value) for value in columns[bytes(profile[at : at + 4])])
            profile[where : where + 12] = b"".join(number.to_bytes(4, "big", signed=True) for number in numbers)
    return bytes(profile)
