"""What a payer was asked before care, and what it said: one row a request, with its lines and its timeline."""

import uuid
from typing import ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from billing.authorisation_states import AUTHORISATION_LABELS, OPEN, TO_SEND, AuthorisationStatus
from billing.models.coverage import Coverage
from billing.models.payer import Payer
from cases.models import Case
from cases.models.code import PROCEDURE
from cases.models.second import hidden_cases
from teledent.accounts.models import Person, Practice


class RequestKind(models.TextChoices):
    """What is asked. The number of either goes on claims (REF*G1, REF*G3); a predetermination binds nobody, and no claim is
    held for it. The names are those of the columns of a claim's line that bear the number."""

    AUTHORISATION = "authorisation", "Prior authorisation"
    PREDETERMINATION = "predetermination", "Predetermination"


class RequestHow(models.TextChoices):
    FILE = "file", "In a file (837D)"
    PORTAL = "portal", "Payer's portal"
    PHONE = "phone", "By phone"
    FAX = "fax", "Fax"
    MAIL = "mail", "Mail"


class AuthorisationQuerySet(models.QuerySet["Authorisation"]):
    def for_list(self) -> Self:
        """With all that a row of a list shows: no query per row."""
        return self.select_related("coverage__patient", "payer", "case").prefetch_related("lines")

    def approved(self) -> Self:
        """Those that a claim may rest on: approved authorisations. Whether one has run out is asked with a day."""
        return self.filter(kind=RequestKind.AUTHORISATION, status=AuthorisationStatus.APPROVED)

    def open_to(self, person: Person) -> Self:
        """Without those whose lines tell what she is asked to judge for herself first (RE-2)."""
        return self.exclude(hidden_cases(person))

    def hidden_from(self, person: Person) -> Self:
        """Those that `open_to` leaves out."""
        return self.filter(hidden_cases(person))

    def to_send_by_file(self) -> Self:
        """What the desk has still to ask, and what rests on a signed case: a file may say it."""
        return self.filter(status__in=sorted(TO_SEND), case__isnull=False)

    def open(self) -> Self:
        return self.filter(status__in=sorted(OPEN))

    def of_coverage_as_it_is(self) -> Self:
        """Asked of the payer and for the member id that the coverage has now."""
        return self.filter(payer=F("coverage__payer"), member_id=F("coverage__member_id"))


