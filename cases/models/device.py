"""Devices that gather without a network, and what came in from them: each manifest and each mark as it was sent."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from cases.models.case import Case
from cases.models.event import Mark, ScreeningEvent
from teledent.accounts.models import Person, Practice


class RecoveryKey(models.Model):
    """The public half of a key pair that a manager made: devices wrap their store keys for the newest. The private half was
    never here. Rows are only added."""

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="recovery_keys")
    spki = models.CharField(max_length=800)  # DER in Base64
    fingerprint = models.CharField(max_length=64)  # SHA-256 of the DER
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.fingerprint[:8]


class Device(models.Model):
    """A tablet or a notebook of the practice, by the id that it made for itself. One that was retired forwards nothing.

    `holds` is what it last told that it still has: cases and marks that were not forwarded, files, urgent cases among them,
    and `days` with the cases of each school day; `openings` is how often it was opened by the recovery key.
    """

    public_id = models.UUIDField(unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="devices")
    name = models.CharField(max_length=60)
    registered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    clock_offset_ms = models.BigIntegerField(null=True, blank=True)  # server minus device, as last measured
    holds = models.JSONField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)  # when it told what it holds
    recovery_key = models.ForeignKey(RecoveryKey, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    retired_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, retired_by__isnull=True, retired_because="")
                | (Q(retired_at__isnull=False, retired_by__isnull=False) & ~Q(retired_because="")),
                name="device_retired_by_whom_and_why",
            ),
        ]
        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def clock_in_words(self) -> str:
        """How far its clock was off when it was last measured."""
        if self.clock_offset_ms is None:
            return "not measured"
        seconds = round(self.clock_offset_ms / 1000)  # server minus device
        return f"{abs(seconds)} s {'behind' if seconds > 0 else 'ahead'}" if seconds else "right"


class WipeOrder(models.Model):
    """A manager's order that a device destroy all that is on it, also what was never forwarded: so many cases and marks.

    One that holds more destroys nothing and says so; the order is answered all the same, and another one has to be given.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="wipe_orders")
    ordered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    because = models.CharField(max_length=200)
    cases = models.PositiveIntegerField()
    marks = models.PositiveIntegerField()
    answered_at = models.DateTimeField(null=True, blank=True)
    carried_out = models.BooleanField(null=True, blank=True)
    found = models.JSONField(null=True, blank=True)  # cases, marks and files that were destroyed, or that it holds

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, carried_out__isnull=True, found__isnull=True)
                | Q(answered_at__isnull=False, carried_out__isnull=False, found__isnull=False),
                name="wipe_order_answered_whole",
            ),
            models.UniqueConstraint(
                fields=["device"], condition=Q(answered_at__isnull=True), name="one_open_wipe_order_of_a_device"
            ),
        ]
        ordering: ClassVar = ["-ordered_at", "-pk"]

    def __str__(self) -> str:
        return f"Wipe {self.device}"


class Forward(models.Model):
    """One manifest as it came, and what was answered. `case` is none where somebody has to say first who the patient is.

    `base` is what device and server agreed on when it was taken, field by field (`cases.device.fields`): the next manifest
    of the case is merged against it.
    """

    case_public_id = models.UUIDField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="forwards")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="forwards")
    revision = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)  # over the canonical JSON of `content`
    content = models.JSONField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    sent_at = models.DateTimeField()  # the device's word, as the offset is
    clock_offset_ms = models.BigIntegerField(null=True)
    base = models.JSONField(default=dict)
    receipt = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case_public_id", "revision"], name="forward_revision_once"),
        ]
        ordering: ClassVar = ["case_public_id", "revision"]

    def __str__(self) -> str:
        return f"{self.case_public_id}, revision {self.revision}"


class ForwardedMark(models.Model):
    """Absent or refused, as it was said on a device; `applied` tells whether the list of the day took it over."""

    public_id = models.UUIDField(unique=True, editable=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="marks")
    event = models.ForeignKey(ScreeningEvent, on_delete=models.PROTECT, related_name="forwarded_marks")
    patient_public_id = models.UUIDField()  # as the device had it: a merge moves no row that only tells what was said
    mark = models.CharField(max_length=7, choices=Mark, blank=True)
    note = models.CharField(max_length=200, blank=True)
    said_at = models.DateTimeField()  # the device's word
    sent_at = models.DateTimeField()
    clock_offset_ms = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    applied = models.BooleanField()
    receipt = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(mark__in=["", *Mark.values]), name="forwarded_mark_is_known"),
        ]
        ordering: ClassVar = ["received_at", "pk"]

    def __str__(self) -> str:
        return f"{self.mark or 'taken back'}, {self.said_at}"
