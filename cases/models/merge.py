"""Two rows of one person put together, and apart again, by one audited act (ID-1)."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from cases.models.patient import Patient
from teledent.accounts.models import Person, Practice


class PatientMerge(models.Model):
    """What was moved from one patient to the one that stays, so that taking it back moves exactly that.

    `moved` maps a noun to the rows that went over, each with what it looked like; `left` says what could not go back.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    kept = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merges_away")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=120)
    moved = models.JSONField()

    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undone_reason = models.CharField(max_length=300, blank=True)
    left = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merged"], condition=Q(undone_at__isnull=True), name="patient_merged_once"),
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="patient_merges_with_another"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, undone_reason="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_reason="")),
                name="merge_undone_by_someone_for_a_reason",
            ),
        ]
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.merged} into {self.kept}"
