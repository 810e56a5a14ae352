"""Requests that went out by file: the file as a row, and what each request in it said."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from billing.models.authorisation import Authorisation
from billing.models.export import ExportState, OutgoingFile


class RequestFile(OutgoingFile):
    """One 837D of requests asked ahead, for one receiver. Written once; handed out again byte for byte (CL-8)."""

    request_count = models.PositiveIntegerField(default=0)
    continues = models.OneToOneField(  # the file before, which was full
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="continued_by"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="request_file_state_is_known"),
            models.CheckConstraint(condition=Q(requested_by__isnull=False), name="request_file_asked_by_somebody"),
            models.UniqueConstraint(
                fields=["receiver"], condition=Q(state="queued"), name="request_file_one_at_a_time"
            ),
            models.UniqueConstraint(fields=["receiver", "control_number"], name="request_file_control_number_once"),
            models.CheckConstraint(
                condition=(Q(state="done", file__isnull=False, control_number__isnull=False, request_count__gt=0)
                           & ~Q(set_number="") & ~Q(batch_id=""))
                | (~Q(state="done") & Q(file__isnull=True, control_number__isnull=True, request_count=0)),
                name="request_file_done_has_file_and_numbers",
            ),
            models.CheckConstraint(
                condition=Q(state="queued", finished_at__isnull=True) | (~Q(state="queued") & Q(finished_at__isnull=False)),
                name="request_file_finished_has_time",
            ),
        ]  # fmt: skip
        ordering: ClassVar = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name or f"Requests to {self.receiver}"

    @property
    def file_name(self) -> str:
        """What the ZIP is called when it is downloaded: no patient's name."""
        return f"requests-{self.batch_id}.zip" if self.batch_id else ""


class FiledRequest(models.Model):
    """One request in one file, frozen as it went out: a later answer is held against this, not against rows of today."""

    file = models.ForeignKey(RequestFile, on_delete=models.PROTECT, related_name="contents")
    authorisation = models.ForeignKey(Authorisation, on_delete=models.PROTECT, related_name="filed")
    facts = models.JSONField()  # billing.claims.facts.ClaimFacts
    draft = models.JSONField()  # billing.claims.lines.ClaimDraft; its dates are the day of asking
    total = models.DecimalField(max_digits=10, decimal_places=2)  # dollars
    attachments = models.JSONField(default=list)  # control numbers: PWK06

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file", "authorisation"], name="filed_request_once_in_a_file")
        ]
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return str(self.authorisation_id)
