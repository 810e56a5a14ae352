"""A school day as it is planned and kept: its team, the children expected, and what was marked of each on the day."""

import uuid
from datetime import date
from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q

from cases.models.patient import Patient
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person, Practice, Role, Site, State
from teledent.files.models import StoredFile


class ScreeningEventQuerySet(models.QuerySet["ScreeningEvent"]):
    def visible_to(self, actor: Actor) -> Self:
        """Manager and front desk: the practice's. Hygienist: those at her sites."""
        mine = self.filter(practice=actor.practice)
        if actor.has(Role.MANAGER, Role.FRONT_DESK):
            return mine
        sites = actor.sites(Role.HYGIENIST)
        return mine if sites is None else mine.filter(site__in=sites)

    def standing(self) -> Self:
        return self.filter(cancelled_at__isnull=True)

    def touching(self, first: date, last: date) -> Self:
        """Those of which a day lies between the two."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)

    def with_expected(self) -> Self:
        """With how many children are on the list as `expected`: rows that were merged into a child are hers."""
        standing = Q(children__patient__merged_into__isnull=True)
        return self.annotate(expected=Count("children", distinct=True, filter=standing))


class ScreeningEvent(models.Model):
    """One visit of a team to one site, on days that the site names. Two that stand never share a site and a day, so a case
    of a child belongs to one by its site and its day seen."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="events")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="events", verbose_name="School or site")
    starts_on = models.DateField("First day")
    ends_on = models.DateField("Last day")
    school_year = models.PositiveSmallIntegerField()  # the year in which it began
    supervising_dentist = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="supervised_events"
    )
    team = models.ManyToManyField(Person, through="EventMember", related_name="events")
    aim = models.PositiveSmallIntegerField(
        "Children to see", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5000)]
    )
    note = models.CharField(max_length=300, blank=True)
    planned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_because = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=0)  # rises with every change; a stale form gets 409

    objects = ScreeningEventQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="event_ends_after_start"),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True, cancelled_because="")
                | (Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancelled_because="")),
                name="event_cancelled_by_whom_and_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "starts_on"]),
            models.Index(fields=["site", "starts_on"]),
        ]
        ordering: ClassVar = ["-starts_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.site}, {self.days}"

    @property
    def days(self) -> str:
        """ "14 Mar 2027", "14 to 16 Mar 2027"."""
        first, last = self.starts_on, self.ends_on
        if first == last:
            return f"{first:%-d %b %Y}"
        begins = f"{first:%-d}" if (first.year, first.month) == (last.year, last.month) else f"{first:%-d %b}"
        return f"{begins if first.year == last.year else f'{first:%-d %b %Y}'} to {last:%-d %b %Y}"

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


class EventMember(models.Model):
    """Somebody of the team: an auxiliary whom the supervising dentist answers for."""

    event = models.ForeignKey(ScreeningEvent, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "person"], name="event_member_once")]

    def __str__(self) -> str:
        return str(self.person)


class Mark(models.TextChoices):
    """What a person says of an expected child who is not seen."""

    ABSENT = "absent", "Absent"
    REFUSED = "refused", "Refused"


class EventChild(models.Model):
    """A child on the list of an event. Seen, or being seen, follows from her case; absent and refused are said by a person."""

    event = models.ForeignKey(ScreeningEvent, on_delete=models.PROTECT, related_name="children")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="event_places")
    tag = models.CharField(max_length=4)  # cases.events.tags
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=7, choices=Mark, blank=True)
    marked_at = models.DateTimeField(null=True, blank=True)
    marked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    mark_note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "patient"], name="event_child_once"),
            models.UniqueConstraint(fields=["event", "tag"], name="event_tag_once"),
            models.CheckConstraint(condition=Q(mark__in=["", *Mark.values]), name="event_mark_is_known"),
            models.CheckConstraint(
                condition=Q(mark="", marked_at__isnull=True, marked_by__isnull=True, mark_note="")
                | (~Q(mark="") & Q(marked_at__isnull=False, marked_by__isnull=False)),
                name="event_mark_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.tag


class SupervisionLimit(models.Model):
    """How many auxiliaries one dentist may supervise at a time in a state, as the practice knows its law."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="supervision_limits")
    state = models.CharField(max_length=2, choices=State)
    most = models.PositiveSmallIntegerField(
        "Auxiliaries at a time", validators=[MinValueValidator(1), MaxValueValidator(99)]
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "state"], name="supervision_limit_once_a_state"),
            models.CheckConstraint(condition=Q(most__gte=1), name="supervision_limit_is_positive"),
        ]
        ordering: ClassVar = ["state"]

    def __str__(self) -> str:
        return f"{self.state}: {self.most}"


class RosterState(models.TextChoices):
    ANNOUNCED = "announced", "On its way here"
    QUEUED = "queued", "Being read"
    READABLE = "readable", "To be looked at"
    REFUSED = "refused", "Could not be read"
    TAKING = "taking", "Being taken on"
    TAKEN = "taken", "Taken on"


class Roster(models.Model):
    """A list of children as the school sent it. Nothing of it counts before a person has looked and confirmed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(ScreeningEvent, on_delete=models.PROTECT, related_name="rosters")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()  # bytes
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")  # None: on its way
    state = models.CharField(max_length=9, choices=RosterState, default=RosterState.ANNOUNCED)
    reason = models.CharField(max_length=300, blank=True)  # why it could not be read, or was not taken on
    rows = models.JSONField(default=list)  # [number, {column: text}], as the decoder read them
    ignored = models.JSONField(default=list)  # headings that are not ours
    meant = models.JSONField(default=dict)  # row number -> public id of who a doubtful row is, "new", or "leave"
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, blank=True)  # what was agreed to
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=RosterState.values), name="roster_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="announced", file__isnull=True) | (~Q(state="announced") & Q(file__isnull=False)),
                name="roster_arrived_has_bytes",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="roster_refused_has_reason"),
            models.CheckConstraint(
                condition=Q(state__in=["taking", "taken"], taken_at__isnull=False, taken_by__isnull=False)
                | (
                    ~Q(state__in=["taking", "taken"])
                    & Q(taken_at__isnull=True, taken_by__isnull=True, added=0, changed=0)
                ),
                name="roster_taken_when_and_by_whom",
            ),
        ]
        ordering: ClassVar = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return self.name
