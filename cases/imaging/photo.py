"""Photographs and scans: opening them safely, and turning them into upright sRGB pictures without metadata."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pi_heif
from PIL import Image, JpegImagePlugin

from cases.imaging.colour import to_srgb
from cases.imaging.exif import ExifFacts, read_exif
from cases.imaging.facts import Examination, Reading
from cases.imaging.limits import MAX_PAGES, MAX_PIXELS, MAX_SIDE
from cases.imaging.refusal import Refused, refusing_bad_input
from cases.imaging.sniff import HEIC, JPEG, PNG, TIFF, WEBP, MediaType

# Pillow's own alarm rings at 89 megapixels; ours (below, on every page) is the one that counts.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)

# One named reader a file: Pillow's open without a list would try them all, Ghostscript included.
_PILLOW_FORMAT = {PNG: "PNG", TIFF: "TIFF", WEBP: "WEBP", HEIC: "HEIF"}
_FAITHFUL_MODES = frozenset(
    {"1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "LAB", "I;16", "I;16B", "I;16L"}
)
_TURN_UPRIGHT = {  # EXIF 2.32, tag 0x0112
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_NEW_SUBFILE_TYPE = 254
_REDUCED_RESOLUTION = 1


def read_photo(path: Path, media_type: MediaType, long_side: int) -> Reading:
    """Decode every page of a photograph or scan; raise Refused if any of it fails.

    The pictures come upright, in sRGB, 8 bits, at most `long_side` pixels long and without anything but pixels. A JPEG
    is decoded at the smallest scale that still gives `long_side`: a third of the time of a full decode, and each of
    its coded bytes still passes through the entropy decoder, so a cut file is found out all the same.
    """
    with _open_photo(path, media_type) as image:
        lossy = media_type in (JPEG, HEIC, WEBP) or image.info.get("compression") in ("jpeg", "tiff_jpeg", "webp")
        pages = []
        for number in _page_numbers(image, MAX_PAGES):
            image.seek(number)
            pages.append(_read_page(image, long_side))
    first = pages[0]
    examination = Examination(
        media_type=media_type.mime,
        family=media_type.family.value,
        width=first.width,
        height=first.height,
        pages=len(pages),
        bits_stored=first.bits_stored,
        photometric=first.mode,
        lossy=lossy,
        captured_at=first.said.captured_at,
        device=first.said.device,
        radiograph=None,
        identity=None,
    )
    return Reading(examination, tuple(page.picture for page in pages))


def pictures_of(path: Path, media_type: MediaType, long_side: int, *, most: int) -> Iterator[Image.Image]:
    """The picture of each page as `read_photo` draws it, one after the other: `most` of them need the memory of one."""
    with _open_photo(path, media_type) as image:
        for number in _page_numbers(image, most):
            image.seek(number)
            yield _read_page(image, long_side).picture


@dataclass(frozen=True)
class _Page:
    """One page: its upright size, mode and bits as stored, what it says, and its picture."""

    width: int
    height: int
    mode: str
    bits_stored: int
    said: ExifFacts
    picture: Image.Image


@contextmanager
def _open_photo(path: Path, media_type: MediaType) -> Iterator[Image.Image]:
    """Open with the one reader for this type, every warning an error while it is open."""
    with path.open("rb") as stream, warnings.catch_warnings(), refusing_bad_input():
        warnings.simplefilter("error")
        if media_type is JPEG:
            # The class itself: Image.open would read the index of trailing pictures (MPF) and stumble over a cut one.
            image: Image.Image = JpegImagePlugin.JpegImageFile(stream)
        else:
            image = _open_listed(stream, media_type)
        _refuse_moving(image, media_type)
        yield image


def _open_listed(stream: object, media_type: MediaType) -> Image.Image:
    try:
        return Image.open(stream, formats=[_PILLOW_FORMAT[media_type]])  # type: ignore[arg-type]
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Refused("too-many-pixels") from error


def _refuse_moving(image: Image.Image, media_type: MediaType) -> None:
    """Films are refused. A HEIC's further pictures (bursts, gain maps) are not: its primary picture is shown."""
    if media_type in (PNG, WEBP) and getattr(image, "n_frames", 1) > 1:
        raise Refused("moving-picture")


def _page_numbers(image: Image.Image, most: int) -> list[int]:
    """The pages to show: all of a TIFF but its thumbnails, the primary picture of anything else."""
    if image.format != "TIFF":
        return [image.tell()]
    count = getattr(image, "n_frames", 1)
    if count > 2 * most:
        raise Refused("too-many-pages")
    pages = []
    for page in range(count):
        image.seek(page)
        if not int(image.tag_v2.get(_NEW_SUBFILE_TYPE, 0)) & _REDUCED_RESOLUTION:  # type: ignore[attr-defined]
            pages.append(page)
    if len(pages) > most:
        raise Refused("too-many-pages")
    if not pages:
        raise Refused("decode-failed")
    return pages


def _refuse_size_and_mode(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS or max(image.size) > MAX_SIDE:
        raise Refused("too-many-pixels")
    if image.mode not in _FAITHFUL_MODES:
        raise Refused("pixel-format")


def _read_page(image: Image.Image, long_side: int) -> _Page:
    _refuse_size_and_mode(image)
    mode, bits, profile, stored_size = image.mode, _bits_stored(image), image.info.get("icc_profile"), image.size
    scaled = image.draft(None, (long_side, long_side)) is not None
    image.load()
    if not scaled:
        stored_size = image.size  # a TIFF turns itself upright while it loads; a JPEG's scaled size is not its own
    small = _shrunk(image, long_side).copy()  # the pages of a TIFF share one image object
    said = read_exif(image)
    picture = to_srgb(small, profile)
    if said.orientation in _TURN_UPRIGHT:
        picture = picture.transpose(_TURN_UPRIGHT[said.orientation])
    picture.info = {}
    width, height = reversed(stored_size) if said.orientation >= 5 else stored_size
    return _Page(width, height, mode, bits, said, picture)


def _bits_stored(image: Image.Image) -> int:
    if image.mode == "1":
        return 1
    if image.mode.startswith("I;16") or ";16" in str(
        getattr(image, "tile", "")
    ):  # 16-bit colour opens as 8, its reader says so
        return 16
    return int(image.info.get("bit_depth", 8))


def _shrunk(image: Image.Image, long_side: int) -> Image.Image:
    """Scale down in the picture's own colours; what cannot be averaged (palettes, 16 bits) becomes 8-bit first."""
    if image.mode in ("1", "P", "PA"):
        image = image.convert("RGBA" if image.has_transparency_data else "L" if image.mode == "1" else "RGB")
    elif image.mode.startswith("I;16"):
        image = _upper_eight_bits(image)
    elif "transparency" in image.info:
        image = image.convert("RGBA")
    image.thumbnail((long_side, long_side), Image.Resampling.BICUBIC, reducing_gap=1.0)
    return image


def _upper_eight_bits(image: Image.Image) -> Image.Image:
    return image.point(lambda value: value * (1 / 256)).convert("L")
