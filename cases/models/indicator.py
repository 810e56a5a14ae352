"""What a screener corrects of the indicators that are computed from her marks (BSS): her word, beside what was computed then."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cases.models.case import Case
from teledent.accounts.models import Person


class IndicatorKey(models.TextChoices):
    """Of the Basic Screening Survey for children (ASTDD, 2023): four indicators, what two of them add up to, two optional ones."""

    UNTREATED = "untreated", "Untreated decay"
    TREATED = "treated", "Treated decay"
    EXPERIENCE = "experience", "Caries experience"
    SEALANTS = "sealants", "Sealants on permanent molars"
    URGENCY = "urgency", "Urgency of need for care"
    PRIMARY_SEALANTS = "primary_sealants", "Sealants on primary molars"
    ARRESTED = "arrested", "Potentially arrested decay"


class IndicatorValue(models.TextChoices):
    """What is said of one indicator of one child. The last three are no result: they are counted apart."""

    YES = "yes", "Yes"
    NO = "no", "None seen"
    URGENT = "urgent", "Urgent care"
    EARLY = "early", "Early care"
    NO_PROBLEM = "no_problem", "No obvious problem seen"
    NOT_APPLICABLE = "not_applicable", "Not applicable"
    CANNOT = "cannot", "Cannot be said"
    NOT_RECORDED = "not_recorded", "Not recorded"


OPTIONAL_INDICATORS = (IndicatorKey.PRIMARY_SEALANTS, IndicatorKey.ARRESTED)
CORRECTABLE = [key.value for key in IndicatorKey if key != IndicatorKey.EXPERIENCE]  # that one follows from two others


class SaidIndicator(models.Model):
    """The hygienist's word on one indicator. `computed` is what the marks said when she gave it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="said_indicators")
    key = models.CharField(max_length=20, choices=IndicatorKey)
    value = models.CharField(max_length=20, choices=IndicatorValue)
    computed = models.CharField(max_length=20, choices=IndicatorValue)
    reason = models.CharField(max_length=200)
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "key"], name="indicator_said_once"),
            models.CheckConstraint(condition=Q(key__in=CORRECTABLE), name="indicator_said_is_correctable"),
            models.CheckConstraint(
                condition=Q(value__in=IndicatorValue.values, computed__in=IndicatorValue.values),
                name="indicator_value_is_known",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="indicator_said_has_reason"),
        ]
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_key_display()}: {self.get_value_display()}"
