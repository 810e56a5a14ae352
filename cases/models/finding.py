"""What was seen on teeth, in two layers: the hygienist's and the dentist's; and what was done on site."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from cases import teeth
from cases.models.case import Case
from cases.models.order import Order
from cases.models.review import Review
from teledent.accounts.models import Person


class Condition(models.TextChoices):
    DECAY = "decay", "Decay"
    SUSPECTED = "suspected", "Suspected decay"
    WATCH = "watch", "Watch"
    SEALANT = "sealant", "Sealant"
    SEALANT_PARTIAL = "sealant_partial", "Sealant, partly lost"
    SEALANT_LOST = "sealant_lost", "Sealant lost"
    FILLING = "filling", "Filling"
    SILVER_FLUORIDE = "silver_fluoride", "Silver fluoride"
    BROKEN = "broken", "Broken"
    PRESENT = "present", "Present"
    ERUPTING = "erupting", "Erupting"
    UNERUPTED = "unerupted", "Not erupted"
    EXFOLIATED = "exfoliated", "Exfoliated"
    MISSING = "missing", "Missing"
    PLAQUE = "plaque", "Plaque"
    GUM_SWELLING = "gum_swelling", "Gum swelling"
    HEALING = "healing", "Healing site"


PRESENCE = (Condition.PRESENT, Condition.ERUPTING, Condition.UNERUPTED, Condition.EXFOLIATED, Condition.MISSING)
CARIES = (Condition.DECAY, Condition.SUSPECTED, Condition.WATCH)
ABSENT = (Condition.UNERUPTED, Condition.EXFOLIATED, Condition.MISSING)


class Icdas(models.TextChoices):
    """How far decay has gone, as far as a photograph tells: 0 and 1 need a dried tooth, so they are one answer."""

    SOUND_OR_FIRST = "0-1", "0 or 1"
    DISTINCT = "2", "2"
    ENAMEL = "3", "3"
    SHADOW = "4", "4"
    CAVITY = "5", "5"
    EXTENSIVE = "6", "6"
    CANNOT_TELL = "cannot", "Cannot tell"


def check_tooth(value: str) -> None:
    if not teeth.is_key(value):
        raise ValidationError("This is not a tooth.")


def check_surfaces(value: str) -> None:
    if len(set(value)) != len(value) or not set(value) <= set(teeth.SURFACES):
        raise ValidationError("Surfaces are M, O, D, B, L, I and F, each once.")


def check_mark(condition: str, surfaces: str, icdas: str) -> None:
    """What goes together: an ICDAS score belongs to decay, and a tooth is there or not as a whole."""
    if icdas and condition not in CARIES:
        raise ValidationError("An ICDAS score belongs to decay, suspected decay or a spot to watch.")
    if surfaces and condition in PRESENCE:
        raise ValidationError("Whether a tooth is there is said of the whole tooth, without surfaces.")


class Finding(models.Model):
    """One mark on one tooth. Without a review it is the hygienist's; with one, that dentist's."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="findings")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, blank=True, related_name="findings")
    tooth = models.CharField(max_length=4, validators=[check_tooth])  # neutral key
    surfaces = models.CharField(max_length=7, blank=True, validators=[check_surfaces])
    condition = models.CharField(max_length=20, choices=Condition)
    icdas = models.CharField("ICDAS", max_length=6, choices=Icdas, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(condition__in=Condition.values), name="finding_condition_is_known"),
            models.CheckConstraint(
                condition=Q(icdas="") | Q(icdas__in=Icdas.values, condition__in=CARIES), name="icdas_is_of_decay"
            ),
            models.UniqueConstraint(
                fields=["case", "tooth", "condition"], condition=Q(review__isnull=True), name="hygienist_finding_once"
            ),
            models.UniqueConstraint(fields=["review", "tooth", "condition"], name="dentist_finding_once"),
        ]
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{teeth.universal(self.tooth)} {self.get_condition_display()}"

    def clean(self) -> None:
        check_mark(self.condition, self.surfaces, self.icdas)


class OnSiteService(models.Model):
    """Something the hygienist did that day, as she records it (CA-3)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="services")
    code = models.CharField(max_length=5)
    tooth = models.CharField(max_length=4, blank=True, validators=[check_tooth])
    quantity = models.PositiveSmallIntegerField(default=1)
    operator = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ordered_by = models.CharField("Under which order", max_length=120)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="services")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "code", "tooth"], name="service_once_a_tooth"),
            models.CheckConstraint(condition=Q(quantity__gte=1, quantity__lte=99), name="service_quantity_fits_claim"),
        ]
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.code
