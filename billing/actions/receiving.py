"""Files from payers and clearinghouses come in: kept as they are, once, and read by a job.

From the browser a file is announced first and comes through the resumable receiver; the command line hands it over whole.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from billing.models import EdiFile, EdiFileState
from billing.permissions import may
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person, Practice
from teledent.files import keeping
from teledent.files.models import StoredFile
from teledent.jobs.queue import enqueue
from teledent.kit import faults
from teledent.kit.decisions import Refused, require
from teledent.kit.text import printable

READ = "billing.read_edi"
LARGEST = 256 << 20  # bytes from a browser, which holds the file to hash it: half a million claims


@transaction.atomic
def announce_edi(*, actor: Actor, public_id: UUID, name: str, size: int, sha256: str, at: datetime) -> EdiFile:
    """A file is about to be sent. Announcing it again is the same file; one that was imported before is refused."""
    require(may(actor, "import_answers"))
    if size > LARGEST:
        raise Refused("This file is larger than a browser can send. `manage.py import_edi` reads it on the server.")
    known = _known(actor.practice, sha256)
    if known is not None and known.state != EdiFileState.ANNOUNCED:
        raise Refused(f"This file came in on {known.received_at:%-d %b %Y} as {known.name}. Nothing is read twice.")
    if known is not None and known.public_id == public_id:
        return known
    EdiFile.objects.filter(practice=actor.practice, sha256=sha256, state=EdiFileState.ANNOUNCED).delete()
    return EdiFile.objects.create(
        public_id=public_id, practice=actor.practice, name=_named(name), sha256=sha256, size=size, received_at=at,
        received_by=actor.person,
    )  # fmt: skip


def edi_arrived(file: EdiFile, stored: StoredFile) -> None:
    """The announced bytes are whole: have them read. Only inside the transaction that makes them received."""
    taken = EdiFile.objects.filter(pk=file.pk, state=EdiFileState.ANNOUNCED)
    if taken.update(state=EdiFileState.QUEUED, file=stored):
        _read(file)


def receive_edi(
    practice: Practice, *, name: str, blocks: Iterable[bytes], by: Person | None, at: datetime
) -> tuple[EdiFile, bool]:
    """A file handed over whole. The same bytes once more give the first row and False: nothing is read twice.

    Streams; outside any transaction.
    """
    kept = keeping.keep(blocks, folder="answers")
    if known := _known(practice, kept.sha256, arrived=True):
        keeping.discard(kept)
        return known, False
    faults.point("billing.answers.kept")
    try:
        with transaction.atomic():
            EdiFile.objects.filter(practice=practice, sha256=kept.sha256, state=EdiFileState.ANNOUNCED).delete()
            file = EdiFile.objects.create(
                public_id=uuid4(), practice=practice, name=_named(name), sha256=kept.sha256, size=kept.size, received_at=at,
                received_by=by, file=keeping.record(kept, at=at), state=EdiFileState.QUEUED,
            )  # fmt: skip
            _read(file)
    except IntegrityError:
        if known := _known(practice, kept.sha256, arrived=True):  # the same file came twice at once
            keeping.discard(kept)
            return known, False
        raise
    return file, True


def _read(file: EdiFile) -> None:
    file.job_id = enqueue(READ, edi_file_id=file.pk).pk
    EdiFile.objects.filter(pk=file.pk).update(job_id=file.job_id)
    trail.record(
        "import", noun="answers", public_id=file.public_id, person=file.received_by, practice=file.practice,
        at=file.received_at,
    )  # fmt: skip


def _known(practice: Practice, sha256: str, *, arrived: bool = False) -> EdiFile | None:
    same = EdiFile.objects.filter(practice=practice, sha256=sha256)
    return (same.exclude(state=EdiFileState.ANNOUNCED) if arrived else same).first()


def _named(name: str) -> str:
    return printable(name).strip()[:200] or "Without a name"