class Authorisation(models.Model):
    """One request to one payer about one coverage. Payer and member id are copied: the row says who was asked for whom.

    Status is written by `billing.authorisation_moving` alone. What was sent, and what was answered, never changes.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="authorisations")
    request_id = models.CharField(max_length=20, unique=True)  # the practice's own number; CLM01 of a file of requests
    kind = models.CharField("What is asked", max_length=16, choices=RequestKind, default=RequestKind.AUTHORISATION)
    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="authorisations")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="+")
    payer_name = models.CharField(max_length=60)
    member_id = models.CharField(max_length=80)
    # the signed case whose plan it asks for; None: asked before care
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="authorisations")
    status = models.CharField(
        max_length=9, choices=[(s.value, s.value) for s in AuthorisationStatus], default=AuthorisationStatus.DRAFTED
    )
    revision = models.PositiveIntegerField(default=0)  # rises with every write
    reason = models.CharField("Why it is needed", max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    sent_on = models.DateField(null=True, blank=True)
    sent_how = models.CharField(max_length=6, choices=RequestHow, blank=True)
    sent_reference = models.CharField(max_length=80, blank=True)  # tracking, portal or call number
    sent_at = models.DateTimeField(null=True, blank=True)  # when that was recorded
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    number = models.CharField(max_length=50, blank=True)  # the payer's: REF*G1; of a predetermination REF*G3
    answered_on = models.DateField(null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)  # None: the payer named no end
    refused_because = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)  # what else the payer said
    answered_at = models.DateTimeField(null=True, blank=True)  # when the answer was recorded
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    ended_because = models.CharField(max_length=300, blank=True)  # withdrawn, or entered in error
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = AuthorisationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=RequestKind.values), name="authorisation_kind_is_known"),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in AuthorisationStatus]), name="authorisation_status_is_known"
            ),
            models.CheckConstraint(condition=~Q(member_id=""), name="authorisation_names_a_member"),
            models.CheckConstraint(
                condition=(Q(sent_at__isnull=False, sent_on__isnull=False, sent_by__isnull=False)
                           & Q(sent_how__in=RequestHow.values) & ~Q(status="drafted"))
                | (Q(sent_at__isnull=True, sent_on__isnull=True, sent_by__isnull=True, sent_how="", sent_reference="")
                   & ~Q(status="sent")),
                name="authorisation_sent_when_how_and_by_whom",
            ),
            models.CheckConstraint(
                condition=(Q(answered_at__isnull=False, answered_on__isnull=False)  # by nobody: an 835 answered it
                           & (Q(answered_by__isnull=False) | Q(sent_how="file")) & ~Q(status__in=sorted(OPEN)))
                | (Q(answered_at__isnull=True, answered_on__isnull=True, answered_by__isnull=True, number="",
                     valid_from__isnull=True, valid_until__isnull=True, refused_because="", note="")
                   & ~Q(status__in=["approved", "refused"])),
                name="authorisation_answered_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | ~Q(kind="authorisation")
                | (~Q(number="") & Q(valid_from__isnull=False)),
                name="authorisation_approved_has_number_and_start",
            ),
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(refused_because=""), name="authorisation_refused_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | (Q(valid_from__isnull=False) & Q(valid_until__gte=F("valid_from"))),
                name="authorisation_ends_after_start",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=["withdrawn", "in_error"], ended_at__isnull=False, ended_by__isnull=False)
                           & ~Q(ended_because=""))
                | (~Q(status__in=["withdrawn", "in_error"])
                   & Q(ended_at__isnull=True, ended_by__isnull=True, ended_because="")),
                name="authorisation_ended_when_by_whom_and_why",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["practice", "status", "valid_until"], name="authorisation_by_status")]
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.request_id

    @property
    def label(self) -> str:
        return AUTHORISATION_LABELS[AuthorisationStatus(self.status)]


class AuthorisedLine(models.Model):
    """One service that is asked for, and what the payer said of it."""

    authorisation = models.ForeignKey(Authorisation, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=5, validators=[PROCEDURE])
    tooth = models.CharField(
        max_length=4, blank=True
    )  # Universal numbering, as claims write it; blank: of no one tooth
    units = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])  # asked
    units_approved = models.PositiveSmallIntegerField(null=True, blank=True)  # None: not answered; 0: not this one
    allowed = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)  # dollars the payer names
    would_pay = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)  # dollars, once it is done
    patient_share = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)  # dollars it leaves

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authorisation", "number"], name="authorised_line_once"),
            models.UniqueConstraint(fields=["authorisation", "code", "tooth"], name="authorised_code_and_tooth_once"),
            models.CheckConstraint(condition=Q(units__gte=1), name="authorised_line_asks_for_something"),
            models.CheckConstraint(
                condition=(Q(allowed__isnull=True) | Q(allowed__gte=0))
                & (Q(patient_share__isnull=True) | Q(patient_share__gte=0))
                & (Q(would_pay__isnull=True) | Q(would_pay__gte=0)),
                name="authorised_line_not_negative",
            ),
        ]
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"{self.code} {self.tooth}".strip()


class AuthorisationEvent(models.Model):
    """The timeline of a request: rows are only ever added. Names are copied, so that they read the same years later."""

    authorisation = models.ForeignKey(Authorisation, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    person_name = models.CharField(max_length=120)
    details = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["pk"]  # as they were added

    def __str__(self) -> str:
        return self.kind
