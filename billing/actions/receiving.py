"""Files from payers and clearinghouses come in: kept as they are, once, and read by a job."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from billing.models import EdiFile
from billing.permissions import may
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person, Practice
from teledent.files import keeping
from teledent.jobs.queue import enqueue
from teledent.kit import faults
from teledent.kit.decisions import require
from teledent.kit.text import printable

READ = "billing.read_edi"


def import_edi(*, actor: Actor, name: str, blocks: Iterable[bytes], at: datetime) -> tuple[EdiFile, bool]:
    """Keep a file and have it read. The same bytes once more give the first row and False: nothing is read twice."""
    require(may(actor, "import_answers"))
    return receive_edi(actor.practice, name=name, blocks=blocks, by=actor.person, at=at)


def receive_edi(
    practice: Practice, *, name: str, blocks: Iterable[bytes], by: Person | None, at: datetime
) -> tuple[EdiFile, bool]:
    """`import_edi` without an actor: the command line's. Streams; outside any transaction."""
    kept = keeping.keep(blocks, folder="answers")
    if known := _known(practice, kept.sha256):
        keeping.discard(kept)
        return known, False
    faults.point("billing.answers.kept")
    try:
        with transaction.atomic():
            file = EdiFile(practice=practice, name=printable(name).strip()[:200] or "file", sha256=kept.sha256)
            file.file, file.received_at, file.received_by = keeping.record(kept, at=at), at, by
            file.save(force_insert=True)
            file.job_id = enqueue(READ, edi_file_id=file.pk).pk
            file.save(update_fields=["job_id"])
            trail.record("import", noun="answers", public_id=file.public_id, person=by, practice=practice, at=at)
    except IntegrityError:
        if known := _known(practice, kept.sha256):  # the same file came twice at once
            keeping.discard(kept)
            return known, False
        raise
    return file, True


def _known(practice: Practice, sha256: str) -> EdiFile | None:
    return EdiFile.objects.filter(practice=practice, sha256=sha256).first()
