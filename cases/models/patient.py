"""Who is this (ID-1): the patient, where she goes to school, and who answers for her."""

import uuid
from collections.abc import Collection
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from teledent.accounts.acting import Actor
from teledent.accounts.models import Address, Practice, Role, Site
from teledent.kit.text import search_key

BORN_SINCE = date(1900, 1, 1)  # a birth date before it was typed wrongly


class Sex(models.TextChoices):
    FEMALE = "F", "Female"
    MALE = "M", "Male"
    UNKNOWN = "U", "Not stated"


class PatientQuerySet(models.QuerySet["Patient"]):
    def visible_to(self, actor: Actor) -> Self:
        """Patients of her practice: a hygienist's by enrolment or case at her sites, the other roles' as their cases are."""
        mine = self.standing().filter(practice=actor.practice)
        return mine if actor.has(Role.MANAGER, Role.DENTIST, Role.FRONT_DESK) else self.of_sites(actor)

    def of_sites(self, actor: Actor) -> Self:
        """Patients by enrolment or case at the sites where she is a hygienist: the people of Capture."""
        mine = self.standing().filter(practice=actor.practice)
        sites = actor.sites(Role.HYGIENIST)
        if sites is None:
            return mine
        here = Q(pk__in=Enrolment.objects.filter(site__in=sites).values("patient"))
        return mine.filter(here | Q(cases__site__in=sites)).distinct()

    def called(self, text: str) -> Self:
        """Patients whose names or id begin as typed; every word has to fit. A name that was merged finds the one that stays."""
        found = Q()
        for word in search_key(text).split()[:5]:
            named = Q(given_key__startswith=word) | Q(family_key__startswith=word) | Q(family_key__contains=f" {word}")
            found &= named | Q(family_key__contains=f"-{word}") | Q(pupil_id__istartswith=word)
        return self._with_merged(found)

    def standing(self) -> Self:
        """Not merged into another."""
        return self.filter(merged_into__isnull=True)

    def _with_merged(self, found: Q) -> Self:
        """Rows that fit, and those into which a row that fits was merged, however often since."""
        gone = Patient.objects.filter(found, merged_into__isnull=False).select_related("merged_into")[:50]
        return self.standing().filter(found | Q(pk__in=[row.stays.pk for row in gone]))

    def resembling(self, *, practice: Practice, family_name: str, given_name: str, birth_date: date) -> Self:
        """Patients a person might mean: same birth date with either name alike (a twin too), or both names alike."""
        given, family = search_key(given_name), search_key(family_name)
        same_day = Q(birth_date=birth_date) & (Q(family_key=family) | Q(given_key=given))
        return self.filter(practice=practice)._with_merged(same_day | Q(family_key=family, given_key=given))


class Patient(models.Model):
    """A child or an adult who is looked at. Names live three times: legal, in use, and as on the insurance card."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="patients")
    given_name = models.CharField("Given name", max_length=60)
    family_name = models.CharField("Family name", max_length=60)
    preferred_name = models.CharField("Name in use", max_length=60, blank=True)
    card_given_name = models.CharField("Given name on the insurance card, Latin letters", max_length=35, blank=True)
    card_family_name = models.CharField("Family name on the insurance card, Latin letters", max_length=60, blank=True)
    birth_date = models.DateField("Date of birth")
    sex = models.CharField(max_length=1, choices=Sex)
    street = models.CharField(max_length=55, blank=True)
    street_2 = models.CharField("Flat, suite", max_length=55, blank=True)
    city = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=2, choices=Address._meta.get_field("state").choices, blank=True)
    zip_code = models.CharField(
        "ZIP code", max_length=10, blank=True, validators=Address._meta.get_field("zip_code").validators
    )
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField("Language at home", max_length=40, blank=True)
    pupil_id = models.CharField("Pupil or patient id", max_length=30, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_here")
    given_key = models.CharField(max_length=120, editable=False)
    family_key = models.CharField(max_length=120, editable=False)

    objects = PatientQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(sex__in=Sex.values), name="patient_sex_is_known")]
        indexes: ClassVar = [
            models.Index(fields=["practice", "birth_date"]),
            models.Index(fields=["practice", "family_key"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.preferred_name or self.given_name} {self.family_name}"

    @property
    def stays(self) -> "Patient":
        """Herself, or the one into which she was merged."""
        return self.merged_into.stays if self.merged_into is not None else self

    def clean(self) -> None:
        self.set_keys()

    def set_keys(self) -> None:
        """Fill the search keys; forms do it through `full_clean`, importers call it themselves."""
        self.given_key, self.family_key = search_key(self.given_name), search_key(self.family_name)

    def with_merged(self) -> frozenset[int]:
        """Her key and those of the rows merged into her, however often: for what is told of a patient and never moves."""
        return frozenset(stays_of([self.pk]))

    def age_on(self, day: date) -> int:
        born = self.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def stays_of(patients: Collection[int]) -> dict[int, int]:
    """For these patients and every row merged into one of them, however often: the key of her who stays, by the key of the
    row. A query for each merge in the longest chain, however many patients."""
    found = {pk: pk for pk in patients}
    newest = list(found)
    while newest:
        gone = Patient.objects.filter(merged_into__in=newest).values_list("pk", "merged_into")
        merged = {pk: found[into] for pk, into in gone if into is not None and pk not in found}
        found |= merged
        newest = list(merged)
    return found


class Enrolment(models.Model):
    """School, grade and room of one school year (named by the year it begins in)."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="enrolments")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="enrolments")
    school_year = models.PositiveSmallIntegerField()
    grade = models.CharField(max_length=10, blank=True)
    room = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patient", "site", "school_year"], name="enrolment_once_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.site}, room {self.room}" if self.room else str(self.site)


class Guardian(models.Model):
    """An adult with authority over a child: signs consents and is told the outcome."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="guardians")
    name = models.CharField(max_length=120)
    relationship = models.CharField(max_length=40)
    has_authority = models.BooleanField("May consent for the child", default=True)
    phone = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return f"{self.name}, {self.relationship}"
