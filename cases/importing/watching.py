"""One look at a folder into which an imaging program writes.

A file is taken once it stood still between two looks. It stays until its examination has said what it is, and is moved
then: to `taken`, or to `refused` with the reason in a text file beside it. What a killed look left behind is found by its
hash at the next one, so nothing is lost and nothing comes twice.
"""

import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from django.conf import settings

from cases.importing.folder import Found, files_below, look_at
from cases.importing.programs import take_file, was_struck_off
from cases.importing.receiving import Changed
from cases.models import AssetState, ImagingProgram
from teledent.accounts.models import Practice

logger = logging.getLogger(__name__)
TAKEN, REFUSED = "taken", "refused"
MOST_SEEN, MOST_TAKEN = 2000, 40  # files of one look
NO_PICTURE = "This is neither a picture nor a radiograph that can be read here."
SECOND = 1_000_000  # microseconds
Standing = list[int]  # bytes and nanoseconds
Looked = dict[str, list[int]]  # by name: how a file stands, and the microsecond in which it was first seen so


def look(program: ImagingProgram, folder: Path, *, at: datetime) -> Looked:
    """Take what stood still; returns what lies there still, how it stands and since when, for the next look.

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
        before = program.looked.get(name, [])
        stood_still = before[:2] == stands
        since = (
            before[2] if stood_still and len(before) > 2 else round(at.timestamp() * SECOND)
        )  # older looks kept none
        if stood_still and tries < MOST_TAKEN:
            tries += 1
            if _settled(program, folder, path, stands, since=datetime.fromtimestamp(since / SECOND, UTC), at=at):
                continue
        left[name] = [*stands, since]
    return left


def left_behind(program: ImagingProgram) -> Path | None:
    """The folder that was the program's before each practice had its own, while files lie in it: nobody looks there any more.

    It is told to the practice that named it first, for whose pictures they are; a name that is a practice's folder never was one.
    """
    place = Path(settings.IMAGING_INBOX) / program.folder
    if not program.folder or not place.is_dir() or next(_waiting(place), None) is None:
        return None
    first = ImagingProgram.objects.filter(folder=program.folder).order_by("added_at", "pk").first()
    practices = {str(one) for one in Practice.objects.values_list("public_id", flat=True)}
    is_its_own = first is not None and first.practice_id == program.practice_id
    return place if is_its_own and program.folder not in practices else None


def _waiting(folder: Path) -> Iterator[Path]:
    """Files below the folder but for what was put aside and what begins with a dot, as programs call what is half written."""
    for path in files_below(folder):
        parts = path.relative_to(folder).parts
        if parts[0] not in (TAKEN, REFUSED) and not any(part.startswith(".") for part in parts):
            yield path


def _name(path: Path, folder: Path) -> str:
    return os.fsencode(path.relative_to(folder)).decode("utf-8", "backslashreplace")


def _standing(path: Path) -> Standing | None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return [found.st_size, found.st_mtime_ns]


def _settled(
    program: ImagingProgram, folder: Path, path: Path, stands: Standing, *, since: datetime, at: datetime
) -> bool:
    """Whether the file was dealt with and is out of the way. A program may begin its names anew: one that was written over since
    it was looked at (`stands`) is another file, and stays for the next look."""
    found = look_at(path, folder, size_max=settings.FILE_SIZE_MAX)
    try:
        answer = _answer(program, found, since=since, at=at)
        if answer is None or _standing(path) != stands:
            return False
        _put_aside(path, folder, answer)
    except (Changed, OSError) as problem:
        logger.warning("A file in the folder of %s stays where it is: %s.", program.public_id, type(problem).__name__)
        return False
    return True


def _answer(program: ImagingProgram, found: Found, *, since: datetime, at: datetime) -> str | None:
    """Why the file is refused, "" where it was taken, None while that is not known yet. What a person struck off while it lay here,
    as it does `since`, was taken: nobody sent it again."""
    if found.problem:
        return found.problem
    if found.media_type is None:
        return NO_PICTURE
    if was_struck_off(program=program, sha256=found.sha256, since=since):
        return ""
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
