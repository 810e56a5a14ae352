"""Write one file of requests asked ahead: read, compose, keep, and commit numbers, file and requests together.

The order is that of an export (`billing.jobs.exporting`). Everything slow happens first and touches no row; the effect,
one transaction, takes the receiver's next control number and each request by compare-and-set. Where one was withdrawn,
answered or changed meanwhile, or a consent, signature, plan or patient that it rests on, nothing is written and the job begins again. So a
file never holds a request that is not sent, nor the other way round, and nothing is asked twice.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from billing.actions.asking_by_file import WRITE, enqueue_file, first_of, whole_requests
from billing.authorisation_moving import move_authorisation, record_event
from billing.authorisation_states import TO_SEND
from billing.composing import NotComposable
from billing.composing_requests import ComposedRequest, compose_request
from billing.models import Authorisation, ExportState, FiledRequest, RequestFile, RequestHow
from billing.outgoing import Consents, consents_of, lock_all, next_interchange, require_signed, take_number
from billing.packaging import write_package
from billing.requests_asked import read_request
from billing.x12.envelope import Interchange
from cases.merging import lock_patients, looks_like
from teledent.accounts.days import today_in
from teledent.files import keeping
from teledent.files.models import StoredFile
from teledent.files.storage import scratch_folder
from teledent.jobs.registry import Effect, job
from teledent.kit import clock, faults
from teledent.kit.decisions import Conflict

logger = logging.getLogger(__name__)
Faulty = Sequence[tuple[Authorisation, str]]


@dataclass(frozen=True, slots=True)
class RestsOn:
    """Rows that a file of requests says something of, as they stood when they were read; by primary key."""

    consents: Consents
    cases: Mapping[int, int]  # whose they are
    plans: Mapping[int, Mapping[str, Any]]
    patients: Mapping[int, Mapping[str, Any]]


def set_aside(*, request_file_id: int, **_: object) -> None:
    """Five tries failed: the file is shown as failed, its requests are still to be sent."""
    RequestFile.objects.filter(pk=request_file_id, state=ExportState.QUEUED).update(
        state=ExportState.FAILED, finished_at=clock.now()
    )


@job(WRITE, heavy=True, on_parked=set_aside)
def write_requests(*, request_file_id: int, **_: object) -> Effect | None:
    queued = RequestFile.objects.filter(pk=request_file_id, state=ExportState.QUEUED)
    file = queued.select_related("receiver__practice", "requested_by").first()
    if file is None:
        logger.info("File of requests %s is written or gone.", request_file_id)
        return None
    at = clock.now().replace(microsecond=0)  # documents bear whole seconds
    wanted = whole_requests().filter(pk__in=first_of(file), status__in=sorted(TO_SEND), payer__receiver=file.receiver)
    rows = list(wanted.order_by("pk"))
    if not rows:
        return partial(_finish_empty, file, (), at=at)
    rests_on = _rests_on(rows)
    zone = next((row.case.site.time_zone for row in rows if row.case), "UTC")
    interchange = next_interchange(file.receiver, zone=zone, at=at)
    with scratch_folder() as scratch:
        composed, faulty = _compose(file, rows, scratch, interchange=interchange, at=at)
        faults.point("billing.requests.composed")
        if not composed:
            return partial(_finish_empty, file, faulty, at=at)
        package = scratch / "package.zip"
        write_package(composed, package, interchange=interchange, receiver=file.receiver, at=at, what="requests")
        kept = keeping.keep_file(package, folder="exports")
        faults.point("billing.requests.kept")
    return partial(_finish, file, interchange, composed, faulty, rests_on, kept, at=at)


def _rests_on(found: Iterable[Authorisation]) -> RestsOn:
    """What these requests say of whom, to be held against the same at the commit. The rows come with case, coverage and
    patient."""
    rows = list(found)
    cases = {row.case.pk: row.case.patient_id for row in rows if row.case is not None}
    plans = {row.coverage_id: looks_like(row.coverage, without=()) for row in rows}
    patients = {row.coverage.patient_id: looks_like(row.coverage.patient, without=()) for row in rows}
    return RestsOn(consents_of(patients), cases, plans, patients)


def _compose(
    file: RequestFile, rows: Sequence[Authorisation], scratch: Path, *, interchange: Interchange, at: datetime
) -> tuple[list[ComposedRequest], list[tuple[Authorisation, str]]]:
    """Each request in a folder of its own; one that cannot go is set apart with its sentence. Tells the page how far it is."""
    composed: list[ComposedRequest] = []
    faulty: list[tuple[Authorisation, str]] = []
    written = RequestFile.objects.filter(pk=file.pk, state=ExportState.QUEUED)
    written.update(to_compose=len(rows), composed=0)
    for done, row in enumerate(rows, start=1):
        folder = scratch / row.request_id
        folder.mkdir(mode=0o700)
        try:
            one = read_request(row, at=at)
            composed.append(compose_request(one, folder, interchange=interchange, receiver=file.receiver, at=at))
        except NotComposable as reason:
            faulty.append((row, reason.sentence))
        written.update(composed=done)
    return composed, faulty


def _finish(
    file: RequestFile, interchange: Interchange, composed: Sequence[ComposedRequest], faulty: Faulty, rests_on: RestsOn,
    kept: keeping.Kept, *, at: datetime,
) -> None:  # fmt: skip
    """The effect. Raises Conflict or NumberTaken when the file no longer says what is true: nothing is written."""
    lock_patients(*rests_on.patients)
    lock_all(rests_on.cases)
    require_signed(one.row.case_id for one in composed if one.row.case_id is not None)
    now = whole_requests().filter(pk__in=[*(one.row.pk for one in composed), *(row.pk for row, _ in faulty)])
    if _rests_on(now) != rests_on:
        raise Conflict("A consent, plan or patient that a request rests on changed meanwhile.")
    take_number(file.receiver, interchange.control_number)
    _write_down(file, interchange, composed, keeping.record(kept, at=at, media_type="application/zip"), at=at)
    for one in composed:
        _send(one.row, file, interchange, at=at)
    _tell_left_out(file, faulty, at=at)
    _go_on(file, at=at)


def _write_down(
    file: RequestFile,
    interchange: Interchange,
    composed: Sequence[ComposedRequest],
    stored: StoredFile,
    *,
    at: datetime,
) -> None:
    """The file as written, and each request frozen as it says it. Contents first: a finished file takes no more."""
    FiledRequest.objects.bulk_create(
        FiledRequest(
            file=file, authorisation=one.row, facts=one.submission.facts.to_json(), draft=one.submission.draft.to_json(),
            total=one.submission.draft.total, attachments=[part.acn for part in one.submission.attachments],
        ) for one in composed
    )  # fmt: skip
    written = RequestFile.objects.filter(pk=file.pk, state=ExportState.QUEUED).update(
        state=ExportState.DONE, finished_at=at, control_number=interchange.control_number, file=stored,
        set_number=interchange.set_number, batch_id=interchange.batch_id, request_count=len(composed),
        total=sum((one.submission.draft.total for one in composed), Decimal("0.00")),
    )  # fmt: skip
    if not written:
        raise Conflict("This file was written already.")


def _send(row: Authorisation, file: RequestFile, interchange: Interchange, *, at: datetime) -> None:
    details = {"how": RequestHow.FILE.label, "file": file.public_id, "control_number": interchange.control_number}
    move_authorisation(
        row, "send", person=file.requested_by, at=at, details=details, sent_on=today_in(file.receiver.practice, at),
        sent_how=RequestHow.FILE, sent_reference=interchange.batch_id, sent_at=at, sent_by=file.requested_by,
    )  # fmt: skip


def _finish_empty(file: RequestFile, faulty: Faulty, *, at: datetime) -> None:
    RequestFile.objects.filter(pk=file.pk, state=ExportState.QUEUED).update(state=ExportState.EMPTY, finished_at=at)
    _tell_left_out(file, faulty, at=at)
    _go_on(file, at=at)


def _tell_left_out(file: RequestFile, faulty: Faulty, *, at: datetime) -> None:
    for row, sentence in faulty:
        record_event(row, "left_out", person=None, at=at, details={"file": file.public_id, "reason": sentence})


def _go_on(file: RequestFile, *, at: datetime) -> None:
    """The file took as many as it holds: ask for the next, of what is left of the same choice."""
    if rest := file.chosen[len(first_of(file)) :]:
        enqueue_file(
            RequestFile(
                receiver=file.receiver, requested_at=at, requested_by=file.requested_by, continues=file, chosen=rest
            )
        )
