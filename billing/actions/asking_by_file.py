"""Asking payers by file: which requests go, and handing a finished file out again. The file is written by the job."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from billing.models import Authorisation, ExportState, Receiver, RequestFile
from billing.models.authorisation import AuthorisationQuerySet
from billing.permissions import may
from billing.requests_asked import read_request, receiver_of
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person
from teledent.files.storage import open_streaming
from teledent.jobs.queue import enqueue
from teledent.kit import faults
from teledent.kit.decisions import Refused, require

WRITE = "billing.write_requests"


def requests_for(receiver: Receiver) -> AuthorisationQuerySet:
    """What the desk has still to ask of payers behind this receiver and what rests on a signed case: a file may say it."""
    mine = Authorisation.objects.to_send_by_file().filter(practice=receiver.practice_id)
    return mine.filter(payer__receiver=receiver).order_by("pk")


def ask_by_file(*, actor: Actor, row: Authorisation, at: datetime) -> RequestFile:
    """Ask for a file with this one request. Raises Refused with what stands against it: nothing is written then."""
    require(may(actor, "export"))
    if row.practice_id != actor.practice.pk:
        raise Refused("This belongs to another practice.")
    read = read_request(_whole(row), at=at)
    if read.blocking:
        raise Refused(" ".join(problem.sentence for problem in read.blocking))
    receiver = receiver_of(read.row)
    assert receiver is not None  # noqa: S101 - one of the problems otherwise
    return _start(receiver, [row.pk], by=actor.person, at=at)


def ask_all_by_file(*, actor: Actor, receiver: Receiver, at: datetime) -> RequestFile:
    """Ask for a file of everything that is to be asked through `receiver`.

    A second click finds the file that is being written. One that cannot go is left out and says why on its timeline.
    """
    require(may(actor, "export"))
    if receiver.practice_id != actor.practice.pk:
        raise Refused("This receiver belongs to another practice.")
    pks = list(requests_for(receiver).values_list("pk", flat=True))
    if not pks:
        raise Refused(f"No request waits to be sent to {receiver} by file.")
    return _start(receiver, pks, by=actor.person, at=at)


def _whole(row: Authorisation) -> Authorisation:
    return whole_requests().get(pk=row.pk)


def whole_requests() -> AuthorisationQuerySet:
    """With all that `read_request` looks at."""
    return Authorisation.objects.select_related(
        "practice",
        "payer__receiver",
        "coverage__payer",
        "coverage__patient",
        "case__patient",
        "case__site",
        "case__practice",
    ).prefetch_related("lines")


def _start(receiver: Receiver, pks: Sequence[int], *, by: Person, at: datetime) -> RequestFile:
    """The row and its job. Raises Refused when another choice is being written: control numbers rise one file at a time."""
    writing = RequestFile.objects.filter(receiver=receiver, state=ExportState.QUEUED)
    if known := writing.first():
        return _same(known, pks)
    try:
        with transaction.atomic():
            file = enqueue_file(RequestFile(receiver=receiver, requested_at=at, requested_by=by, chosen=list(pks)))
    except IntegrityError:
        if known := writing.first():
            return _same(known, pks)  # another click was a moment faster
        raise
    faults.point("billing.requests.asked")
    return file


def _same(known: RequestFile, pks: Sequence[int]) -> RequestFile:
    if not set(pks) <= set(known.chosen):
        raise Refused(f"A file of requests to {known.receiver} is being written. Ask again when it is done.")
    return known


def enqueue_file(file: RequestFile) -> RequestFile:
    """Write a new row, its job and the trail. Only inside a transaction; raises IntegrityError when another click was
    faster."""
    file.save(force_insert=True)
    file.job_id = enqueue(WRITE, request_file_id=file.pk).pk
    file.save(update_fields=["job_id"])
    trail.record(
        "export", noun="request_file", public_id=file.public_id, person=file.requested_by, practice=file.receiver.practice,
        at=file.requested_at,
    )  # fmt: skip
    return file


def first_of(file: RequestFile) -> list[int]:
    """What fits one file for its receiver, of what was chosen; the rest goes on in the next."""
    return [int(pk) for pk in file.chosen[: file.receiver.claims_per_file]]


def download_requests(*, actor: Actor, file: RequestFile, at: datetime) -> Iterator[bytes]:
    """The finished ZIP in blocks, the same bytes each time; on the trail. `file.file_name` is its name."""
    require(may(actor, "export"))
    if file.receiver.practice_id != actor.practice.pk or file.file is None:
        raise Refused("There is no file of these requests to download.")
    trail.record(
        "export", noun="request_file", public_id=file.public_id, person=actor.person, practice=actor.practice, at=at
    )
    return open_streaming(file.file.key)
