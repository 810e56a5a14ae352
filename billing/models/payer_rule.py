"""What a payer does with one code between two days, with its source: superseded by a new row, never overwritten."""

import re
import uuid
from collections.abc import Callable
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from billing.claims.payer_rules import (
    MOST,
    OLDEST,
    NotACompanionError,
    NotAFrequencyError,
    parse_companions,
    parse_frequencies,
)
from billing.models.payer import DosBasis, FilingCode, Payer, SignedBy, Takes
from cases.models.code import PROCEDURE
from teledent.accounts.models import Person

YEARS = (MaxValueValidator(OLDEST),)
DAYS = (MaxValueValidator(3660),)  # ten years: whatever is longer is a slip of the hand
_CODES = "Codes are D or X and four digits each, like D0140."
_DIAGNOSES = "A diagnosis code or its beginning, like K02."
LISTS: dict[str, tuple[re.Pattern[str], str]] = {
    "forbidden_same_day": (re.compile(r"[DX][0-9]{4}"), _CODES),
    "provider_types": (
        re.compile(r"[0-9A-Z]{9}X"),
        "A taxonomy code is nine digits or letters and an X, like 122300000X.",
    ),
    "places": (re.compile(r"[0-9]{2}"), "Places of service are two digits each, like 02."),
    "modifiers": (re.compile(r"[0-9A-Z]{2}"), "Modifiers are two letters or digits each, like GQ."),
    "diagnoses_allowed": (re.compile(r"[A-Z][0-9A-Z.]{1,7}"), _DIAGNOSES),
    "diagnoses_forbidden": (re.compile(r"[A-Z][0-9A-Z.]{1,7}"), _DIAGNOSES),
    "attachments": (re.compile("photograph|radiograph"), "Choose from the list."),
}
LIMITS = ("filing_days", "correction_days", "appeal_days", "second_appeal_days")
MODIFIERS_ON_A_LINE = 4  # SV301-3 to -6


