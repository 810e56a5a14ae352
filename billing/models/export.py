"""What went out: attachments by their control numbers, and exports as rows with their finished file."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from billing.models.claim import Claim
from billing.models.payer import Receiver
from teledent.accounts.models import Person
from teledent.files.models import StoredFile


class AttachmentKind(models.TextChoices):
    """PWK01: what stands ready beside the claim."""

    PACKET = "OZ", "Documentation packet and photographs"
    RADIOGRAPHS = "RB", "Radiographs"


class Attachment(models.Model):
    """One attachment control number (ACN): unique for ever. The claim's PWK segment and the manifest name it, or the number
    that a clearinghouse gave to what was sent to it ahead."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="attachments")
    kind = models.CharField(max_length=2, choices=AttachmentKind)
    control_number = models.CharField(max_length=40, unique=True)
    issued_number = models.CharField(max_length=50, blank=True)  # the clearinghouse's: NEA#..., DXC..., CHC#...

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "kind"], name="attachment_once_a_kind"),
            models.CheckConstraint(condition=Q(kind__in=AttachmentKind.values), name="attachment_kind_is_known"),
        ]
        ordering: ClassVar = ["control_number"]

    def __str__(self) -> str:
        return self.named

    @property
    def named(self) -> str:
        """What PWK06 says."""
        return self.issued_number or self.control_number


class ExportState(models.TextChoices):
    QUEUED = "queued", "Being written"
    DONE = "done", "Written"
    EMPTY = "empty", "Nothing was ready"
    FAILED = "failed", "Could not be written"


class ExportQuerySet(models.QuerySet["Export"]):
    def first_time(self) -> Self:
        """What takes ready claims, not what sends sent ones anew."""
        return self.filter(anew_of__isnull=True)

    def known_as(self, public_id: uuid.UUID) -> "Export | None":
        """What a click finds that came before: made by the same form, or being written now."""
        return self.filter(Q(public_id=public_id) | Q(state=ExportState.QUEUED)).order_by("-pk").first()


class OutgoingFile(models.Model):
    """One file for one receiver, written by a job. Its control number is the receiver's next, whatever the file holds."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    receiver = models.ForeignKey(Receiver, on_delete=models.PROTECT, related_name="%(class)ss")
    state = models.CharField(max_length=6, choices=ExportState, default=ExportState.QUEUED)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    job_id = models.PositiveBigIntegerField(null=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    control_number = models.PositiveIntegerField(null=True, blank=True)  # ISA13 and GS06
    set_number = models.CharField(max_length=9, blank=True)  # ST02
    batch_id = models.CharField(max_length=30, blank=True)  # BHT03
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    total = models.DecimalField(max_digits=12, decimal_places=2, default=0)  # dollars
    chosen = models.JSONField(default=list)  # primary keys of what a person chose; empty, of claims: all that are ready
    to_compose = models.PositiveIntegerField(default=0)  # for the bar: what this file is to hold
    composed = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class Export(OutgoingFile):
    """One file of claims for one receiver. Written once; downloading it again gives the same bytes, envelope included (CL-8).

    One that sends anew names the export before it and why; without `anew_claim` it sends the whole of that one.
    """

    claim_count = models.PositiveIntegerField(default=0)
    anew_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="sent_anew")
    anew_claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)  # why it is sent anew
    continues = models.OneToOneField(  # the file before, which was full
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="continued_by"
    )

    objects = ExportQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="export_state_is_known"),
            models.UniqueConstraint(
                fields=["receiver"], condition=Q(state="queued", anew_of__isnull=True), name="export_one_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["anew_claim"], condition=Q(state="queued", anew_claim__isnull=False), name="export_claim_anew_one_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["anew_of"],
                condition=Q(state="queued", anew_of__isnull=False, anew_claim__isnull=True),
                name="export_anew_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(anew_of__isnull=True, anew_claim__isnull=True, reason="")
                | (Q(anew_of__isnull=False, requested_by__isnull=False) & ~Q(reason="")),
                name="export_anew_by_whom_and_why",
            ),
            models.UniqueConstraint(fields=["receiver", "control_number"], name="export_control_number_once"),
            models.CheckConstraint(
                condition=(Q(state="done", file__isnull=False, control_number__isnull=False, claim_count__gt=0)
                           & ~Q(set_number="") & ~Q(batch_id=""))
                | (~Q(state="done") & Q(file__isnull=True, control_number__isnull=True, claim_count=0)),
                name="export_done_has_file_and_numbers",
            ),
            models.CheckConstraint(
                condition=Q(state="queued", finished_at__isnull=True) | (~Q(state="queued") & Q(finished_at__isnull=False)),
                name="export_finished_has_time",
            ),
        ]  # fmt: skip
        ordering: ClassVar = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name or f"Export to {self.receiver}"

    @property
    def is_anew(self) -> bool:
        return self.anew_of_id is not None

    @property
    def file_name(self) -> str:
        """What the ZIP is called when it is downloaded: no patient's name, no practice's secret."""
        return f"claims-{self.batch_id}.zip" if self.batch_id else ""


class ExportClaim(models.Model):
    """Which claims an export took, as they stood."""

    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="contents")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="exports")
    total = models.DecimalField(max_digits=10, decimal_places=2)  # dollars

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["export", "claim"], name="export_claim_once")]

    def __str__(self) -> str:
        return str(self.claim_id)
