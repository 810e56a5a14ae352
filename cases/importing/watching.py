"""One look at a folder into which an imaging program writes.

A file is taken once it stood still between two looks. It stays until its examination has said what it is, and is moved
then: to `taken`, or to `refused` with the reason in a text file beside it. What a killed look left behind is found by its
hash at the next one, so nothing is lost and nothing comes twice.
"""

import logging
import os
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.conf import settings

from cases.importing.folder import Found, files_below, look_at
from cases.importing.programs import take_file
from cases.importing.receiving import Changed
from cases.models import AssetState, ImagingProgram

logger = logging.getLogger(__name__)
TAKEN, REFUSED = "taken", "refused"
MOST_SEEN, MOST_TAKEN = 2000, 40  # files of one look
NO_PICTURE = "This is neither a picture nor a radiograph that can be read here."
Looked = dict[str, list[int]]


def look(program: ImagingProgram, folder: Path, *, at: datetime) -> Looked:
    """Take what stood still; returns what lies there still, with sizes and times, for the next look.

    Raises `StorageFull` or `StorageUnavailable`: everything that was not moved is still there.
    """
    for place in (folder, folder / TAKEN, folder / REFUSED):
        place.mkdir(parents=True, exist_ok=True)
    left: Looked = {}
    tries = 0
    for path in islice(_waiting(folder), MOST_SEEN):
        name = _name(path, folder)
        stands = _standing(path)
        if stands is None:
            continue
        if stands == program.looked.get(name) and tries < MOST_TAKEN:
            tries += 1
            if _settled(program, folder, path, stands, at=at):
                continue
        left[name] = stands
    return left


def _waiting(folder: Path) -> Iterator[Path]:
    """Files below the folder but for what was put aside and what begins with a dot, as programs call what is half written."""
    for path in files_below(folder):
        parts = path.relative_to(folder).parts
        if parts[0] not in (TAKEN, REFUSED) and not any(part.startswith(".") for part in parts):
            yield path


def _name(path: Path, folder: Path) -> str:
    return os.fsencode(path.relative_to(folder)).decode("utf-8", "backslashreplace")


def _standing(path: Path) -> list[int] | None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return [found.st_size, found.st_mtime_ns]


def _settled(program: ImagingProgram, folder: Path, path: Path, stands: list[int], *, at: datetime) -> bool:
    """Whether the file was dealt with and is out of the way. A program may begin its names anew: one that was written over since
    it was looked at (`stands`) is another file, and stays for the next look."""
    found = look_at(path, folder, size_max=settings.FILE_SIZE_MAX)
    try:
        answer = _answer(program, found, at=at)
        if answer is None or _standing(path) != stands:
            return False
        _put_aside(path, folder, answer)
    except (Changed, OSError) as problem:
        logger.warning("A file in the folder of %s stays where it is: %s.", program.public_id, type(problem).__name__)
        return False
    return True


def _answer(program: ImagingProgram, found: Found, *, at: datetime) -> str | None:
    """Why the file is refused, "" where it was taken, None while that is not known yet."""
    if found.problem:
        return found.problem
    if found.media_type is None:
        return NO_PICTURE
    asset, _ = take_file(
        program=program, path=found.path, size=found.size, sha256=found.sha256, name=found.path.name, at=at
    )
    if asset.state in (AssetState.DECLARED, AssetState.RECEIVED):
        return None
    return asset.refusal_sentence if asset.state == AssetState.REFUSED else ""


def _put_aside(path: Path, folder: Path, reason: str) -> None:
    """The reason first: killed between the two, the next look writes it again."""
    place = folder / (REFUSED if reason else TAKEN)
    if place.is_symlink():
        raise NotADirectoryError(place)
    target = _free(place / path.relative_to(folder))
    target.parent.mkdir(parents=True, exist_ok=True)
    if reason:
        target.with_name(f"{target.name}.txt").write_text(f"{reason}\n", encoding="utf-8")
    path.rename(target)


def _free(target: Path) -> Path:
    """A name that nothing has yet: programs begin their numbers anew."""
    number, found = 1, target
    while os.path.lexists(found):
        number += 1
        found = target.with_name(f"{target.stem}-{number}{target.suffix}")
    return found
