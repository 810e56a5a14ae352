"""Sending anew (CL-8): a separate act, with a reason, that makes a new export from the facts that went out before.

New are the envelope and its control numbers. Claim ids and attachment numbers are those of the first time, so that the
payer's answer finds the claim; nothing is checked, dated or billed again, and the file of the first time stays as it is.
"""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from billing.actions.exporting import enqueue_export
from billing.models import Claim, Export, ExportClaim, ExportState
from billing.models.claim import ClaimQuerySet
from billing.models.export import ExportQuerySet
from billing.permissions import may
from billing.snapshot import read_consents
from billing.states import ANSWERED, ENDED, UNANSWERED, Status
from cases.moving import lock
from cases.states import BILLABLE
from teledent.accounts.acting import Actor
from teledent.kit.decisions import ALLOWED, Conflict, Decision, Refused, refuse, require
from teledent.kit.text import is_filler, printable

WHY = "Say why it is sent anew; the export and the claim's timeline keep it."


@transaction.atomic
def send_claim_anew(*, actor: Actor, claim: Claim, reason: str, public_id: UUID, at: datetime) -> Export:
    """Ask for a file with this one claim, for the receiver that got it before.

    The same `public_id` again, or another click while that file is being written, returns the same export.
    """
    _require_asked(actor, claim.practice_id, reason)
    lock(claim.case_id)
    claim = Claim.objects.for_list().get(pk=claim.pk)
    unit = Export.objects.filter(anew_claim=claim)
    if known := unit.known_as(public_id):
        return known
    require(may_go_anew(claim, at=at))
    earlier = newest_export_of(claim)
    if earlier is None:
        raise Refused(f"No finished export has taken claim {claim}.")
    return _started(
        Export(anew_of=earlier.export, anew_claim=claim), unit, actor=actor, reason=reason, public_id=public_id, at=at
    )


@transaction.atomic
def send_export_anew(*, actor: Actor, export: Export, reason: str, public_id: UUID, at: datetime) -> Export:
    """Ask for a file with every claim of a finished export that may go out again; those that may not are left out."""
    _require_asked(actor, export.receiver.practice_id, reason)
    unit = Export.objects.filter(anew_of=export, anew_claim__isnull=True)
    if known := unit.known_as(public_id):
        return known
    if export.state != ExportState.DONE:
        raise Refused("This export was never finished, so there is nothing to send anew.")
    if not export.contents.filter(claim__status__in=UNANSWERED, claim__void_wanted_at__isnull=True).exists():
        raise Refused("Every claim of this export was retracted since. Nothing of it goes out again.")
    return _started(Export(anew_of=export), unit, actor=actor, reason=reason, public_id=public_id, at=at)


def may_go_anew(claim: Claim, *, by_itself: bool = True, at: datetime) -> Decision:
    """Whether a claim may go out once more: it went out, its case is signed still, nobody has taken consent back. A void
    takes back what went out, whatever became of the case; after the payer has denied it, only where a person asked for
    it `by_itself`, not for the whole file."""
    if claim.is_void and claim.status in UNANSWERED:
        return ALLOWED
    if claim.is_void and claim.status == Status.DENIED:
        return ALLOWED if by_itself else refuse(f"The payer denied void {claim}. Send it anew on its own page.")
    if claim.is_void and claim.status == Status.PART_PAID:
        return refuse(
            f"The payer has paid a part of void {claim}. Ask it to take that back first: it can be sent anew then."
        )
    if claim.status in ANSWERED:
        return refuse(f"The payer has answered claim {claim}. What is wrong with the answer is corrected or appealed.")
    if claim.status in ENDED:
        return refuse(f"Claim {claim} was taken back by another claim. That one is sent anew.")
    if claim.status not in UNANSWERED:
        return refuse(f"Claim {claim} has not gone out. Only a claim that an export took is sent anew.")
    if claim.void_wanted_at is not None or claim.case.status not in BILLABLE:
        return refuse(f"The case of claim {claim} was retracted. Ask the payer for a void; nothing goes out again.")
    consents = read_consents(claim.case, at=at)
    if consents.lacking or not (consents.teledentistry and consents.bill_insurance):
        return refuse(f"The family has taken back a consent that claim {claim} rests on. Nothing of it goes out again.")
    return ALLOWED


def asked_anew(export: Export) -> list[Claim]:
    """The claims that `export` is to send anew, as they now stand."""
    return list(claims_asked_anew(export).for_list().order_by("pk"))


def claims_asked_anew(export: Export) -> ClaimQuerySet:
    if export.anew_claim_id is not None:
        return Claim.objects.filter(pk=export.anew_claim_id)
    return Claim.objects.filter(pk__in=ExportClaim.objects.filter(export=export.anew_of_id).values("claim"))


def newest_export_of(claim: Claim) -> ExportClaim | None:
    """The newest finished export that took this claim."""
    taken = ExportClaim.objects.filter(claim=claim, export__state=ExportState.DONE)
    return (
        taken.select_related("export__file", "export__receiver").order_by("-export__finished_at", "-export_id").first()
    )


def _require_asked(actor: Actor, practice_id: int, reason: str) -> None:
    require(may(actor, "export"))
    if practice_id != actor.practice.pk:
        raise Refused("This belongs to another practice.")
    if is_filler(reason):
        raise Refused(WHY)


def _started(row: Export, unit: ExportQuerySet, *, actor: Actor, reason: str, public_id: UUID, at: datetime) -> Export:
    """The row and its job, or the row of a click that was a moment faster."""
    row.public_id, row.reason = public_id, printable(reason).strip()[:300]
    row.receiver, row.requested_by, row.requested_at = row.anew_of.receiver, actor.person, at  # type: ignore[union-attr]
    try:
        with transaction.atomic():
            return enqueue_export(row)
    except IntegrityError as taken:
        if known := unit.known_as(public_id):
            return known
        raise Conflict("This form was sent for something else. Open the page again; nothing was exported.") from taken
