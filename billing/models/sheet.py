"""A list of a school day that came back as a spreadsheet: its bytes, its rows, and who had them recorded."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from teledent.accounts.models import Person, Practice, Site
from teledent.files.models import StoredFile


class SheetState(models.TextChoices):
    ANNOUNCED = "announced", "On its way here"
    QUEUED = "queued", "Being read"
    READABLE = "readable", "To be looked at"
    REFUSED = "refused", "Could not be read"
    RECORDED = "recorded", "Recorded"


class CoverageSheet(models.Model):
    """One file about the children of one school on one day. Nothing of it counts before a person has looked and confirmed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()  # bytes
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")  # None: on its way
    state = models.CharField(max_length=9, choices=SheetState, default=SheetState.ANNOUNCED)
    reason = models.CharField(max_length=300, blank=True)  # why it could not be read
    rows = models.JSONField(default=list)  # [number, {column: text}], as the decoder read them
    ignored = models.JSONField(default=list)  # headings that are not ours
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded = models.PositiveIntegerField(default=0)  # verifications that it added

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=SheetState.values), name="coverage_sheet_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="announced", file__isnull=True) | (~Q(state="announced") & Q(file__isnull=False)),
                name="coverage_sheet_arrived_has_bytes",
            ),
            models.CheckConstraint(
                condition=(Q(state="refused") & ~Q(reason="")) | (~Q(state="refused") & Q(reason="")),
                name="coverage_sheet_refused_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="recorded", recorded_at__isnull=False, recorded_by__isnull=False)
                | (~Q(state="recorded") & Q(recorded_at__isnull=True, recorded_by__isnull=True, recorded=0)),
                name="coverage_sheet_recorded_when_and_by_whom",
            ),
        ]
        ordering: ClassVar = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return self.name
