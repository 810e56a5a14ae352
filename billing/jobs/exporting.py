"""Write one export (CL-8): check, compose, keep, and commit control numbers, file and claims together.

The order is what makes it right. Everything slow happens first and touches no row. The file is then written for the
next control number and kept. The effect, one transaction, takes that number and every claim by compare-and-set: if a
claim was stopped, held or changed meanwhile, or the number is gone, nothing is written, the bytes are swept, and the
job begins again without that claim. So a file never holds a claim that was not exported, nor the other way round.

What fills more than one file goes on: the commit of a full one asks for the next, with its own control numbers.

An export that sends anew goes the same way with claims that went out before: they are not checked, moved or billed
again, but each is asked whether it may still go out, and its case and consent are the same at the commit.
"""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

from billing.actions.checking import check_claim
from billing.actions.exporting import EXPORT, claims_of_batch, enqueue_export
from billing.actions.sending_anew import asked_anew, may_go_anew
from billing.changed import end_replaced, give_days_back
from billing.claims.rule import Problem
from billing.composing import Composed, NotComposable, compose_claim
from billing.models import Attachment, Claim, Export, ExportClaim, ExportState
from billing.moving import move_claim, record_event
from billing.numbers import attachment_number
from billing.outgoing import Consents, consents_of, lock_all, next_interchange, require_signed, take_number
from billing.packaging import write_package
from billing.states import UNANSWERED, VOID_REFUSED, Status
from billing.x12.envelope import Interchange
from teledent.accounts.days import today_in
from teledent.files import keeping
from teledent.files.models import StoredFile
from teledent.files.storage import scratch_folder
from teledent.jobs.registry import Effect, job
from teledent.kit import clock, faults
from teledent.kit.decisions import Conflict

logger = logging.getLogger(__name__)
COMPOSE_RULE = "EXPORT.compose"


def set_aside(*, export_id: int, **_: object) -> None:
    """Five tries failed: the export is shown as failed, its claims are ready still."""
    Export.objects.filter(pk=export_id, state=ExportState.QUEUED).update(
        state=ExportState.FAILED, finished_at=clock.now()
    )


