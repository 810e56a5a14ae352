"""What the dentist draws on a picture: apart from its pixels, in coordinates of the upright picture, part of the review."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from cases.models.asset import Asset
from cases.models.review import Review


class MarkKind(models.TextChoices):
    ARROW = "arrow", "Arrow"
    CIRCLE = "circle", "Circle"
    TEXT = "text", "Text"


class Annotation(models.Model):
    """One mark. An arrow points from (x, y) to (to_x, to_y); a circle lies around (x, y) through (to_x, to_y).

    The points are pixels of the page as it is shown the right way round, `width` by `height`; `mirrored` is the mirror
    mark of the file when it was drawn, so that a mark that was set right later still lies where it lay in the mouth.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="annotations")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    page = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=MarkKind)
    x = models.PositiveIntegerField()
    y = models.PositiveIntegerField()
    to_x = models.PositiveIntegerField()
    to_y = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    mirrored = models.BooleanField()
    text = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=MarkKind.values), name="annotation_kind_is_known"),
            models.CheckConstraint(
                condition=Q(x__lte=F("width"), to_x__lte=F("width"), y__lte=F("height"), to_y__lte=F("height")),
                name="annotation_lies_in_picture",
            ),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="annotation_picture_has_size"),
            models.CheckConstraint(condition=~Q(kind="text") | ~Q(text=""), name="annotation_text_says_something"),
        ]
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.text}".strip()
