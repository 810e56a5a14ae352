"""Asking for an export, and handing a finished one out again, byte for byte (CL-8). The file is written by the job."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from billing.models import Claim, Export, ExportState, Receiver
from billing.models.claim import ClaimQuerySet
from billing.permissions import may
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person
from teledent.files.storage import open_streaming
from teledent.jobs.queue import enqueue
from teledent.kit import faults
from teledent.kit.decisions import Refused, require

EXPORT = "billing.export_claims"


def export_claims(*, actor: Actor, receiver: Receiver, at: datetime, chosen: Collection[UUID] | None = None) -> Export:
    """Ask for a file of what is ready for `receiver`: all of it, or the claims `chosen` by their public ids.

    A second click finds the export that is being written. What fills more than one file goes on in the next.
    """
    require(may(actor, "export"))
    if receiver.practice_id != actor.practice.pk:
        raise Refused("This receiver belongs to another practice.")
    if chosen is None:
        return start_export(receiver, by=actor.person, at=at)
    ready = list(Claim.objects.ready_for(receiver).filter(public_id__in=chosen).values_list("pk", flat=True))
    if not ready:
        raise Refused("None of these claims is ready any more. Open the page again and choose among what is.")
    return start_export(receiver, by=actor.person, at=at, chosen=ready)


def start_export(receiver: Receiver, *, by: Person | None, at: datetime, chosen: Sequence[int] = ()) -> Export:
    """The row and its job; `by` None when the command line asks. Raises Refused when nothing is ready, or when another
    choice is being written for this receiver: its control numbers rise one file at a time."""
    writing = Export.objects.first_time().filter(receiver=receiver, state=ExportState.QUEUED)
    if known := writing.first():
        return _same(known, chosen)
    if not Claim.objects.ready_for(receiver).exists():
        raise Refused(f"No claim is ready for {receiver}. Look at the held ones: each says what stands in its way.")
    try:
        with transaction.atomic():
            export = enqueue_export(Export(receiver=receiver, requested_at=at, requested_by=by, chosen=list(chosen)))
    except IntegrityError:
        if known := writing.first():
            return _same(known, chosen)  # another click was a moment faster
        raise
    faults.point("billing.export.asked")
    return export


def claims_of_batch(export: Export) -> ClaimQuerySet:
    """What `export` is to take of what is ready now: what was chosen, else everything for its receiver."""
    ready = Claim.objects.ready_for(export.receiver)
    return ready.filter(pk__in=export.chosen) if export.chosen else ready


def _same(known: Export, chosen: Sequence[int]) -> Export:
    if chosen and known.chosen != list(chosen):
        raise Refused(f"A file for {known.receiver} is being written. Export these claims when it is done.")
    return known


def enqueue_export(export: Export) -> Export:
    """Write a new row, its job and the trail. Only inside a transaction; raises IntegrityError when another click was
    faster."""
    export.save(force_insert=True)
    export.job_id = enqueue(EXPORT, export_id=export.pk).pk
    export.save(update_fields=["job_id"])
    trail.record(
        "export", noun="export", public_id=export.public_id, person=export.requested_by, practice=export.receiver.practice,
        at=export.requested_at,
    )  # fmt: skip
    return export


def download_export(*, actor: Actor, export: Export, at: datetime) -> Iterator[bytes]:
    """The finished ZIP in blocks, the same bytes each time; on the trail. `export.file_name` is its name."""
    require(may(actor, "export"))
    if export.receiver.practice_id != actor.practice.pk or export.file is None:
        raise Refused("This export has no file to download.")
    trail.record(
        "export", noun="export", public_id=export.public_id, person=actor.person, practice=actor.practice, at=at
    )
    return open_streaming(export.file.key)