@job(EXPORT, heavy=True, on_parked=set_aside)
def write_export(*, export_id: int, **_: object) -> Effect | None:
    export = Export.objects.filter(pk=export_id, state=ExportState.QUEUED).select_related("receiver").first()
    if export is None:
        logger.info("Export %s is written or gone.", export_id)
        return None
    at, receiver = clock.now().replace(microsecond=0), export.receiver  # documents bear whole seconds
    batch = _checked_anew(export, at=at) if export.is_anew else _checked(export, at=at)
    if not batch.claims:
        return partial(_finish_empty, export, batch, at=at)
    interchange = next_interchange(receiver, zone=batch.claims[0].case.site.time_zone, at=at)
    with scratch_folder() as scratch:
        composed, faulty = _compose(export, batch.claims, scratch, interchange=interchange, at=at)
        faults.point("billing.export.composed")
        composed, batch = _as_composed(composed), replace(batch, faulty=[*batch.faulty, *faulty])
        if not composed:
            return partial(_finish_empty, export, batch, at=at)
        package = scratch / "package.zip"
        write_package(composed, package, interchange=interchange, receiver=receiver, at=at)
        kept = keeping.keep_file(package, folder="exports")
        faults.point("billing.export.kept")
    return partial(_finish, export, interchange, composed, batch, kept, at=at)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one run takes: the claims that may go, and those that may not, each with the sentence that says why.

    `fills_the_file` when no more were looked at, so that others may wait. `consents` is how those stood on which claims
    rest that are sent anew: a claim's own revision does not tell.
    """

    claims: Sequence[Claim]
    faulty: Sequence[tuple[Claim, str]] = ()
    fills_the_file: bool = False
    consents: Consents = frozenset()


def _checked(export: Export, *, at: datetime) -> Batch:
    """What is ready and fits one file, each checked once more from the rows as they are now, in a transaction of its own."""
    limit = export.receiver.claims_per_file
    ready = list(claims_of_batch(export).values_list("pk", flat=True)[:limit])
    for claim_id in ready:
        check_claim(claim_id, at=at)
    claims = list(Claim.objects.for_list().ready_for(export.receiver).filter(pk__in=ready))
    return Batch(claims, fills_the_file=len(ready) == limit)


def _checked_anew(export: Export, *, at: datetime) -> Batch:
    consents = _consents_of(export)
    by_itself = export.anew_claim_id is not None
    judged = [(claim, may_go_anew(claim, by_itself=by_itself, at=at)) for claim in asked_anew(export)]
    refused = [(claim, go.reason) for claim, go in judged if not go]
    return Batch([claim for claim, go in judged if go], refused, consents=consents)


def _consents_of(export: Export) -> Consents:
    """How the consents of those patients stand whose claims are sent anew."""
    return consents_of(claim.case.patient_id for claim in asked_anew(export))


def _compose(
    export: Export, claims: Sequence[Claim], scratch: Path, *, interchange: Interchange, at: datetime
) -> tuple[list[Composed], list[tuple[Claim, str]]]:
    """Each claim in a folder of its own; one that cannot be composed is set apart with its sentence. Tells the page how
    far it is."""
    composed: list[Composed] = []
    faulty: list[tuple[Claim, str]] = []
    written = Export.objects.filter(pk=export.pk, state=ExportState.QUEUED)
    written.update(to_compose=len(claims), composed=0)
    for done, claim in enumerate(claims, start=1):
        folder = scratch / claim.claim_id
        folder.mkdir(mode=0o700)
        try:
            composed.append(compose_claim(claim, folder, interchange=interchange, receiver=export.receiver, at=at))
        except NotComposable as reason:
            faulty.append((claim, reason.sentence))
        written.update(composed=done)
    return composed, faulty


def _as_composed(composed: Sequence[Composed]) -> list[Composed]:
    """Leave out what changed while others were composed, so that the commit seldom has to refuse."""
    now = dict(
        Claim.objects.filter(
            pk__in=[one.claim.pk for one in composed], status__in=[Status.READY, *UNANSWERED | VOID_REFUSED]
        ).values_list("pk", "revision")
    )
    return [one for one in composed if now.get(one.claim.pk) == one.revision]


def _finish(
    export: Export,
    interchange: Interchange,
    composed: Sequence[Composed],
    batch: Batch,
    kept: keeping.Kept,
    *,
    at: datetime,
) -> None:
    """The effect. Raises Conflict or NumberTaken when the file no longer says what is true: nothing is written."""
    _lock_cases(composed)
    if export.is_anew and (_consents_of(export) != batch.consents or len(_as_composed(composed)) != len(composed)):
        raise Conflict("A claim that is sent anew, or a consent it rests on, changed meanwhile.")
    take_number(export.receiver, interchange.control_number)
    _write_down(export, interchange, composed, keeping.record(kept, at=at, media_type="application/zip"), at=at)
    _move_out(export, interchange, composed, at=at)
    _set_aside(batch.faulty, export, at=at)
    if batch.fills_the_file:
        _go_on(export, at=at)


def _write_down(
    export: Export, interchange: Interchange, composed: Sequence[Composed], file: StoredFile, *, at: datetime
) -> None:
    """The export as written, what it holds and the numbers of its attachments."""
    totals = [one.claim.total for one in composed]
    written = Export.objects.filter(pk=export.pk, state=ExportState.QUEUED).update(
        state=ExportState.DONE, finished_at=at, control_number=interchange.control_number, file=file,
        set_number=interchange.set_number, batch_id=interchange.batch_id, claim_count=len(composed),
        total=sum(totals, Decimal("0.00")),
    )  # fmt: skip
    if not written:
        raise Conflict("This export was written already.")
    ExportClaim.objects.bulk_create(
        ExportClaim(export=export, claim=one.claim, total=total) for one, total in zip(composed, totals, strict=True)
    )
    Attachment.objects.bulk_create(
        [Attachment(claim=one.claim, kind=part.kind, control_number=attachment_number(one.claim.claim_id, part.kind),
                    issued_number=part.acn if part.is_issued else "")
         for one in composed for part in one.submission.attachments],
        ignore_conflicts=True,  # a claim that was sent before keeps its numbers
    )  # fmt: skip


def _move_out(export: Export, interchange: Interchange, composed: Sequence[Composed], *, at: datetime) -> None:
    """Each claim is out by this file; one that takes another's place ends it."""
    replaced = Claim.objects.in_bulk([one.claim.replaces_id for one in composed if one.claim.replaces_id])
    sent_on, by = today_in(export.receiver.practice, at), export.requested_by
    details = {"export": export.public_id, "control_number": interchange.control_number}
    for claim in (one.claim for one in composed):
        if export.is_anew:
            why = {**details, "reason": export.reason}
            move_claim(claim, "send_anew", person=by, at=at, details=why, sent_on=sent_on)
            if claim.is_void:
                give_days_back(claim)
            continue
        move_claim(claim, "export", person=by, at=at, details=details, exported_at=at, sent_on=sent_on)
        if claim.replaces_id is not None:
            end_replaced(replaced[claim.replaces_id], claim, person=by, at=at, details=details)


def _go_on(export: Export, *, at: datetime) -> None:
    """The file took as many as it holds: ask for the next, of what is left of the same choice."""
    left = list(claims_of_batch(export).values_list("pk", flat=True))
    if left:
        enqueue_export(
            Export(receiver=export.receiver, requested_at=at, requested_by=export.requested_by, continues=export,
                   chosen=left if export.chosen else [])
        )  # fmt: skip


def _lock_cases(composed: Sequence[Composed]) -> None:
    """A void goes out all the more when its case was retracted."""
    lock_all(one.claim.case_id for one in composed)
    require_signed(one.claim.case_id for one in composed if not one.claim.is_void)


def _finish_empty(export: Export, batch: Batch, *, at: datetime) -> None:
    Export.objects.filter(pk=export.pk, state=ExportState.QUEUED).update(state=ExportState.EMPTY, finished_at=at)
    _set_aside(batch.faulty, export, at=at)
    if batch.fills_the_file:
        _go_on(export, at=at)


def _set_aside(faulty: Sequence[tuple[Claim, str]], export: Export, *, at: datetime) -> None:
    """What could not go into the file says so: a ready claim is held, one that went out before keeps its state."""
    if not export.is_anew:
        _hold(faulty, at=at)
        return
    for claim, sentence in faulty:
        record_event(claim, "left_out", person=None, at=at, details={"export": export.public_id, "reason": sentence})


def _hold(faulty: Sequence[tuple[Claim, str]], *, at: datetime) -> None:
    """Claims that could not be composed wait for a person, with the sentence that says why."""
    for claim, sentence in faulty:
        still = Claim.objects.filter(pk=claim.pk, status=Status.READY, revision=claim.revision)
        if still.exists():
            claim.billed_once.all().delete()
            problem = asdict(Problem(COMPOSE_RULE, "CL-8", "blocks", "case", sentence))
            move_claim(
                claim,
                "hold",
                person=None,
                at=at,
                details={"rules": [COMPOSE_RULE]},
                problems=[*claim.problems, problem],
            )
