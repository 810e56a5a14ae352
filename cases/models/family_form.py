"""Forms for families: the runs that print them for a school day, and each form as it was printed, by its own id."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from cases.models.event import ScreeningEvent
from cases.models.letter import PrintState
from cases.models.patient import Patient
from teledent.accounts.models import Person
from teledent.files.models import StoredFile


class FormRun(models.Model):
    """One printing for a school day: for children without an answer, or for all of them."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(ScreeningEvent, on_delete=models.PROTECT, related_name="form_runs")
    everybody = models.BooleanField(default=False)
    back_by = models.DateField("Back at school by")
    state = models.CharField(max_length=10, choices=PrintState, default=PrintState.QUEUED)
    total = models.PositiveSmallIntegerField(default=0)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=PrintState.values), name="form_run_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="done", file__isnull=False) | ~Q(state="done") & Q(file__isnull=True),
                name="form_run_done_has_its_file",
            ),
            models.UniqueConstraint(fields=["event"], condition=Q(state="queued"), name="form_run_one_at_a_time"),
        ]
        ordering: ClassVar = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return f"Forms for {self.event}"


class FamilyForm(models.Model):
    """One page for one child. `public_id` stands in its code, so a page that comes back files itself (CO-1)."""

    public_id = models.UUIDField(unique=True)
    run = models.ForeignKey(FormRun, on_delete=models.PROTECT, related_name="forms")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="family_forms")
    language = models.CharField(max_length=3)
    text_version = models.CharField(max_length=30)
    text_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "patient"], name="family_form_once_in_a_run")]

    def __str__(self) -> str:
        return f"{self.text_version}, {self.language}"
