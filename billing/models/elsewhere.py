"""What another billing entity has billed for a patient, as far as somebody here knows (CL-5)."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from cases.models.code import PROCEDURE
from cases.models.patient import Patient
from teledent.accounts.models import Person


class SeenElsewhereQuerySet(models.QuerySet["SeenElsewhere"]):
    def about(self, patient: Patient) -> Self:
        """Of her and of every row merged into her: what was heard keeps the name it was heard under, and goes on warning."""
        return self.filter(patient__in=patient.with_merged())

    def standing(self) -> Self:
        """Without what was entered in error."""
        return self.filter(error_at__isnull=True)


class SeenElsewhere(models.Model):
    """One encounter that another entity bills. Never changed nor removed: a wrong one is marked as entered in error."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="seen_elsewhere")
    entity = models.CharField("Who bills it", max_length=60)
    code = models.CharField(max_length=5, validators=[PROCEDURE], default="D9996")
    service_date = models.DateField("Date of service")
    known_how = models.CharField("How we know", max_length=120)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    error_at = models.DateTimeField(null=True, blank=True)
    error_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    error_reason = models.CharField(max_length=200, blank=True)

    objects = SeenElsewhereQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(entity="") & ~Q(known_how=""), name="seen_elsewhere_says_by_whom_and_how_known"
            ),
            models.CheckConstraint(
                condition=Q(error_at__isnull=True, error_by__isnull=True, error_reason="")
                | (Q(error_at__isnull=False, error_by__isnull=False) & ~Q(error_reason="")),
                name="seen_elsewhere_error_when_by_whom_and_why",
            ),
        ]
        ordering: ClassVar = ["-service_date", "-pk"]

    def __str__(self) -> str:
        return f"{self.code} by {self.entity}, {self.service_date:%-d %b %Y}"
