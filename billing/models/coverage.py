"""Who answers for the bill: a patient's place in a plan, and what the practice asks for each code."""

import uuid
from datetime import date
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from billing.models.payer import Payer
from cases.models.code import PROCEDURE
from cases.models.patient import Patient, Sex
from teledent.accounts.models import Address, Practice


class Priority(models.TextChoices):
    PRIMARY = "P", "Primary"
    SECONDARY = "S", "Secondary"
    TERTIARY = "T", "Tertiary"


class Relationship(models.TextChoices):
    """Of the patient to the subscriber, as 837D SBR02 and PAT01 write it."""

    SELF = "18", "The patient is the subscriber"
    CHILD = "19", "Child"
    SPOUSE = "01", "Spouse"
    EMPLOYEE = "20", "Employee"
    UNKNOWN = "21", "Not known"
    ORGAN_DONOR = "39", "Organ donor"
    CADAVER_DONOR = "40", "Cadaver donor"
    PARTNER = "53", "Life partner"
    OTHER = "G8", "Other"


TWO_OF_ONE_ORDER = (
    "{order} is already {other}, for days that both name. End that plan first, or give this one another order."
)


class Coverage(models.Model):
    """One plan of one patient. Names are as the card prints them, in Latin letters; the patient's stand on the patient."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="coverages")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="coverages")
    priority = models.CharField(max_length=1, choices=Priority, default=Priority.PRIMARY)
    relationship = models.CharField(
        "The patient's relation to the subscriber", max_length=2, choices=Relationship, default=Relationship.CHILD
    )
    own_member_id = models.BooleanField("The patient has a member id of her own, as in Medicaid", default=False)
    member_id = models.CharField("Member id", max_length=80)
    group_number = models.CharField(max_length=50, blank=True)
    group_name = models.CharField(max_length=60, blank=True)
    subscriber_given_name = models.CharField("Subscriber's given name on the card", max_length=35, blank=True)
    subscriber_family_name = models.CharField("Subscriber's family name on the card", max_length=60, blank=True)
    subscriber_birth_date = models.DateField("Subscriber's date of birth", null=True, blank=True)
    subscriber_sex = models.CharField(max_length=1, choices=Sex, default=Sex.UNKNOWN)
    street = models.CharField("Subscriber's street", max_length=55, blank=True)
    street_2 = models.CharField("Flat, suite", max_length=55, blank=True)
    city = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=2, choices=Address._meta.get_field("state").choices, blank=True)
    zip_code = models.CharField(
        "ZIP code", max_length=10, blank=True, validators=Address._meta.get_field("zip_code").validators
    )
    valid_from = models.DateField("From", null=True, blank=True)
    valid_until = models.DateField("Until", null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="coverage_priority_is_known"),
            models.CheckConstraint(
                condition=Q(relationship__in=Relationship.values), name="coverage_relationship_is_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="coverage_ends_after_start",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["patient", "priority"])]
        ordering: ClassVar = ["priority", "-valid_from", "pk"]  # P, S, T

    def __str__(self) -> str:
        return f"{self.payer.name}, {self.member_id}"

    @property
    def patient_is_subscriber(self) -> bool:
        return self.own_member_id or self.relationship == Relationship.SELF

    def is_in_force(self, day: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day <= self.valid_until)

    def clean(self) -> None:
        if self.payer_id and self.patient_id and self.payer.practice_id != self.patient.practice_id:
            raise ValidationError({"payer": "This payer belongs to another practice."})
        if not self.patient_is_subscriber and not (self.subscriber_given_name and self.subscriber_family_name):
            raise ValidationError({"subscriber_family_name": "Copy the subscriber's names from the insurance card."})
        if self.payer_id and self.patient_id and (other := self._other_of_its_order()):
            raise ValidationError({"priority": TWO_OF_ONE_ORDER.format(order=self.get_priority_display(), other=other)})

    def _other_of_its_order(self) -> "Coverage | None":
        """A plan of the same order that holds on a day on which this one does."""
        same = Coverage.objects.filter(patient=self.patient_id, priority=self.priority).exclude(pk=self.pk)
        if self.valid_from:
            same = same.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=self.valid_from))
        if self.valid_until:
            same = same.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=self.valid_until))
        return same.select_related("payer").first()


class FeeQuerySet(models.QuerySet["Fee"]):
    def on(self, day: date) -> Self:
        return self.filter(valid_from__lte=day).filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))


class Fee(models.Model):
    """The practice's full fee for one unit of a code, between two days. 0.00 is a fee (CL-5)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="fees")
    code = models.CharField(max_length=5, validators=[PROCEDURE])
    amount = models.DecimalField(max_digits=8, decimal_places=2, validators=[MinValueValidator(0)])  # dollars
    valid_from = models.DateField("From")
    valid_until = models.DateField("Until", null=True, blank=True)

    objects = FeeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "code", "valid_from"], name="fee_once_a_start"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="fee_is_not_negative"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="fee_ends_after_start"
            ),
        ]
        ordering: ClassVar = ["code", "valid_from"]

    def __str__(self) -> str:
        return f"{self.code} {self.amount}"

    def clean(self) -> None:
        """Two fees of one code never hold on the same day."""
        others = Fee.objects.filter(practice_id=self.practice_id, code=self.code).exclude(pk=self.pk)
        if self.valid_until:
            others = others.filter(valid_from__lte=self.valid_until)
        clash = others.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=self.valid_from)).first()
        if clash is not None:
            raise ValidationError(
                {
                    "valid_from": f"{self.code} has a fee of {clash.amount} from {clash.valid_from:%-d %b %Y}. End it first."
                }
            )
