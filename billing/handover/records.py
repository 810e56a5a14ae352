"""Records of many claims, a batch of rows at a time: memory stays where it is however many there are."""

from collections.abc import Iterator

from django.db.models import Prefetch

from billing.claims.facts import ClaimFacts
from billing.claims.lines import ClaimDraft
from billing.handover.record import Outside, Record, record_of
from billing.models import Attachment, Claim
from billing.models.claim import ClaimQuerySet

BATCH = 200


def records(claims: ClaimQuerySet) -> Iterator[Record]:
    """The claims in the order of their making. One that was never checked has no facts yet and is left out."""
    known = claims.exclude(checked_at__isnull=True).order_by("pk")
    last = 0
    while batch := list(_whole(known.filter(pk__gt=last))[:BATCH]):
        last = batch[-1].pk
        for claim in batch:
            yield record_of(_outside(claim), ClaimFacts.from_json(claim.facts), ClaimDraft.from_json(claim.draft))


def _whole(claims: ClaimQuerySet) -> ClaimQuerySet:
    numbers = Prefetch("attachments", Attachment.objects.order_by("control_number"))
    return claims.select_related("replaces", "follows").prefetch_related(numbers)


def _outside(claim: Claim) -> Outside:
    return Outside(
        claim_id=claim.claim_id,
        status=claim.status,
        frequency=claim.frequency,
        replaces=claim.replaces.claim_id if claim.replaces else "",
        follows=claim.follows.claim_id if claim.follows else "",
        payer_claim_number=claim.original_number,
        attachments=list(dict.fromkeys(one.named for one in claim.attachments.all())),
    )
