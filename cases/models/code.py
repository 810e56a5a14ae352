"""Code numbers with their dates: procedures as the practice holds them, diagnoses as the public list has them."""

from datetime import date
from typing import ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from teledent.accounts.models import Person, Practice

PROCEDURE = RegexValidator(r"^[DX]\d{4}\Z", "A procedure code is D or X and four digits.")


class CodeUse(models.TextChoices):
    EVALUATION = "evaluation", "Evaluation by a dentist"
    TELEDENTISTRY = "teledentistry", "Kind of teledentistry encounter"
    ON_SITE = "on_site", "Done on site by the hygienist"
    OTHER = "other", "Other"


class DatedQuerySet(models.QuerySet["ProcedureCode"]):
    def on(self, day: date) -> Self:
        return self.filter(valid_from__lte=day).filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))

    def licensed_to(self, practice: Practice) -> Self:
        """The practice's codes; none until it has confirmed that it may use them (CD-1)."""
        return self.filter(practice=practice, practice__code_licence__isnull=False)

    def done_on_site(self, practice: Practice, day: date) -> Self:
        """Codes of services that a hygienist of the practice may record as done on that day."""
        return self.licensed_to(practice).on(day).filter(use=CodeUse.ON_SITE)


class ProcedureCode(models.Model):
    """A code the practice may use between two days. Built-in glosses are our own words; an import brings the practice's."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="procedure_codes")
    code = models.CharField(max_length=5, validators=[PROCEDURE])
    text = models.CharField(max_length=120)
    use = models.CharField(max_length=15, choices=CodeUse)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    imported = models.BooleanField(default=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "code", "valid_from"], name="procedure_code_once_a_start"),
            models.CheckConstraint(condition=Q(use__in=CodeUse.values), name="procedure_code_use_is_known"),
        ]
        ordering: ClassVar = ["code", "valid_from"]

    def __str__(self) -> str:
        return self.code


class CodeLicence(models.Model):
    """The practice's word that it is licensed to use the code set (CD-1). Without it no procedure code is active."""

    practice = models.OneToOneField(Practice, on_delete=models.PROTECT, related_name="code_licence")
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Confirmed by {self.confirmed_by}"


class DiagnosisCode(models.Model):
    """An ICD-10-CM code of the public list, with the days between which it is valid."""

    code = models.CharField(max_length=8)
    text = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="diagnosis_code_once_a_start")
        ]
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code
