"""Pictures of a paper remittance: bytes as they were scanned, and pages drawn from them that a browser may show."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from billing.models.remittance import Remittance
from teledent.accounts.models import Person, Practice
from teledent.files.models import StoredFile


class ScanState(models.TextChoices):
    ANNOUNCED = "announced", "On its way here"
    QUEUED = "queued", "Being looked at"
    READABLE = "readable", "Readable"
    REFUSED = "refused", "Could not be read"
    OFF = "off", "Taken off"


class PaperScanQuerySet(models.QuerySet["PaperScan"]):
    def loose(self, person: Person, practice: Practice) -> Self:
        """What she brought in that no remittance has yet, in its order."""
        hers = self.filter(practice=practice, received_by=person, remittance__isnull=True)
        return hers.exclude(state__in=[ScanState.ANNOUNCED, ScanState.OFF]).order_by("pk")


class PaperScan(models.Model):
    """One file: a PDF or a picture of a page. Loose until the remittance that it shows is entered."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    remittance = models.ForeignKey(Remittance, on_delete=models.PROTECT, null=True, related_name="scans")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()  # bytes
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")  # None: on its way
    state = models.CharField(max_length=9, choices=ScanState, default=ScanState.ANNOUNCED)
    reason = models.CharField(max_length=300, blank=True)  # why it could not be read
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = PaperScanQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ScanState.values), name="paper_scan_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="announced", file__isnull=True) | (~Q(state="announced") & Q(file__isnull=False)),
                name="paper_scan_arrived_has_bytes",
            ),
            models.CheckConstraint(
                condition=(Q(state="refused") & ~Q(reason="")) | (~Q(state="refused") & Q(reason="")),
                name="paper_scan_refused_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(remittance__isnull=True) | Q(state="readable"), name="paper_scan_of_remittance_is_readable"
            ),
        ]
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.name


class PaperPage(models.Model):
    """One page as a picture that holds nothing but pixels."""

    scan = models.ForeignKey(PaperScan, on_delete=models.PROTECT, related_name="pages")
    number = models.PositiveSmallIntegerField()  # from 1
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    width = models.PositiveIntegerField()  # pixels
    height = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["scan", "number"], name="paper_page_once")]
        ordering: ClassVar = ["scan", "number"]

    def __str__(self) -> str:
        return f"page {self.number}"
