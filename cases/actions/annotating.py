"""Marks on pictures: drawn and wiped out in the draft, frozen with it."""

from datetime import datetime

from django.db import transaction

from cases.actions.reviewing import lock_draft
from cases.models import Annotation, Asset, MarkKind, Review
from cases.promises import refuse_promise
from teledent.accounts.acting import Actor
from teledent.kit.decisions import Refused
from teledent.kit.text import printable

MARKS_MAX = 60  # on one picture
Point = tuple[int, int]


@transaction.atomic
def annotate(
    *,
    actor: Actor,
    review: Review,
    asset: Asset,
    kind: str,
    start: Point,
    end: Point,
    size: Point,
    at: datetime,
    page: int = 1,
    text: str = "",
    version: int | None = None,
) -> Annotation:
    """Draw a mark from `start` to `end`, in pixels of the upright page, which is `size` large."""
    lock_draft(actor, review, at, version=version)
    if asset.case_id != review.case_id:
        raise Refused("This picture belongs to another case.")
    text = " ".join(printable(text).split())[:80]
    if kind == MarkKind.TEXT and not text:
        raise Refused("Write what the mark says.")
    refuse_promise(text)  # it is signed with the review and drawn into the claim's picture
    if any(not 0 <= value <= limit for point in (start, end) for value, limit in zip(point, size, strict=True)):
        raise Refused("The mark lies outside of the picture. Draw it on the picture.")
    if kind != MarkKind.TEXT and start == end:
        raise Refused("The mark has no length. Set its two ends apart.")
    if review.annotations.filter(asset=asset).count() >= MARKS_MAX:
        raise Refused(f"A picture takes {MARKS_MAX} marks. Wipe out those that are not needed.")
    mark = Annotation(
        review=review, asset=asset, page=page, kind=kind, x=start[0], y=start[1], to_x=end[0], to_y=end[1],
        width=size[0], height=size[1], mirrored=asset.mirrored, text=text,
    )  # fmt: skip
    mark.full_clean()
    mark.save()
    return mark


@transaction.atomic
def wipe(*, actor: Actor, review: Review, annotation_id: int, at: datetime, version: int | None = None) -> None:
    lock_draft(actor, review, at, version=version)
    Annotation.objects.filter(review=review, pk=annotation_id).delete()
