"""Bring the packet's JPEGs into the private folder that the document is made in, byte for byte, and nothing else."""

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from PIL import Image as PillowImage

from billing.packet.content import Image
from teledent.printing.errors import PrintError


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG inside the private folder: its ``name`` there, ``width`` and ``height`` in pixels."""

    name: str
    width: int
    height: int


def bring_pictures(images: tuple[Image, ...], *, images_dir: Path, root: Path) -> dict[str, Picture]:
    """Copy each image's JPEG unchanged from ``images_dir`` to ``root``; answers with the picture of each image's file
    name.

    Raises PrintError, in words for the person who asked for the packet, when a description (alternative text) is
    missing or a file is not a plain readable JPEG in that folder. Links are never followed.
    """
    for image in images:
        if not image.alt.strip():
            raise PrintError(
                f"Image {image.number} ({image.view}) has no description in words. Add one and make the packet again."
            )
    pictures: dict[str, Picture] = {}
    for image in images:
        if image.file not in pictures:
            name = f"image-{len(pictures) + 1}.jpg"
            _copy(image, images_dir=images_dir, target=root / name)
            pictures[image.file] = _measured(image, root / name)
    return pictures


def _copy(image: Image, *, images_dir: Path, target: Path) -> None:
    if image.file in {"", ".", ".."} or "/" in image.file or "\0" in image.file:
        raise _refused(image, "its file name is not a plain name")
    try:
        # NONBLOCK: a pipe in place of the file must not hold the worker.
        source = os.open(images_dir / image.file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as exc:
        raise _refused(image, "its file is not there, or it is a link") from exc
    with os.fdopen(source, "rb") as reading, target.open("xb") as writing:
        if not stat.S_ISREG(os.fstat(source).st_mode):
            raise _refused(image, "its file is not a plain file")
        shutil.copyfileobj(reading, writing, 1 << 20)


def _measured(image: Image, path: Path) -> Picture:
    try:
        with PillowImage.open(path, formats=["JPEG"]) as opened:
            return Picture(path.name, *opened.size)
    except OSError as exc:
        raise _refused(image, "its file is not a JPEG") from exc


def _refused(image: Image, why: str) -> PrintError:
    return PrintError(
        f"Image {image.number} ({image.view}) cannot be put into the packet: {why}. "
        "Make its claim picture again from the original, which is kept, and then the packet."
    )
