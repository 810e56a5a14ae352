"""Consent (CO-1): separate scopes, the text's version and hash, who signed by what authority, from, until, withdrawn."""

import uuid
from collections.abc import Collection
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import OuterRef, Q

from cases.models.case import Case
from cases.models.patient import Patient
from teledent.accounts.models import Person
from teledent.files.models import StoredFile


class Scope(models.TextChoices):
    SCREENING = "screening", "Screening"
    PHOTOGRAPHS = "photographs", "Photographs"
    RADIOGRAPHS = "radiographs", "Radiographs"
    FLUORIDE = "fluoride", "Fluoride varnish"
    SEALANTS = "sealants", "Sealants"
    SILVER_FLUORIDE = "silver_fluoride", "Silver fluoride"
    TELEDENTISTRY = "teledentistry", "A dentist reads the pictures later, elsewhere"
    SCHOOL = "school", "Share the result with the school"
    BILLING = "billing", "Bill insurance, signature on file"
    TEACHING = "teaching", "Use pictures for teaching"


class Evidence(models.TextChoices):
    SCAN = "scan", "Signed form, scanned"
    PAPER = "paper", "Signed form, kept on paper"
    VERBAL = "verbal", "Said before a witness"
    SELF = "self", "Signed by the adult patient herself"
    LINK = "link", "Typed by the signer at a link"


# What a person records; at a link the signer does it herself.
RECORDED_BY_HAND = [(one.value, one.label) for one in Evidence if one != Evidence.LINK]


class ConsentQuerySet(models.QuerySet["Consent"]):
    def in_force(self, day: date) -> Self:
        """Consents whose dates hold on `day`; scopes and withdrawals are looked at per scope."""
        return self.filter(valid_from__lte=day).filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))


class Consent(models.Model):
    """One signed answer to one version of the text; each scope in it is a row of its own. `case`: typed at its link, for it alone."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="own_consents")
    text_version = models.CharField(max_length=30)
    text_sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=40)
    signer_name = models.CharField("Who signed", max_length=120)
    signer_authority = models.CharField(
        "By what authority", max_length=60, help_text="Mother, legal guardian, the patient herself."
    )
    evidence = models.CharField(max_length=10, choices=Evidence)
    witness = models.CharField(max_length=120, blank=True)
    scan = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")  # none: by a link
    recorded_at = models.DateTimeField()

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(evidence="verbal") | ~Q(witness=""), name="verbal_consent_has_witness"),
            models.CheckConstraint(
                condition=Q(evidence="link", recorded_by__isnull=True)
                | (~Q(evidence="link") & Q(recorded_by__isnull=False)),
                name="consent_recorded_by_someone_or_at_a_link",
            ),
            models.CheckConstraint(
                condition=Q(evidence="link", case__isnull=False) | (~Q(evidence="link") & Q(case__isnull=True)),
                name="consent_at_a_link_is_of_its_case",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="consent_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"Consent of {self.valid_from} by {self.signer_name}"


_OF_EVERYTHING = Q(consent__case__isnull=True)


class ConsentScopeQuerySet(models.QuerySet["ConsentScope"]):
    """Which answers count where, said here alone. What was typed at a link is about what is sent by it: it counts for that
    case, beside what the family says of everything, and for nothing else (CO-1). Of those that count the newest decides."""

    def counting(self) -> Self:
        """Without what was entered wrongly from a form and taken back: no family said that, neither a yes nor a no."""
        return self.filter(consent__entered_wrongly__isnull=True)

    def of_patients(self, patients: Collection[int] | models.QuerySet[Any, Any]) -> Self:
        """For all that is done with a patient: at a school day, in a new case, on the list of her answers."""
        return self.counting().filter(_OF_EVERYTHING, consent__patient__in=patients)

    def of_cases(self, cases: Collection[Case]) -> Self:
        """For any of these cases; `newest_by_case` keeps them apart."""
        own = Q(consent__case__in=[case.pk for case in cases])
        of_everything = _OF_EVERYTHING & Q(consent__patient__in={case.patient_id for case in cases})
        return self.counting().filter(own | of_everything)

    def of_outer_case(self) -> Self:
        """For the case of each row of the query around: one with a column `case`."""
        own = Q(consent__case=OuterRef("case"))
        return self.counting().filter(own | _OF_EVERYTHING & Q(consent__patient=OuterRef("case__patient")))

    def oldest_first(self) -> Self:
        return self.order_by("consent__valid_from", "consent__recorded_at", "pk")

    def newest_by_case(self, cases: Collection[Case]) -> dict[int, "ConsentScope"]:
        """Of answers on one scope, the newest that counts for each case, by its key. One query."""
        own, of_everything = dict[int, tuple[int, ConsentScope]](), dict[int, tuple[int, ConsentScope]]()
        for rank, one in enumerate(self.of_cases(cases).select_related("consent").oldest_first()):
            if one.consent.case_id is None:
                of_everything[one.consent.patient_id] = (rank, one)
            else:
                own[one.consent.case_id] = (rank, one)
        counting = {
            case.pk: [said for said in (own.get(case.pk), of_everything.get(case.patient_id)) if said] for case in cases
        }
        return {case: max(said)[1] for case, said in counting.items() if said}


class ConsentScope(models.Model):
    """Given or refused, for one scope; withdrawn later by a person, at an instant, for a reason."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="scopes")
    scope = models.CharField(max_length=20, choices=Scope)
    given = models.BooleanField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    objects = ConsentScopeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consent", "scope"], name="consent_scope_once"),
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="consent_scope_is_known"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="consent_withdrawn_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()}: {'given' if self.given else 'refused'}"