class Covered(models.TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    INCLUSIVE = "inclusive", "As part of another service"
    UNKNOWN = "unknown", "Not known"


class AuthorisationWanted(models.TextChoices):
    NEVER = "never", "Never"
    ALWAYS = "always", "Always"
    OVER_LIMIT = "over_limit", "Over the limit of frequency"
    UNKNOWN = "unknown", "Not known"


class ConsentForm(models.TextChoices):
    VERBAL = "verbal", "Verbal is enough"
    WRITTEN = "written", "Written"


class Channel(models.TextChoices):
    ELECTRONIC = "electronic", "Electronic claim"
    PORTAL = "portal", "The payer's own site"
    PAPER = "paper", "Paper"


class AttachmentWanted(models.TextChoices):
    PHOTOGRAPH = "photograph", "A photograph"
    RADIOGRAPH = "radiograph", "A radiograph"


class PayerRuleQuerySet(models.QuerySet["PayerRule"]):
    def in_use(self) -> Self:
        return self.filter(active=True)

    def beside(self, rule: "PayerRule") -> Self:
        """Those of the same payer, kind of plan and code: no two in use hold on one day."""
        return self.filter(payer=rule.payer_id, plan=rule.plan, code=rule.code)


class PayerRule(models.Model):
    """One row. Empty means "not known". Only its end is ever written; one that is not in use was set aside."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="rules")
    plan = models.CharField("Kind of plan", max_length=2, choices=FilingCode, blank=True)
    code = models.CharField(max_length=5, validators=[PROCEDURE])
    valid_from = models.DateField("From")
    valid_until = models.DateField("Until", null=True, blank=True)
    active = models.BooleanField("In use", default=True)
    source = models.CharField("Where this is written", max_length=300)
    verified_on = models.DateField("Verified on")

    covered = models.CharField("Covered", max_length=9, choices=Covered, default=Covered.UNKNOWN)
    asynchronous = models.CharField("From stored records", max_length=7, choices=Takes, default=Takes.UNKNOWN)
    patient_initiated = models.CharField("Begun by the patient", max_length=7, choices=Takes, default=Takes.UNKNOWN)
    new_patient = models.CharField("For a new patient", max_length=7, choices=Takes, default=Takes.UNKNOWN)
    patient_billable = models.CharField(
        "The patient may be billed her share", max_length=7, choices=Takes, default=Takes.UNKNOWN
    )
    epsdt = models.CharField(
        "Counts as a check-up of children's Medicaid", max_length=7, choices=Takes, default=Takes.UNKNOWN
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
    companions = models.JSONField("Services it may ride with", default=list, blank=True)  # billing.claims.payer_rules
    forbidden_same_day = models.JSONField("Never on one day with", default=list, blank=True)
    max_units = models.PositiveSmallIntegerField(
        "Most units on one day", null=True, blank=True, validators=[MaxValueValidator(MOST)]
    )
    frequencies = models.JSONField("Limits of frequency", default=list, blank=True)  # billing.claims.payer_rules
    counts_as_evaluation = models.CharField(
        "Counts against the limits of evaluations", max_length=7, choices=Takes, default=Takes.UNKNOWN
    )

    age_min = models.PositiveSmallIntegerField("Age from", null=True, blank=True, validators=YEARS)
    age_max = models.PositiveSmallIntegerField("Age to", null=True, blank=True, validators=YEARS)
    provider_types = models.JSONField("Specialties of who may render it", default=list, blank=True)  # taxonomy codes
    places = models.JSONField("Places of service", default=list, blank=True)
    modifiers = models.JSONField("Modifiers on the line", default=list, blank=True)
    dos_basis = models.CharField("The dentist's claim is dated", max_length=7, choices=DosBasis, blank=True)
    channel = models.CharField("Claims go in by", max_length=10, choices=Channel, blank=True)

    diagnosis_required = models.BooleanField("Wants a diagnosis", default=False)
    diagnoses_allowed = models.JSONField("Diagnoses it takes", default=list, blank=True)  # codes or their beginnings
    diagnoses_forbidden = models.JSONField("Diagnoses it refuses", default=list, blank=True)
    caries_risk_required = models.BooleanField("Wants a caries risk code on the claim", default=False)
    authorisation = models.CharField(
        "Authorised beforehand", max_length=10, choices=AuthorisationWanted, default=AuthorisationWanted.UNKNOWN
    )
    authorisation_days = models.PositiveSmallIntegerField(
        "Days an authorisation holds", null=True, blank=True, validators=DAYS
    )
    attachments = models.JSONField("Wants with the claim", default=list, blank=True)

    consent_form = models.CharField("Consent to teledentistry", max_length=7, choices=ConsentForm, blank=True)
    consent_months = models.PositiveSmallIntegerField(
        "Months until consent is given anew",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    consent_in_language = models.BooleanField("Consent in the family's own language", default=False)

    filing_days = models.PositiveSmallIntegerField(
        "Days to file after the date of service", null=True, blank=True, validators=DAYS
    )
    correction_days = models.PositiveSmallIntegerField(
        "Days to correct after the answer", null=True, blank=True, validators=DAYS
    )
    appeal_days = models.PositiveSmallIntegerField(
        "Days to appeal after the answer", null=True, blank=True, validators=DAYS
    )
    second_appeal_days = models.PositiveSmallIntegerField(
        "Days to appeal a second time", null=True, blank=True, validators=DAYS
    )
    external_review = models.CharField(
        "A review outside the payer follows", max_length=7, choices=Takes, default=Takes.UNKNOWN
    )
    appeal_signed_by = models.CharField("An appeal letter is signed by", max_length=10, choices=SignedBy, blank=True)
    narrative_counts = models.CharField(
        "A narrative counts as evidence", max_length=7, choices=Takes, default=Takes.UNKNOWN
    )

    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_name = models.CharField(max_length=120)
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    ended_at = models.DateTimeField(
        null=True, blank=True
    )  # when somebody wrote the end, the day itself is `valid_until`
    ended_name = models.CharField(max_length=120, blank=True)
    ended_because = models.CharField(max_length=300, blank=True)  # blank: another row took its place

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
            models.CheckConstraint(condition=Q(active=True) | Q(ended_at__isnull=False), name="payer_rule_set_aside_at_a_time"),
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
        """Every list holds what it should. That no two rows in use share a day is `billing.actions.payer_rules`' to keep."""
        for name, (shape, said) in LISTS.items():
            self._texts(name, shape, said)
        if len(self.modifiers) > MODIFIERS_ON_A_LINE:
            raise ValidationError({"modifiers": f"A line holds {MODIFIERS_ON_A_LINE} modifiers."})
        self._parsed("frequencies", parse_frequencies)
        self._parsed("companions", parse_companions)
        if self.code in {one["code"] for one in self.companions}:
            raise ValidationError({"companions": f"{self.code} is no companion of itself."})
        if self.age_min is not None and self.age_max is not None and self.age_min > self.age_max:
            raise ValidationError({"age_max": "The ages end before they begin."})
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValidationError({"valid_until": "The last day lies before the first."})
        if at_once := [name for name in LIMITS if getattr(self, name) == 0]:
            raise ValidationError(dict.fromkeys(at_once, "At least 1 day. Empty: as the payer's page says."))

    def _texts(self, name: str, shape: re.Pattern[str], said: str) -> list[str]:
        values = getattr(self, name)
        if not isinstance(values, list) or not all(isinstance(one, str) and shape.fullmatch(one) for one in values):
            raise ValidationError({name: said})
        if len(set(values)) != len(values):
            raise ValidationError({name: "List each one once."})
        return values

    def _parsed(self, name: str, parse: Callable[[Any], object]) -> None:
        try:
            parse(getattr(self, name))
        except (NotAFrequencyError, NotACompanionError) as problem:
            raise ValidationError({name: str(problem)}) from problem
