"""Marks on pictures as facts of the record, and their way from one version of a draft to the next."""

from collections.abc import Iterable

from cases.models import Annotation, AssetState, Review
from cases.record_facts import AnnotationFact

_COLUMNS = ("page", "kind", "x", "y", "to_x", "to_y", "width", "height", "text")


def annotation_facts(review: Review) -> tuple[AnnotationFact, ...]:
    return tuple(
        AnnotationFact(image=one.asset.public_id, **{name: getattr(one, name) for name in _COLUMNS})
        for one in annotations_of(review)
    )


def annotations_of(review: Review) -> Iterable[Annotation]:
    """The marks on pictures that count now: what was struck off or went to another patient shows none here."""
    counted = review.annotations.filter(asset__case=review.case_id).exclude(asset__state=AssetState.STRUCK)
    return counted.select_related("asset")


def carry_annotations(earlier: Review, review: Review) -> None:
    """Into the draft on a newer version; where the mirror mark was set right meanwhile, to the other side of the picture."""
    Annotation.objects.bulk_create(_turned(one, review) for one in annotations_of(earlier))


def _turned(one: Annotation, review: Review) -> Annotation:
    columns = {name: getattr(one, name) for name in _COLUMNS}
    if one.mirrored != one.asset.mirrored:
        columns |= {"x": one.width - one.x, "to_x": one.width - one.to_x}
    return Annotation(review=review, asset=one.asset, mirrored=one.asset.mirrored, **columns)
