"""The case: one capture of one patient on one day, and where it stands."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Case as Switch
from django.db.models import Exists, F, OuterRef, Q, Value, When

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
    ELSEWHERE = "elsewhere", "Elsewhere"


class Origin(models.TextChoices):
    """How what was gathered came in. By a link or from another office: nobody of the practice was there."""

    SITE = "site", "Gathered by the site"
    LINK = "link", "Sent by the patient or family"
    OFFICE = "office", "Sent by another office"


class Queue(models.TextChoices):
    """The list of the reading room in which a case stands; none while it is captured or after it ended."""

    WAITING = "waiting", "Waiting"
    ASKED = "asked", "Asked for more"


class Standing(models.TextChoices):
    """What a case in a queue says of itself while nobody reads it: the first that is true, from the last."""

    NEW = "new", "New"
    ANSWER = "answer", "Answer back"
    INCOMPLETE = "incomplete", "Pictures on their way"


URGENT = (Urgency.EMERGENCY, Urgency.URGENT)  # read while their pictures arrive (CA-7), and told of at once
_WITH_DENTISTS = Q(status__in=["submitted", "in_review"])


def _has(related: str, **columns: object) -> Exists:
    """Whether a row that hangs on the case has these columns."""
    rows = Case._meta.get_field(related).related_model._default_manager  # type: ignore[union-attr]
    return Exists(rows.filter(case=OuterRef("pk"), **columns))


class CaseQuerySet(models.QuerySet["Case"]):
    def untold(self, person: Person) -> Self:
        """Without visits that were ordered on a case whose second read is asked of her: that there is one, and of which
        tooth, tells what the first reader concluded (RE-2)."""
        reads: Any = Case._meta.get_field("second_reads").related_model._default_manager
        return self.exclude(follows_because=Because.ORDER, follows__in=reads.hidden_from(person))

    def visible_to(self, actor: Actor) -> Self:
        """Hygienist: cases of her sites. Dentist and manager: the practice's. Front desk: what was signed.

        Nobody: a visit that tells what she is to judge for herself."""
        mine = self.filter(practice=actor.practice).untold(actor.person)
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
        mine = self.filter(practice=actor.practice).untold(actor.person)
        return mine if sites is None else mine.filter(site__in=sites)

    def waiting(self, at: datetime) -> Self:
        """Cases that a dentist may start: submitted, or held under a lease that ran out; most overdue first."""
        free = Q(status=Status.SUBMITTED) | Q(status=Status.IN_REVIEW, lease_until__lt=at)
        return self.filter(free).order_by("due_at", "pk")

    def gathered_by(self, person: Person) -> Self:
        """Cases of which the person gathered any part: opened it, signed a version, sent a file, did a service (RE-1).

        Each part is asked for by itself: joined, the rows of one case would multiply.
        """
        parts = (("submissions", "person"), ("assets", "declared_by"), ("services", "operator"))
        asked = [_has(related, **{by: person}) for related, by in parts]
        return self.filter(Q(opened_by=person) | asked[0] | asked[1] | asked[2])

    def readable_by(self, person: Person, state: str, at: datetime) -> Self:
        """Cases of patients in `state` that the person did not gather, with every file in unless urgent (RE-1, CA-7).

        Nor cases that she is to read, or has read, as a second opinion, or that are kept for who asked about them; an
        emergency that was brought before one dentist is kept for nobody.
        `ready_state` answers for state, files and urgency at once, from an index in the order of the queue.
        """
        own = Case.objects.gathered_by(person).filter(pk=OuterRef("pk"))
        second = _has("second_reads", reader=person)
        free = Q(offered_to__isnull=True) | Q(offered_until__isnull=True) | Q(offered_until__lte=at)
        fits = self.filter(free | Q(offered_to=person), ~Exists(own), ~second, ready_state=state)
        return fits.untold(person)

    def held_by(self, person: Person, at: datetime) -> Self:
        return self.filter(status=Status.IN_REVIEW, reader=person, lease_until__gte=at)


def _of_queue(name: str, *fields: str) -> models.Index:
    """An index of the cases that stand in a queue alone: `= 'waiting'` implies the condition on either database."""
    return models.Index(fields=fields, condition=Q(queue__isnull=False), name=name)


class Case(models.Model):
    """Status is written by `cases.moving` alone; the head and count of the timeline stand here so that a cut is seen."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="cases")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="cases")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="cases")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    status = models.CharField(max_length=12, choices=[(s.value, s.value) for s in Status], default=Status.DRAFT)
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.SITE)
    consultation = models.ForeignKey(  # what another office asks, also of the case that corrects one of it
        "cases.Consultation", on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
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
    soon_at = models.DateTimeField(null=True, blank=True)  # from when it is due soon
    reader = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    review_started_at = models.DateTimeField(null=True, blank=True)  # of the newest version; none once it is put back
    signed_at = models.DateTimeField(null=True, blank=True)

    # an answered or handed-over case is kept for one dentist until then, an emergency is shown to her and kept for nobody;
    # the rest of its time goes on meanwhile
    offered_to = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    offered_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)  # since when the site has an open question
    asked_for = models.DurationField(default=timedelta)  # how long questions before that one were with the site
    told_due = models.PositiveSmallIntegerField(default=0)  # 1: due soon was told; 2: overdue
    escalated = models.PositiveSmallIntegerField(default=0)  # 1: the next dentist was told; 2: the manager (RE-8)

    # counted by `cases.counting` and by the database, so that a list of a million costs what a short one does
    files_declared = models.PositiveSmallIntegerField(default=0)
    files_late = models.PositiveSmallIntegerField(default=0)
    queue = models.GeneratedField(
        expression=Switch(
            When(_WITH_DENTISTS, then=Value("waiting")), When(status="needs_info", then=Value("asked")), default=None
        ),
        output_field=models.CharField(max_length=8, null=True, choices=Queue),
        db_persist=True,
    )
    ready_state = models.GeneratedField(  # the patient's state while a dentist may start the case, else null
        expression=Switch(
            When(_WITH_DENTISTS & (Q(files_late=0) | Q(urgency__in=["emergency", "urgent"])), then=F("patient_state")),
            default=None,
        ),
        output_field=models.CharField(max_length=2, null=True),
        db_persist=True,
    )

    standing = models.GeneratedField(  # also of a case in no queue, where nobody asks for it
        expression=Switch(
            When(files_late__gt=0, then=Value("incomplete")), When(asked_for__gt=timedelta(0), then=Value("answer")),
            default=Value("new"),
        ),
        output_field=models.CharField(max_length=10, choices=Standing),
        db_persist=True,
    )  # fmt: skip

    timeline_count = models.PositiveIntegerField(default=0)
    timeline_head = models.CharField(max_length=64, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="case_number_once_in_practice"),
            models.CheckConstraint(condition=Q(status__in=[s.value for s in Status]), name="case_status_is_known"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="case_origin_is_known"),
            models.CheckConstraint(
                condition=Q(origin__in=["site", "office"], opened_by__isnull=False)
                | Q(origin="link", opened_by__isnull=True),
                name="case_opened_by_someone_or_a_link",
            ),
            models.CheckConstraint(
                condition=Q(origin="office", consultation__isnull=False)
                | (~Q(origin="office") & Q(consultation__isnull=True)),
                name="case_of_office_has_its_question",
            ),
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
            _of_queue("case_queue", "practice", "queue", "due_at", "id"),
            _of_queue("case_queue_by_urgency", "practice", "queue", "urgency", "due_at"),
            _of_queue("case_queue_by_kind", "practice", "queue", "kind", "due_at"),
            _of_queue("case_queue_by_standing", "practice", "queue", "standing", "due_at"),
            _of_queue("case_queue_by_site", "site", "queue", "due_at"),
            _of_queue("case_held", "reader", "queue", "lease_until"),
            _of_queue("case_due_soon", "queue", "told_due", "soon_at"),
            _of_queue("case_overdue", "queue", "told_due", "due_at"),
            _of_queue("case_to_escalate", "queue", "urgency", "escalated", "due_at"),
            models.Index(
                fields=["practice", "ready_state", "due_at", "id"],
                condition=Q(ready_state__isnull=False),
                name="case_ready",
            ),
            models.Index(
                fields=["offered_to", "queue", "due_at"], condition=Q(offered_to__isnull=False), name="case_offered"
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
