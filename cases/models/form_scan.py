"""Forms that come back: what a scanner made of a pile, and each page of it by itself, filed under the child it is of."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from cases.models.consent import Consent
from cases.models.event import ScreeningEvent
from cases.models.family_form import FamilyForm
from cases.models.patient import Patient
from teledent.accounts.models import Person
from teledent.files.models import StoredFile


class ScanState(models.TextChoices):
    ANNOUNCED = "announced", "On its way here"
    QUEUED = "queued", "Being read"
    READ = "read", "Read"
    REFUSED = "refused", "Could not be read"


class FormScan(models.Model):
    """A file of scanned forms of one school day, as it was brought in."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(ScreeningEvent, on_delete=models.PROTECT, related_name="form_scans")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()  # bytes
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")  # None: on its way
    state = models.CharField(max_length=9, choices=ScanState, default=ScanState.ANNOUNCED)
    reason = models.CharField(max_length=300, blank=True)  # why it could not be read
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ScanState.values), name="form_scan_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="announced", file__isnull=True) | (~Q(state="announced") & Q(file__isnull=False)),
                name="form_scan_arrived_has_bytes",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="form_scan_refused_has_reason"),
            models.UniqueConstraint(
                fields=["event", "sha256"], condition=~Q(state="refused"), name="form_scan_once_in_a_day"
            ),
        ]
        ordering: ClassVar = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class PageFound(models.TextChoices):
    """What the reader found on a page."""

    FORM = "form", "Our code"
    STRANGE = "strange", "A form of another school day"
    SEVERAL = "several", "Several forms"
    NO_CODE = "no_code", "No code"
    BLANK = "blank", "Empty"


class FormPageQuerySet(models.QuerySet["FormPage"]):
    def of_whom(self) -> Self:
        """Pages of which a person has to say whose they are."""
        return self.filter(patient__isnull=True, set_aside_at__isnull=True)

    def to_enter(self) -> Self:
        """Filed, and the family's answer is not on record yet."""
        return self.filter(patient__isnull=False, consent__isnull=True, set_aside_at__isnull=True)

    def entered(self) -> Self:
        return self.filter(consent__isnull=False)

    def set_aside(self) -> Self:
        return self.filter(set_aside_at__isnull=False)


class FormPage(models.Model):
    """One page by itself. Its code filed it (`filed_by` is nobody), or a person did; what it says a person reads and enters."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    scan = models.ForeignKey(FormScan, on_delete=models.PROTECT, related_name="pages")
    number = models.PositiveSmallIntegerField()
    found = models.CharField(max_length=7, choices=PageFound)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")  # this page and nothing else
    picture = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey(FamilyForm, on_delete=models.PROTECT, null=True, related_name="pages")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="form_pages")
    filed_at = models.DateTimeField(null=True)
    filed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, null=True, related_name="form_page")
    health = models.CharField(max_length=500, blank=True)  # what is written there of allergies, medicines and illnesses
    set_aside_at = models.DateTimeField(null=True)
    set_aside_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    set_aside_because = models.CharField(max_length=200, blank=True)

    objects = FormPageQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scan", "number"], name="form_page_once_in_a_scan"),
            models.CheckConstraint(condition=Q(found__in=PageFound.values), name="form_page_found_is_known"),
            models.CheckConstraint(
                condition=Q(patient__isnull=True, filed_at__isnull=True, filed_by__isnull=True)
                | Q(patient__isnull=False, filed_at__isnull=False),
                name="form_page_filed_when",
            ),
            models.CheckConstraint(
                condition=Q(consent__isnull=True) | Q(patient__isnull=False, set_aside_at__isnull=True),
                name="form_page_entered_is_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(health="") | Q(consent__isnull=False), name="form_page_health_is_entered"
            ),
            models.CheckConstraint(
                condition=Q(set_aside_at__isnull=True, set_aside_because="")
                | (Q(set_aside_at__isnull=False) & ~Q(set_aside_because="")),
                name="form_page_set_aside_why",
            ),
        ]
        ordering: ClassVar = ["scan", "number"]

    def __str__(self) -> str:
        return f"Page {self.number} of {self.scan}"

    @property
    def form_of_code(self) -> FamilyForm | None:
        """The form that its code named: that is what the paper is, whosever it turns out to be."""
        return self.form if self.found == PageFound.FORM else None


class FormPageChange(models.Model):
    """How a page stood before a person filed it, set it aside, took it up, put its words right or took back what was entered
    from it. Only added to."""

    page = models.ForeignKey(FormPage, on_delete=models.PROTECT, related_name="changes")
    was = models.CharField(max_length=500)
    reason = models.CharField(max_length=200, blank=True)  # given where a page or its words were another child's (ID-3)
    consent = models.OneToOneField(  # the answer that was taken back: it counts for nobody
        Consent, on_delete=models.PROTECT, null=True, related_name="entered_wrongly"
    )
    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(consent__isnull=True) | ~Q(reason=""), name="form_page_taken_back_for_a_reason"
            ),
        ]
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.page}: {self.was}"
