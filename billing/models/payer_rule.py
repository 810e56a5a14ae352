"""What a payer does with one code between two days, with its source: superseded by a new row, never overwritten."""

import uuid
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from billing.claims.payer_rules import NotAFrequencyError, parse_frequencies
from billing.models.payer import FilingCode, Payer, Takes
from cases.models.code import PROCEDURE


class Covered(models.TextChoices):
    YES = "yes", "Covered"
    NO = "no", "Not covered"
    INCLUSIVE = "inclusive", "Part of another service"
    UNKNOWN = "unknown", "Not known"


class AuthorisationWanted(models.TextChoices):
    NEVER = "never", "Never"
    ALWAYS = "always", "Always"
    OVER_LIMIT = "over_limit", "Over the limit of frequency"
    UNKNOWN = "unknown", "Not known"


class PayerRuleQuerySet(models.QuerySet["PayerRule"]):
    def in_use(self) -> Self:
        return self.filter(active=True)


class PayerRule(models.Model):
    """One row. Empty means "not known"; an inactive row is a note and judges nothing."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="rules")
    plan = models.CharField("Kind of plan (empty: any)", max_length=2, choices=FilingCode, blank=True)
    code = models.CharField(max_length=5, validators=[PROCEDURE])
    valid_from = models.DateField("From")
    valid_until = models.DateField("Until", null=True, blank=True)
    active = models.BooleanField("In use", default=False)
    source = models.CharField("Where this is written", max_length=300)
    verified_on = models.DateField("Verified on (empty: check before use)", null=True, blank=True)

    covered = models.CharField("Covered", max_length=9, choices=Covered, default=Covered.UNKNOWN)
    asynchronous = models.CharField("From stored records", max_length=7, choices=Takes, default=Takes.UNKNOWN)
    new_patient = models.CharField("For a new patient", max_length=7, choices=Takes, default=Takes.UNKNOWN)
    patient_billable = models.CharField(
        "May her share be billed to the patient", max_length=7, choices=Takes, default=Takes.UNKNOWN
    )
    allowed_amount = models.DecimalField(
        "Allowed amount for one",
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )  # dollars

    requires_companion = models.BooleanField("Only beside another service", default=False)
    companion_codes = models.JSONField("Services it may ride with", default=list, blank=True)
    forbidden_same_day = models.JSONField("Never on one day with", default=list, blank=True)
    max_units = models.PositiveSmallIntegerField("Most units on one day", null=True, blank=True)
    frequencies = models.JSONField("Limits of frequency", default=list, blank=True)  # billing.claims.payer_rules

    age_min = models.PositiveSmallIntegerField("Age from", null=True, blank=True)
    age_max = models.PositiveSmallIntegerField("Age to", null=True, blank=True)
    provider_types = models.JSONField("Taxonomy codes of who may render it", default=list, blank=True)
    places = models.JSONField("Places of service", default=list, blank=True)
    diagnosis_required = models.BooleanField("Wants a diagnosis", default=False)
    diagnoses_allowed = models.JSONField("Diagnoses it takes, or their beginnings", default=list, blank=True)
    diagnoses_forbidden = models.JSONField("Diagnoses it refuses, or their beginnings", default=list, blank=True)
    authorisation = models.CharField(
        "Authorised beforehand", max_length=10, choices=AuthorisationWanted, default=AuthorisationWanted.UNKNOWN
    )
    caries_risk_required = models.BooleanField("Wants a caries risk code on the claim", default=False)

    objects = PayerRuleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["payer", "plan", "code", "valid_from"], condition=Q(active=True), name="payer_rule_once_a_start"
            ),
            models.UniqueConstraint(
                fields=["payer", "plan", "code"], condition=Q(active=True, valid_until__isnull=True),
                name="payer_rule_open_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="payer_rule_ends_after_start",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="payer_rule_has_a_source"),
            models.CheckConstraint(condition=Q(covered__in=Covered.values), name="payer_rule_covered_is_known"),
            models.CheckConstraint(
                condition=Q(authorisation__in=AuthorisationWanted.values), name="payer_rule_authorisation_is_known"
            ),
            models.CheckConstraint(
                condition=Q(allowed_amount__isnull=True) | Q(allowed_amount__gte=0), name="payer_rule_allows_no_less_than_0"
            ),
        ]  # fmt: skip
        ordering: ClassVar = ["code", "plan", "-valid_from", "pk"]

    def __str__(self) -> str:
        return f"{self.code} from {self.valid_from:%-d %b %Y}"

    def clean(self) -> None:
        """Two rows in use for one payer, plan and code never hold on the same day; every list holds what it should."""
        for name in ("companion_codes", "forbidden_same_day"):
            for code in self._texts(name):
                PROCEDURE(code)
        for name in ("provider_types", "places", "diagnoses_allowed", "diagnoses_forbidden"):
            self._texts(name)
        try:
            parse_frequencies(self.frequencies)
        except NotAFrequencyError as problem:
            raise ValidationError({"frequencies": str(problem)}) from problem
        if self.age_min is not None and self.age_max is not None and self.age_min > self.age_max:
            raise ValidationError({"age_max": "The ages end before they begin."})
        if self.active and self.valid_from:
            self._refuse_overlap()

    def _texts(self, name: str) -> list[str]:
        values = getattr(self, name)
        if not isinstance(values, list) or not all(isinstance(one, str) and one.strip() for one in values):
            raise ValidationError({name: "A list of codes was expected."})
        if len(set(values)) != len(values):
            raise ValidationError({name: "List each code once."})
        return values

    def _refuse_overlap(self) -> None:
        others = PayerRule.objects.in_use().filter(payer_id=self.payer_id, plan=self.plan, code=self.code)
        others = others.exclude(pk=self.pk)
        if self.valid_until:
            others = others.filter(valid_from__lte=self.valid_until)
        clash = others.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=self.valid_from)).first()
        if clash is not None:
            raise ValidationError(
                {"valid_from": f"{self.code} has a rule in use from {clash.valid_from:%-d %b %Y}. End it first."}
            )
