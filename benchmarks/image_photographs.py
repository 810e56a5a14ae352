"""Photographs for `benchmarks.images`: each made small by the product and by its peer, from the same file to bytes of the same kind."""

import importlib.util
import io
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image

from benchmarks import image_files
from cases.imaging.derive import encode
from cases.imaging.photo import read_photo
from cases.imaging.recipes import REVIEW
from cases.imaging.sniff import HEAD_BYTES, sniff

logging.getLogger("pyvips").setLevel(logging.WARNING)  # it tells of each step
MISSING = 'pyvips is not installed. `pip install "pyvips[binary]"` brings it, with libvips inside.'
Work = Callable[[], float]


@dataclass(frozen=True)
class Match:
    """One contest: ours may take `within` times what the peer takes."""

    what: str
    peer: str
    within: float
    ours: Work
    peers: Work


def has_peers() -> bool:
    return importlib.util.find_spec("pyvips") is not None


def matches(folder: Path) -> Iterator[Match]:
    for kind, long_side, within in (("JPEG", 320, 1.0), ("JPEG", 1600, 1.5), ("PNG", 1600, 1.8), ("HEIC", 1600, 1.2)):
        path = folder / f"photograph.{kind.lower()}"
        if not path.exists():
            path.write_bytes(image_files.photograph(kind))
        peer, name = (by_pillow_heif, "pillow-heif") if kind == "HEIC" else (by_vips, "libvips")
        what = f"12 MP {kind} to {long_side} px"
        yield Match(what, name, within, timed(by_product, path, long_side), timed(peer, path, long_side))


def timed(work: Callable[[Path, int], bytes], path: Path, long_side: int) -> Work:
    def run() -> float:
        start = time.perf_counter()
        made = work(path, long_side)
        spent = time.perf_counter() - start
        width, height = Image.open(io.BytesIO(made)).size
        assert (max(width, height), width < height) == (long_side, True)  # upright, of the size that was asked for
        return spent

    return run


def by_product(path: Path, long_side: int) -> bytes:
    """What the worker does for a photograph, with one recipe of this size."""
    with path.open("rb") as file:
        media_type = sniff(file.read(HEAD_BYTES))
    assert media_type is not None
    (picture,) = read_photo(path, media_type, long_side).pictures
    return encode(picture, replace(REVIEW, long_side=long_side))[1]


def by_vips(path: Path, long_side: int) -> bytes:
    pyvips: Any = importlib.import_module("pyvips")
    small = pyvips.Image.thumbnail(str(path), long_side, height=long_side, size="down")
    return bytes(small.jpegsave_buffer(Q=REVIEW.quality, keep="none"))


def by_pillow_heif(path: Path, long_side: int) -> bytes:
    picture, out = pillow_heif.open_heif(path).to_pillow(), io.BytesIO()
    picture.thumbnail((long_side, long_side), Image.Resampling.BICUBIC, reducing_gap=1.0)
    picture.save(out, "JPEG", quality=REVIEW.quality)
    return out.getvalue()
