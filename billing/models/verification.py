"""What a payer or its card said when somebody asked: one row for each time, kept as it was told."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from billing.models.coverage import Coverage
from billing.models.payer import Payer
from teledent.accounts.models import Person


class VerifiedHow(models.TextChoices):
    PHONE = "phone", "By phone"
    PORTAL = "portal", "On the payer's site"
    CARD = "card", "From the card"
    FILE = "file", "From a file of the payer"
    OTHER = "other", "In another way"


class PlanSays(models.TextChoices):
    """What the plan says about asynchronous teledentistry. Unknown is an answer: nobody asked, or nobody could say."""

    COVERED = "covered", "Covered"
    NOT_COVERED = "not_covered", "Not covered"
    INCLUSIVE = "inclusive", "Included in the evaluation"
    UNKNOWN = "unknown", "Not known"


class Wanted(models.TextChoices):
    """Whether the plan wants a prior authorisation."""

    NEEDED = "needed", "Needed"
    NOT_NEEDED = "not_needed", "Not needed"
    UNKNOWN = "unknown", "Not known"


class Verification(models.Model):
    """One answer about one coverage. Payer and member id are copied: the row says what was asked about at that time.

    Never changed nor removed: one that is of another child, or was misheard, is marked as entered in error.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="verifications")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="+")
    payer_name = models.CharField(max_length=60)
    member_id = models.CharField(max_length=80)
    verified_on = models.DateField("When")
    how = models.CharField("How", max_length=6, choices=VerifiedHow)
    asynchronous = models.CharField(
        "Asynchronous teledentistry", max_length=11, choices=PlanSays, default=PlanSays.UNKNOWN
    )
    authorisation = models.CharField("Prior authorisation", max_length=10, choices=Wanted, default=Wanted.UNKNOWN)
    reference = models.CharField("Reference number", max_length=60, blank=True)
    note = models.CharField("What else was learned", max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    error_at = models.DateTimeField(null=True, blank=True)
    error_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    error_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(how__in=VerifiedHow.values), name="verification_how_is_known"),
            models.CheckConstraint(condition=Q(asynchronous__in=PlanSays.values), name="verification_says_is_known"),
            models.CheckConstraint(condition=Q(authorisation__in=Wanted.values), name="verification_wanted_is_known"),
            models.CheckConstraint(condition=~Q(member_id=""), name="verification_names_a_member"),
            models.CheckConstraint(
                condition=Q(error_at__isnull=True, error_by__isnull=True, error_reason="")
                | (Q(error_at__isnull=False, error_by__isnull=False) & ~Q(error_reason="")),
                name="verification_error_when_by_whom_and_why",
            ),
        ]
        ordering: ClassVar = ["verified_on", "pk"]

    def __str__(self) -> str:
        return f"{self.payer_name}, {self.member_id}, {self.verified_on:%-d %b %Y}"
