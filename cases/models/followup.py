"""What became of the advice: one row each time somebody told the family or tried to (CH-2)."""

from typing import ClassVar

from django.db import models

from cases.models.case import Case
from teledent.accounts.models import Person


class FollowUpStep(models.TextChoices):
    TOLD = "told", "The family was told"
    TRIED = "tried", "Tried, not reached"
    BOOKED = "booked", "An appointment was made"
    ATTENDED = "attended", "The appointment was attended"
    DECLINED = "declined", "The family declined"


class FollowUp(models.Model):
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_ups")
    step = models.CharField(max_length=10, choices=FollowUpStep)
    told_to = models.CharField("Who", max_length=120)
    how = models.CharField("How", max_length=60)
    happened_at = models.DateTimeField("When")
    note = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["happened_at", "pk"]

    def __str__(self) -> str:
        return self.get_step_display()
