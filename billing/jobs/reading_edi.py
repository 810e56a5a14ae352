"""Read one file that came back: each transaction set is taken, known already, or refused with its place.

A set is staged while it streams and takes effect only when its SE was reached and its counts agree, so a file that breaks
off in its fifth set has four sets posted. A worker that dies leaves half a set that nobody sees; whoever takes the job
over removes it and goes on behind the last set that is finished. Nothing of a file is held in memory but a batch.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import BinaryIO

from django.db import transaction

from billing.acknowledging import take_acknowledgements
from billing.actions.receiving import READ
from billing.models import EdiFile, EdiFileState, EdiPart, EdiPartState, Remittance, RemittanceState
from billing.staging import NotOurs, Twice, stage_remittance
from billing.x12.reading import BrokenEdiError, Numbered, TransactionSet, read_sets
from teledent.files.storage import local_copy
from teledent.jobs.registry import Effect, job
from teledent.kit import clock, faults

logger = logging.getLogger(__name__)
SAID_EVERY = 20_000  # segments: a second or two of reading
TAKERS = {
    "835": stage_remittance,
    "999": take_acknowledgements,
    "277": take_acknowledgements,
    "TA1": take_acknowledgements,
}
NOT_READ = "{kind} is no answer to a claim: 835, 999, 277CA and TA1 are read here."


def give_up(*, edi_file_id: int, **_: object) -> None:
    """Five tries failed: the file says so and can be sent again; what was taken of it stays taken."""
    EdiFile.objects.filter(pk=edi_file_id, state=EdiFileState.QUEUED).update(
        state=EdiFileState.REFUSED,
        finished_at=clock.now(),
        reason="Reading it failed several times. Ask whoever runs the server.",
    )


@job(READ, heavy=True, on_parked=give_up)
def read_edi(*, edi_file_id: int, **_: object) -> Effect | None:
    file = EdiFile.objects.filter(pk=edi_file_id, state=EdiFileState.QUEUED).select_related("file", "practice").first()
    if file is None or file.file is None:
        logger.info("File %s is read or gone.", edi_file_id)
        return None
    _clear_half_read(file)
    done = set(file.parts.values_list("segment", flat=True))
    at = clock.now().replace(microsecond=0)
    with local_copy(file.file.key) as path, path.open("rb") as stream:
        try:
            for found in read_sets(stream):
                if found.number not in done:
                    _take(file, _telling_how_far(file, found, stream), at=at)
                    faults.point("billing.answers.taken")
        except BrokenEdiError as broken:
            if not done and not file.parts.exists():
                return partial(_finish, file, state=EdiFileState.REFUSED, reason=str(broken)[:300])
            _refuse(file, broken.number, "", broken.reason)
    return partial(_finish, file, state=EdiFileState.READ, reason="")


def _finish(file: EdiFile, *, state: EdiFileState, reason: str) -> None:
    EdiFile.objects.filter(pk=file.pk, state=EdiFileState.QUEUED).update(
        state=state, finished_at=clock.now(), reason=reason, bytes_read=file.size
    )


def _clear_half_read(file: EdiFile) -> None:
    """What a dead worker staged: parts of this file whose remittance was never finished."""
    half = Remittance.objects.filter(part__file=file, state=RemittanceState.READING)
    parts = list(half.values_list("part_id", flat=True))
    with transaction.atomic():
        half.delete()
        EdiPart.objects.filter(pk__in=parts).delete()


def _take(file: EdiFile, found: TransactionSet | BrokenEdiError, *, at: datetime) -> None:
    if isinstance(found, BrokenEdiError):
        _refuse(file, found.number, "", found.reason)
        return
    taker = TAKERS.get(found.kind)
    if taker is None:
        _refuse(file, found.number, found.kind[:3], NOT_READ.format(kind=found.kind[:12] or "This set"))
        return
    try:
        taker(file, found, at=at)
    except BrokenEdiError as broken:
        _refuse(file, found.number, found.kind, str(broken))
    except NotOurs as reason:
        _refuse(file, found.number, found.kind, str(reason))
    except Twice as known:
        EdiPart.objects.create(
            file=file, segment=found.number, kind=found.kind, state=EdiPartState.TWICE, reason=str(known)[:300]
        )


def _telling_how_far(
    file: EdiFile, found: TransactionSet | BrokenEdiError, stream: BinaryIO
) -> TransactionSet | BrokenEdiError:
    """The set as it is, with the bar of its file moved on while it is read."""
    if isinstance(found, BrokenEdiError):
        return found

    def watched() -> Iterator[Numbered]:
        for count, numbered in enumerate(found.body):
            if count % SAID_EVERY == 0:
                EdiFile.objects.filter(pk=file.pk).update(bytes_read=stream.tell())
            yield numbered

    return replace(found, body=watched())


def _refuse(file: EdiFile, segment: int, kind: str, reason: str) -> None:
    EdiPart.objects.get_or_create(
        file=file, segment=segment, defaults={"kind": kind, "state": EdiPartState.REFUSED, "reason": reason[:300]}
    )
