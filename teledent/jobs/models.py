"""Background work as rows. The row is the truth; every message about it is only a hint."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q


class JobQuerySet(models.QuerySet["Job"]):
    def active(self) -> Self:
        return self.filter(state__in=Job.ACTIVE)

    def due(self, at: datetime) -> Self:
        """What may be claimed at `at`: ready and its time has come, oldest first."""
        return self.filter(state=Job.State.READY, run_after__lte=at).order_by("run_after", "id")

    def abandoned(self, at: datetime) -> Self:
        """Running rows whose owner has stopped renewing the lease: it died or lost its connection."""
        return self.filter(state=Job.State.RUNNING, lease_until__lt=at).order_by("lease_until", "id")

    def held(self, job: "Job") -> Self:
        """The row as long as this very claim still holds: same owner, same fence. The filter of every later write."""
        return self.filter(pk=job.pk, state=Job.State.RUNNING, owner=job.owner, fence=job.fence)


class Job(models.Model):
    """One piece of work: a kind and the ids it needs, never contents.

    `fence` grows by one at every claim, so a worker that lost its lease and comes back late can write nothing.
    `attempts` is counted at the claim, because a crash never reaches an `except`.
    """

    class State(models.TextChoices):
        READY = "ready", "Ready"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        PARKED = "parked", "Set aside after five tries"
        CANCELLED = "cancelled", "Cancelled"

    ACTIVE: ClassVar = (State.READY, State.RUNNING)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    run_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    owner = models.CharField(max_length=120, blank=True)
    fence = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    last_error = models.CharField(
        max_length=200, blank=True
    )  # class and code, never a message: it could quote a patient
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["ready", "running", "done", "parked", "cancelled"]), name="job_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_until__isnull=True, owner="")),
                name="job_lease_while_running_only",
            ),
            models.UniqueConstraint(
                fields=["dedupe_key"],
                condition=Q(state__in=["ready", "running"]) & ~Q(dedupe_key=""),
                name="job_once_while_active",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["run_after", "id"], condition=Q(state="ready"), name="job_ready"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="job_running"),
            models.Index(F("finished_at").desc(), condition=Q(state="parked"), name="job_parked"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Schedule(models.Model):
    """When a repeating kind runs next. Whoever advances `next_run` by compare-and-set creates the job."""

    kind = models.CharField(max_length=80, unique=True)
    every = models.DurationField()
    next_run = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} every {self.every}"
