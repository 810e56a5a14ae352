"""Who may send, and what becomes of a data set: its bytes as they came, kept under their hash, into the site's tray."""

import hashlib
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import IntEnum
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connections

from cases.importing.programs import take_file
from cases.importing.receiving import Changed
from cases.models import ImagingProgram
from teledent.accounts import trail
from teledent.accounts.models import AccessEvent
from teledent.files.keeping import blocks_of
from teledent.files.storage import StorageFull, StorageUnavailable
from teledent.kit import clock, faults
from teledent.kit.text import printable

logger = logging.getLogger(__name__)
UID = re.compile(r"[0-9][0-9.]{0,63}", re.ASCII)
META_LENGTH_ENDS = 144  # preamble, DICM and the element that says how long the file meta group is (PS3.10 section 7.1)
DENIED_ONCE_PER = timedelta(minutes=5)
NOUN = "imaging program"


class Status(IntEnum):
    """Answers to C-STORE (PS3.4 table B.2-1, PS3.7 annex C)."""

    SUCCESS = 0x0000
    PROCESSING_FAILURE = 0x0110
    NOT_AUTHORISED = 0x0124
    OUT_OF_RESOURCES = 0xA700
    CANNOT_UNDERSTAND = 0xC000


def admit(event: Any) -> None:
    """Reject whoever was not entered as calling by this title from this address. A library's event: an error here would
    pass for a yes, so every error is a no."""
    title, address = _caller(event.assoc)
    try:
        with own_connections():
            known = ImagingProgram.objects.calling(title, address).exists()
            if not known:
                _tell_denied(title, address)
    except Exception:
        logger.exception("A caller could not be looked up and is turned away.")
        known = False
    if not known:
        event.assoc.acse.send_reject(0x01, 0x01, 0x03)  # permanent: calling AE title not recognised
        event.assoc.kill()


def store(event: Any) -> int:
    """Success only once bytes and rows are committed; whatever else is said, the sender keeps the picture and tries again."""
    try:
        with own_connections():
            return _stored(event)
    except (StorageFull, StorageUnavailable, DatabaseError) as problem:
        logger.warning("A data set was not taken: %s.", type(problem).__name__)
        return Status.OUT_OF_RESOURCES
    except Exception:
        logger.exception("A data set was not taken.")
        return Status.PROCESSING_FAILURE


def _stored(event: Any) -> Status:
    title, address = _caller(event.assoc)
    program = ImagingProgram.objects.calling(title, address).select_related("practice", "site").first()
    if program is None:  # stopped since the association began
        return Status.NOT_AUTHORISED
    path, uid = event.request._dataset_path, str(event.request.AffectedSOPInstanceUID or "")
    if path is None or not UID.fullmatch(uid) or not _holds_data(path):
        return Status.CANNOT_UNDERSTAND
    digest, size = hashlib.sha256(), 0
    for block in blocks_of(path):
        digest.update(block)
        size += len(block)
    try:
        asset, new = take_file(
            program=program, path=path, size=size, sha256=digest.hexdigest(), name=f"{uid}.dcm", at=clock.now()
        )
    except Changed:
        return Status.PROCESSING_FAILURE
    faults.point("cases.dicom.stored")
    logger.info("%s sent %s, %s.", program.public_id, asset.public_id, "new" if new else "known already")
    return Status.SUCCESS


def _holds_data(path: Path) -> bool:
    """Whether anything follows the file meta group, which is ours."""
    with path.open("rb") as file:
        head = file.read(META_LENGTH_ENDS)
    return path.stat().st_size > META_LENGTH_ENDS + int.from_bytes(head[-4:], "little")


def _caller(association: Any) -> tuple[str, str]:
    """The title without the spaces that fill it, and the address."""
    return association.requestor.primitive.calling_ae_title.strip(), str(association.requestor.address)


def _tell_denied(title: str, address: str) -> None:
    """A line in the log each time; on the trail once in five minutes, so that nobody fills it from outside."""
    logger.warning("Unknown imaging program turned away: %s at %s.", printable(title), address)
    at = clock.now()
    since = at - DENIED_ONCE_PER
    if not AccessEvent.objects.seen_since(person=None, verb="denied", noun=NOUN, public_id=None, since=since):
        trail.record("denied", noun=NOUN, public_id=None, person=None, practice=None, at=at)


@contextmanager
def own_connections() -> Iterator[None]:
    """The library's threads come and go; none leaves a connection to the database behind."""
    try:
        yield
    finally:
        connections.close_all()
