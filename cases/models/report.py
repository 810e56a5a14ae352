"""A signed report as it was printed: the words of that moment and the finished PDF, handed out again byte for byte."""

import uuid
from typing import ClassVar

from django.db import models

from cases.models.case import Case
from teledent.accounts.models import Person
from teledent.files.models import StoredFile


class Audience(models.TextChoices):
    FAMILY = "family", "For the family"
    COLLEAGUE = "colleague", "For a colleague"


class ReportState(models.TextChoices):
    QUEUED = "queued", "Being made"
    DONE = "done", "Made"
    FAILED = "failed", "Could not be made"


class Report(models.Model):
    """Made once for each thing that a report can say: an addendum or a retraction makes another one.

    `document` is `cases.report.document.Document.as_json()`, `digest` the hash of its canonical form.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    audience = models.CharField(max_length=10, choices=Audience)
    language = models.CharField(max_length=2)
    digest = models.CharField(max_length=64)
    document = models.JSONField()
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.QUEUED)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "audience", "language", "digest"], name="report_once_by_content")
        ]
        ordering: ClassVar = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return f"Report of {self.case}, {self.get_audience_display().lower()}"

    @property
    def file_name(self) -> str:
        """Names nobody: the case's number, the audience and the language."""
        return f"{self.case.label}_{self.audience}_{self.language}.pdf"
