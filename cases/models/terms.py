"""What a practice promises about reading: how soon, at which hours, and for how long an answer waits for who asked."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from cases.models.case import Kind, Urgency
from teledent.accounts.models import TIME_ZONE_MAX, Practice

A_QUARTER_YEAR = 90 * 24 * 60


class ReadingTerms(models.Model):
    """One row a practice; without it the defaults of `cases.terms` hold."""

    practice = models.OneToOneField(Practice, on_delete=models.PROTECT, related_name="reading_terms")
    time_zone = models.CharField("Time zone of the reading hours", max_length=TIME_ZONE_MAX)
    answer_first_hours = models.PositiveSmallIntegerField(
        "Hours that an answered case is kept for the dentist who asked",
        default=24,
        validators=[MaxValueValidator(14 * 24)],
    )

    def __str__(self) -> str:
        return f"Reading at {self.practice}"


class Target(models.Model):
    """How soon a case of one kind and urgency is to be read, where the practice set it otherwise than the defaults."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="targets")
    kind = models.CharField(max_length=20, choices=Kind)
    urgency = models.CharField(max_length=10, choices=Urgency)
    minutes = models.PositiveIntegerField(validators=[MinValueValidator(15), MaxValueValidator(A_QUARTER_YEAR)])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "kind", "urgency"], name="target_once"),
            models.CheckConstraint(
                condition=Q(minutes__gte=15, minutes__lte=A_QUARTER_YEAR), name="target_between_15_min_and_90_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.urgency}: {self.minutes} min"


class ReadingHours(models.Model):
    """When dentists read on one weekday, Monday being 0. A weekday without a row has none."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="reading_hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "weekday"], name="reading_hours_once_a_weekday"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="reading_hours_on_a_weekday"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="reading_hours_close_after_opening"),
        ]
        ordering: ClassVar = ["weekday"]

    def __str__(self) -> str:
        return f"{self.weekday}: {self.opens:%H:%M} to {self.closes:%H:%M}"
