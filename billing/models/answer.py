"""What came back: files as they arrived, and what they say of exports and claims before any money."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from billing.models.authorisation import Authorisation
from billing.models.claim import Claim
from billing.models.export import Export
from billing.models.request_file import RequestFile
from teledent.accounts.models import Person, Practice
from teledent.files.models import StoredFile


class EdiFileState(models.TextChoices):
    ANNOUNCED = "announced", "On its way here"
    QUEUED = "queued", "Being read"
    READ = "read", "Read"
    REFUSED = "refused", "Could not be read"


class EdiFile(models.Model):
    """One file from a clearinghouse or payer, kept byte for byte. The same bytes are one file, however often they come."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="edi_files")
    name = models.CharField(max_length=200)  # as it was called where it came from
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()  # bytes
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")  # None: on its way
    state = models.CharField(max_length=9, choices=EdiFileState, default=EdiFileState.ANNOUNCED)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")  # None: a command
    job_id = models.PositiveBigIntegerField(null=True)
    bytes_read = models.PositiveBigIntegerField(default=0)  # for the bar
    finished_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)  # why nothing in it could be read

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "sha256"], name="edi_file_once_in_practice"),
            models.CheckConstraint(condition=Q(state__in=EdiFileState.values), name="edi_file_state_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=["announced", "queued"], finished_at__isnull=True)
                | Q(state__in=["read", "refused"], finished_at__isnull=False),
                name="edi_file_finished_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="announced", file__isnull=True) | (~Q(state="announced") & Q(file__isnull=False)),
                name="edi_file_arrived_has_bytes",
            ),
            models.CheckConstraint(
                condition=(Q(state="refused") & ~Q(reason="")) | (~Q(state="refused") & Q(reason="")),
                name="edi_file_refused_has_reason",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "-received_at"])]
        ordering: ClassVar = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class EdiPartState(models.TextChoices):
    TAKEN = "taken", "Taken"
    TWICE = "twice", "Was here before"
    REFUSED = "refused", "Refused"


class EdiPart(models.Model):
    """One transaction set of a file, or a place in it that could not be read: what became of it."""

    file = models.ForeignKey(EdiFile, on_delete=models.PROTECT, related_name="parts")
    segment = models.PositiveIntegerField()  # the segment that opens it, or where it broke; 1 is the file's first
    kind = models.CharField(max_length=3, blank=True)  # 835, 999, 277, TA1; empty where not even that could be read
    state = models.CharField(max_length=7, choices=EdiPartState)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file", "segment"], name="edi_part_once"),
            models.CheckConstraint(condition=Q(state__in=EdiPartState.values), name="edi_part_state_is_known"),
            models.CheckConstraint(condition=Q(state="taken") | ~Q(reason=""), name="edi_part_not_taken_has_reason"),
        ]
        ordering: ClassVar = ["segment"]

    def __str__(self) -> str:
        return f"{self.kind} at segment {self.segment}"


class Verdict(models.TextChoices):
    ACCEPTED = "accepted", "Accepted"
    WITH_ERRORS = "with_errors", "Accepted with errors"
    REJECTED = "rejected", "Rejected"


class AcknowledgementKind(models.TextChoices):
    """In the order in which they come; none replaces another, and together they prove timely filing."""

    INTERCHANGE = "TA1", "The file was readable"
    SYNTAX = "999", "The file kept to the syntax"
    CLAIM = "277", "The claim was taken on"


class AcknowledgementQuerySet(models.QuerySet["Acknowledgement"]):
    def fitting_nothing(self) -> Self:
        """They name no file, no claim and no request of ours: a person looks at them."""
        return self.filter(
            export__isnull=True, claim__isnull=True, request_file__isnull=True, authorisation__isnull=True
        )


class Acknowledgement(models.Model):
    """One answer on the way to the payer: of a file (TA1, 999, a batch in a 277CA) or of one claim or
    request in it (277CA)."""

    part = models.ForeignKey(EdiPart, on_delete=models.PROTECT, related_name="acknowledgements")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=3, choices=AcknowledgementKind)
    segment = models.PositiveIntegerField()
    verdict = models.CharField(max_length=11, choices=Verdict)
    names = models.CharField(max_length=80)  # what it says it is about: ISA13, GS06, BHT03 or CLM01 of ours
    export = models.ForeignKey(Export, on_delete=models.PROTECT, null=True, related_name="acknowledgements")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="acknowledgements")
    request_file = models.ForeignKey(RequestFile, on_delete=models.PROTECT, null=True, related_name="acknowledgements")
    authorisation = models.ForeignKey(
        Authorisation, on_delete=models.PROTECT, null=True, related_name="acknowledgements"
    )
    answered_on = models.DateField(null=True)
    received_at = models.DateTimeField()
    payer_claim_number = models.CharField(max_length=50, blank=True)  # REF*1K
    codes = models.JSONField(default=list)  # "A3:21:IL", "IK304=8 at NM1 12": codes alone, never texts of a list
    message = models.CharField(max_length=300, blank=True)  # STC12, the sender's own words

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["part", "segment"], name="acknowledgement_once"),
            models.CheckConstraint(condition=Q(kind__in=AcknowledgementKind.values), name="acknowledgement_kind_is_known"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="acknowledgement_verdict_is_known"),
        ]  # fmt: skip
        ordering: ClassVar = ["received_at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.names}"
