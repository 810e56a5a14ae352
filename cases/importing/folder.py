"""What lies in a folder, by its bytes: cameras and imaging programs leave much beside the pictures, under any name."""

import hashlib
import os
import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cases.imaging.sniff import MediaType, sniff
from teledent.kit.text import printable

HEAD = 1024  # bytes: a DICOM file says within these whether it is only a directory of other files
BLOCK = 256 * 1024
DIRECTORY_CLASS = b"1.2.840.10008.1.3.10"  # Media Storage Directory Storage (PS3.4 annex I)
CLASS_TAG = b"\x02\x00\x02\x00UI"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing in the folder. `media_type` None: not a picture. `problem`: why it could not be read, else empty."""

    path: Path
    name: str  # as it may be printed, relative to the folder
    media_type: MediaType | None = None
    size: int = 0
    sha256: str = ""
    problem: str = ""


def look_through(folder: Path, *, size_max: int) -> Iterator[Found]:
    """Every file below `folder`, names in order, hashed in blocks. Links are never followed, nor devices opened."""
    for path in files_below(folder):
        yield look_at(path, folder, size_max=size_max)


def look_at(path: Path, folder: Path, *, size_max: int) -> Found:
    """One file that lies below `folder`."""
    name = _shown(path, folder)
    try:
        return _judged(path, name, size_max)
    except OSError as error:
        return Found(path, name, problem=f"It cannot be read ({error.strerror}). Copy it again.")


def files_below(folder: Path) -> Iterator[Path]:
    """Names in order, links among them; no folder behind a link."""
    for root, folders, names in os.walk(folder, followlinks=False):
        linked = [name for name in folders if Path(root, name).is_symlink()]
        folders[:] = sorted(set(folders) - set(linked))
        for name in sorted([*names, *linked]):
            yield Path(root, name)


def _judged(path: Path, name: str, size_max: int) -> Found:
    if path.is_symlink():
        return Found(path, name, problem="It is a link to another place, and links are not followed.")
    if not stat.S_ISREG(path.stat(follow_symlinks=False).st_mode):
        return Found(path, name)
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        head = file.read(HEAD)
        media_type = sniff(head)
        if media_type is None or _is_directory(head):
            return Found(path, name, size=len(head))
        if os.fstat(file.fileno()).st_size > size_max:
            return Found(path, name, problem=f"A file may have {size_max >> 20} MB at most.")
        digest, size = hashlib.sha256(head), len(head)
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
    return Found(path, name, media_type, size, digest.hexdigest())


def _is_directory(head: bytes) -> bool:
    """Whether a DICOM file is a DICOMDIR, by the class in its meta group, whatever it is called."""
    at = head.find(CLASS_TAG, 132)
    if at < 0 or at + 8 > len(head):
        return False
    (length,) = struct.unpack_from("<H", head, at + 6)
    return head[at + 8 : at + 8 + length].rstrip(b"\0 ") == DIRECTORY_CLASS


def _shown(path: Path, folder: Path) -> str:
    """A name that may be printed: no control characters, no bytes that are no text."""
    return " ".join(printable(str(path.relative_to(folder))).split()) or "?"
