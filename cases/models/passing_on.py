"""What goes to others than the family: a minimal list for the school, and a referral with what was sent along."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from cases.models.case import Case, Urgency
from cases.models.letter import PrintState
from teledent.accounts.models import Address, Person, Practice, Site
from teledent.files.models import StoredFile


class SchoolList(models.Model):
    """A list for the school nurse as it was made: for whom, of which days, by whom, and how many it does not name."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField("From")
    last_day = models.DateField("Until")
    made_for = models.CharField("For whom", max_length=120)
    withheld = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=PrintState, default=PrintState.QUEUED)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")), name="school_list_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(state="done", file__isnull=False) | ~Q(state="done") & Q(file__isnull=True),
                name="school_list_done_has_its_file",
            ),
        ]
        ordering: ClassVar = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return f"List for {self.made_for}, {self.site}"

    @property
    def file_stem(self) -> str:
        return f"school_list_{self.first_day:%Y-%m-%d}"


class SchoolListLine(models.Model):
    """One child on a list, in the words that were printed. Nothing clinical beyond the word of urgency."""

    school_list = models.ForeignKey(SchoolList, on_delete=models.PROTECT, related_name="lines")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="school_list_lines")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=130)
    room = models.CharField(max_length=20, blank=True)
    word = models.CharField(max_length=40)
    by_when = models.CharField(max_length=40, blank=True)
    asked = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school_list", "case"], name="school_list_names_a_case_once")
        ]
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"Line {self.number}"


class ReferralPlace(Address):
    """Where the practice refers to: kept by the manager and the front desk."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="referral_places")
    name = models.CharField(max_length=120)
    specialty = models.CharField(max_length=80)
    phone = models.CharField(max_length=20)
    fax = models.CharField(max_length=20, blank=True)
    note = models.CharField("Worth knowing", max_length=200, blank=True)
    in_use = models.BooleanField("Offered when referring", default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "name"], name="referral_place_name_once_in_practice")
        ]
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Referral(models.Model):
    """One referral: how urgent, to whom (as the directory said then), what was enclosed, and when it went out, how."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="referrals")
    place = models.ForeignKey(ReferralPlace, on_delete=models.PROTECT, related_name="+")
    to = models.JSONField()  # name, specialty, address, phone, fax
    urgency = models.CharField("How urgent", max_length=10, choices=Urgency)
    reason = models.CharField("What is asked", max_length=1000)
    pictures = models.JSONField(default=list, blank=True)  # public ids of the files, in the order they were chosen
    letter = models.JSONField()  # cases.report.document.Document.as_json()
    report = models.JSONField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=PrintState, default=PrintState.QUEUED)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_how = models.CharField("How it went", max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, sent_by__isnull=True, sent_how="")
                | Q(sent_at__isnull=False, sent_by__isnull=False) & ~Q(sent_how=""),
                name="referral_sent_by_someone_somehow",
            ),
            models.CheckConstraint(
                condition=Q(state="done", file__isnull=False) | ~Q(state="done") & Q(file__isnull=True),
                name="referral_done_has_its_file",
            ),
        ]
        ordering: ClassVar = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return f"Referral of {self.case} to {self.to['name']}"

    @property
    def file_name(self) -> str:
        return f"{self.case.label}_referral.zip"
