"""The case: one capture of one patient on one day, and where it stands."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cases.models.patient import Patient
from cases.states import LABELS, READABLE_SIGNED, Status
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person, Practice, Role, Site, State


class Kind(models.TextChoices):
    SCREENING = "screening", "Screening"
    EMERGENCY = "emergency", "Emergency"
    SECOND_OPINION = "second_opinion", "Second opinion"
    POST_TREATMENT = "post_treatment", "Post-treatment check"
    TREATMENT_VISIT = "treatment_visit", "Treatment visit"  # opened from an order of a dentist, never by itself (CO-3)


OPENED_BY_HAND = [(kind.value, kind.label) for kind in Kind if kind != Kind.TREATMENT_VISIT]


class Because(models.TextChoices):
    """Why a case follows another one."""

    ORDER = "order", "A dentist ordered a treatment"
    CORRECTION = "correction", "It corrects a retracted case"


class Urgency(models.TextChoices):
    EMERGENCY = "emergency", "Emergency"
    URGENT = "urgent", "Urgent"
    EARLY = "early", "Early"
    ROUTINE = "routine", "Routine"


class PatientPlace(models.TextChoices):
    SITE = "site", "At the site"
    HOME = "home", "At home"


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, actor: Actor) -> Self:
        """Hygienist: cases of her sites. Dentist and manager: the practice's. Front desk: what was signed."""
        mine = self.filter(practice=actor.practice)
        if actor.has(Role.MANAGER, Role.DENTIST):
            return mine
        allowed = Q(pk__in=[])
        if actor.has(Role.HYGIENIST):
            sites = actor.sites(Role.HYGIENIST)
            allowed |= Q() if sites is None else Q(site__in=sites)
            if sites is None:
                return mine
        if actor.has(Role.FRONT_DESK):
            allowed |= Q(status__in=READABLE_SIGNED)
        return mine.filter(allowed)

    def captured_by(self, actor: Actor) -> Self:
        """Cases that the hygienist works on: those of her sites."""
        sites = actor.sites(Role.HYGIENIST)
        mine = self.filter(practice=actor.practice)
        return mine if sites is None else mine.filter(site__in=sites)

    def waiting(self, at: datetime) -> Self:
        """Cases that a dentist may start: submitted, or held under a lease that ran out; most overdue first."""
        free = Q(status=Status.SUBMITTED) | Q(status=Status.IN_REVIEW, lease_until__lt=at)
        return self.filter(free).order_by("due_at", "pk")

    def gathered_by(self, person: Person) -> Self:
        """Cases of which the person gathered any part: opened it, signed a version, sent a file, did a service (RE-1)."""
        part = Q(opened_by=person) | Q(submissions__person=person) | Q(assets__declared_by=person)
        return self.filter(part | Q(services__operator=person))

    def readable_by(self, person: Person, states: Collection[str]) -> Self:
        """Cases of patients in `states` that the person did not gather, with every file in unless urgent (RE-1, CA-7)."""
        own = Case.objects.gathered_by(person).filter(pk=OuterRef("pk"))
        late = Case.objects.filter(pk=OuterRef("pk"), assets__state__in=["declared", "received", "refused", "failed"])
        may_be_late = Q(urgency__in=[Urgency.EMERGENCY, Urgency.URGENT])
        return self.filter(may_be_late | ~Exists(late), ~Exists(own), patient_state__in=states)

    def held_by(self, person: Person, at: datetime) -> Self:
        return self.filter(status=Status.IN_REVIEW, reader=person, lease_until__gte=at)


class Case(models.Model):
    """Status is written by `cases.moving` alone; the head and count of the timeline stand here so that a cut is seen."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="cases")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="cases")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="cases")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    status = models.CharField(max_length=12, choices=[(s.value, s.value) for s in Status], default=Status.DRAFT)
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")
    follows_because = models.CharField(max_length=10, choices=Because, blank=True)

    day_seen = models.DateField("Day seen")
    patient_place = models.CharField(max_length=10, choices=PatientPlace, default=PatientPlace.SITE)
    patient_state = models.CharField("State where the patient was", max_length=2, choices=State)
    questionnaire = models.CharField(max_length=20)
    answers = models.JSONField(default=dict)
    urgency = models.CharField("Hygienist's urgency", max_length=10, choices=Urgency, blank=True)
    revision = models.PositiveIntegerField(default=0)  # rises with every saved answer; a stale page gets 409

    submitted_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    reader = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lease_until = models.DateTimeField(null=True, blank=True)
    review_started_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    timeline_count = models.PositiveIntegerField(default=0)
    timeline_head = models.CharField(max_length=64, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="case_number_once_in_practice"),
            models.CheckConstraint(condition=Q(status__in=[s.value for s in Status]), name="case_status_is_known"),
            models.CheckConstraint(
                condition=~Q(status="in_review") | Q(reader__isnull=False, lease_until__isnull=False),
                name="case_in_review_has_reader",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["signed", "closed", "retracted"]) | Q(signed_at__isnull=False),
                name="case_signed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(submitted_at__isnull=False) | Q(status__in=["withdrawn", "stopped"]),
                name="case_left_draft_by_submit",
            ),
            models.CheckConstraint(
                condition=Q(follows__isnull=True, follows_because="")
                | (Q(follows__isnull=False) & ~Q(follows_because="")),
                name="case_follows_for_a_reason",
            ),
            models.UniqueConstraint(
                fields=["follows"],
                condition=Q(follows_because="correction") & ~Q(status__in=["withdrawn", "stopped"]),
                name="case_is_corrected_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "due_at"], condition=Q(status__in=["submitted", "in_review"]), name="case_waiting"
            ),
            models.Index(fields=["site", "status"]),
            models.Index(fields=["practice", "status", "signed_at"]),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def shown_status(self) -> str:
        """The status in people's words."""
        return LABELS[Status(self.status)]

    @property
    def label(self) -> str:
        """The number people say: TD-00017."""
        return f"TD-{self.number:05d}"
