"""An appeal against what a payer decided: its letter and packet, how it was sent, and what came of it."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from billing.appeal_states import DECIDED, OPEN, AppealStatus
from billing.models.claim import Claim, ClaimLine
from billing.models.payer import SignedBy
from teledent.accounts.models import Person, Practice
from teledent.files.models import StoredFile


class Level(models.TextChoices):
    FIRST = "1", "First level"
    SECOND = "2", "Second level"
    EXTERNAL = "external", "External review"


class SentHow(models.TextChoices):
    PORTAL = "portal", "Payer's portal"
    MAIL = "mail", "Mail"
    FAX = "fax", "Fax"


class AppealQuerySet(models.QuerySet["Appeal"]):
    def for_list(self) -> Self:
        """With all that a row of a list shows: no query per row."""
        related = self.select_related("claim__case__patient", "claim__case__site", "claim__coverage__payer", "dentist")
        return related.defer("claim__facts", "claim__draft", "letter")

    def open(self) -> Self:
        return self.filter(status__in=sorted(OPEN))

    def decided(self) -> Self:
        return self.filter(status__in=sorted(DECIDED))

    def awaiting(self, dentist: Person) -> Self:
        """Letters that this dentist is asked to sign, the nearest deadline first."""
        asked = self.filter(status=AppealStatus.AWAITING, dentist=dentist)
        return asked.order_by(models.F("deadline").asc(nulls_last=True), "pk")


class Appeal(models.Model):
    """Status is written by `billing.appeal_moving` alone. `letter` is what `billing.appeals.letter` composed, frozen
    once the draft is left; `packet` is the PDF made from it, handed out byte for byte."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="appeals")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="appeals")
    level = models.CharField(max_length=8, choices=Level, default=Level.FIRST)
    reason = models.CharField(max_length=16)  # billing.outcomes.Outcome: which template the letter follows
    status = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in AppealStatus], default=AppealStatus.DRAFTED
    )
    revision = models.PositiveIntegerField(default=0)  # rises with every write
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    denied_at = models.DateTimeField()  # the payer's first answer: no record of this instant or later is evidence
    deadline = models.DateField(null=True, blank=True)

    quotes = models.JSONField(default=list)  # keys of the signed fields that the letter quotes
    note = models.TextField(blank=True)  # typed after the denial, kept apart from the evidence
    noted_at = models.DateTimeField(null=True, blank=True)
    noted_by = models.CharField(max_length=120, blank=True)
    letter = models.JSONField(default=dict)  # billing.appeals.letter.Letter
    letter_digest = models.CharField(max_length=64)

    signature = models.CharField(max_length=10, choices=SignedBy)  # what the payer wanted when the appeal was begun
    dentist = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")  # who signed the review
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_name = models.CharField(max_length=120, blank=True)
    signed_licence = models.CharField(max_length=40, blank=True)  # empty: signed by the front desk
    signed_digest = models.CharField(max_length=64, blank=True)
    sent_back_because = models.CharField(max_length=300, blank=True)

    packet = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    packet_pages = models.PositiveIntegerField(default=0)
    packet_fault = models.CharField(max_length=300, blank=True)  # why it could not be made

    sent_on = models.DateField(null=True, blank=True)
    sent_how = models.CharField(max_length=6, choices=SentHow, blank=True)
    sent_reference = models.CharField(max_length=80, blank=True)  # tracking or portal number
    sent_at = models.DateTimeField(null=True, blank=True)  # when that was recorded
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_on = models.DateField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True)  # what the payer said, in the desk's words
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_because = models.CharField(max_length=300, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["claim", "level"], condition=~Q(status="withdrawn"), name="appeal_once_a_level"
            ),
            models.CheckConstraint(condition=Q(status__in=[s.value for s in AppealStatus]), name="appeal_status_is_known"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="appeal_level_is_known"),
            models.CheckConstraint(condition=Q(signature__in=SignedBy.values), name="appeal_signature_is_known"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True, signed_name="", signed_digest="")
                | (Q(signed_at__isnull=False, signed_by__isnull=False) & ~Q(signed_name="") & ~Q(signed_digest="")),
                name="appeal_signed_by_somebody_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["ready", "sent", *sorted(DECIDED)]) | Q(signature="nobody") | Q(signed_at__isnull=False),
                name="appeal_leaves_signed_as_wanted",
            ),
            models.CheckConstraint(
                condition=(Q(sent_at__isnull=False, sent_on__isnull=False, sent_by__isnull=False, packet__isnull=False)
                           & Q(sent_how__in=SentHow.values))
                | Q(sent_at__isnull=True, sent_on__isnull=True, sent_by__isnull=True, sent_how="", sent_reference=""),
                name="appeal_sent_has_day_way_and_packet",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["sent", *sorted(DECIDED)], sent_at__isnull=False)
                | Q(status__in=sorted(OPEN), sent_at__isnull=True) | Q(status="withdrawn"),
                name="appeal_sent_is_recorded",
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(DECIDED), answered_on__isnull=False, answered_at__isnull=False, answered_by__isnull=False)
                | (~Q(status__in=sorted(DECIDED))
                   & Q(answered_on__isnull=True, answered_at__isnull=True, answered_by__isnull=True, answer="")),
                name="appeal_decided_has_day",
            ),
            models.CheckConstraint(
                condition=(Q(status="withdrawn") & ~Q(withdrawn_because="")) | (~Q(status="withdrawn") & Q(withdrawn_because="")),
                name="appeal_withdrawn_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(note="", noted_at__isnull=True, noted_by="")
                | (~Q(note="") & Q(noted_at__isnull=False) & ~Q(noted_by="")),
                name="appeal_note_has_day_and_writer",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["practice", "status", "deadline"]),
            models.Index(fields=["dentist"], condition=Q(status="awaiting"), name="appeal_waits_for_dentist"),
        ]
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_level_display()} appeal of {self.claim}"


class AppealLine(models.Model):
    """One line of the claim that is appealed, as the payer had decided it then."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(ClaimLine, on_delete=models.PROTECT, related_name="appeals")
    outcome = models.CharField(max_length=16)  # billing.outcomes.Outcome
    charge = models.DecimalField(max_digits=10, decimal_places=2)
    paid = models.DecimalField(max_digits=12, decimal_places=2)
    codes = models.JSONField(default=list)  # groups, CARC and RARC that stood

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["appeal", "line"], name="appeal_line_once")]
        ordering: ClassVar = ["line__number"]

    def __str__(self) -> str:
        return str(self.line)
