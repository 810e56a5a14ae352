"""Putting work in and taking it out. Every write is a compare-and-set: right on SQLite and PostgreSQL alike."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from teledent.jobs import registry
from teledent.jobs.models import Job, Schedule
from teledent.jobs.publish import hint, hint_after_commit
from teledent.jobs.registry import Effect
from teledent.kit import clock, faults

logger = logging.getLogger(__name__)

LEASE: timedelta = settings.JOB_LEASE
MAX_ATTEMPTS = 5
BACKOFF = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=3), timedelta(minutes=15))
HINT_AGAIN_AFTER = LEASE / 4
CANDIDATES = 16  # looked at per claim, so that workers that start together do not all fight for one row
HINTS_PER_SWEEP = 200
INSERT_TRIES = 10
SWEEP = "jobs.sweep"
SWEEP_EVERY = LEASE / 4


class LeaseLost(Exception):
    """Somebody else holds the job by now. What this worker did is rolled back."""


def enqueue(kind: str, *, dedupe: str = "", run_after: datetime | None = None, **ids: object) -> Job:
    """Insert a job in the caller's transaction, so that work and its cause are saved together or not at all.

    `ids` are primary keys or other plain references, never contents. `dedupe` names the piece of work: while a job
    with that name is ready or running, it is returned instead of a second one. Raises RuntimeError outside `atomic`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"enqueue({kind!r}) belongs inside the transaction of the change that needs it.")
    if registry.find(kind) is None:
        raise LookupError(f"No job kind {kind!r} is registered.")
    at = clock.now()
    job = Job(kind=kind, payload=ids, dedupe_key=dedupe, run_after=run_after or at, created_at=at)
    for _ in range(INSERT_TRIES):
        try:
            with transaction.atomic():  # a savepoint: PostgreSQL gives up the whole transaction otherwise
                job.save(force_insert=True)
        except IntegrityError:
            if not dedupe:
                raise
            active = Job.objects.active().filter(dedupe_key=dedupe).first()
            if active is not None:
                return active
            continue  # it ended between our insert and our look
        if job.run_after <= at:
            hint_after_commit(job.pk)
        return job
    raise RuntimeError(f"{kind!r} could not be enqueued: its like ends as fast as it comes.")


def claim(*, owner: str, kinds: list[str], at: datetime, lease: timedelta = LEASE) -> Job | None:
    """Take the oldest due job of one of `kinds`, or None. Jobs of dead owners come back through `sweep`."""
    for job in Job.objects.due(at).filter(kind__in=kinds)[:CANDIDATES]:
        if _take(job, owner=owner, at=at, lease=lease):
            return job
    return None


def claim_one(job_id: int, *, owner: str, at: datetime, lease: timedelta = LEASE) -> Job | None:
    """Take this very job if it is due and its kind known here, or None: a hint may be late, doubled or wrong."""
    job = Job.objects.due(at).filter(pk=job_id, kind__in=registry.names()).first()
    return job if job is not None and _take(job, owner=owner, at=at, lease=lease) else None


def _take(job: Job, *, owner: str, at: datetime, lease: timedelta) -> bool:
    taken = Job.objects.filter(pk=job.pk, state=Job.State.READY, fence=job.fence).update(
        state=Job.State.RUNNING, owner=owner, fence=F("fence") + 1, attempts=F("attempts") + 1, lease_until=at + lease
    )
    if taken:
        job.state, job.owner, job.lease_until = Job.State.RUNNING, owner, at + lease
        job.fence, job.attempts = job.fence + 1, job.attempts + 1
        faults.point("jobs.claimed")
    return bool(taken)


def renew(job: Job, *, at: datetime, lease: timedelta = LEASE) -> bool:
    """Prolong the lease; False when it is no longer ours."""
    return bool(Job.objects.held(job).update(lease_until=at + lease))


def finish(job: Job, effect: Effect | None, *, at: datetime) -> None:
    """Mark done and write the effect in one transaction. Raises `LeaseLost`, writing nothing, when taken away."""
    with transaction.atomic():
        # First, because this write also locks the row: of two late workers the second waits here, then finds it done.
        if not Job.objects.held(job).update(
            state=Job.State.DONE, owner="", lease_until=None, last_error="", finished_at=at
        ):
            raise LeaseLost
        if effect is not None:
            effect()
        faults.point("jobs.finish.written")
    faults.point("jobs.finish.committed")


def fail(job: Job, *, error: str, at: datetime) -> None:
    """Try again later, or set the job aside after the last try. `error` is a class and a code, never a message."""
    if job.attempts >= MAX_ATTEMPTS:
        _park(job, held=Q(owner=job.owner), error=error, at=at)
        return
    Job.objects.held(job).update(
        state=Job.State.READY,
        owner="",
        lease_until=None,
        last_error=error[:200],
        run_after=at + BACKOFF[job.attempts - 1],
    )


def _park(job: Job, *, held: Q, error: str, at: datetime) -> None:
    """Set aside for good, and let the app show it: `on_parked` runs in the same transaction."""
    kind = registry.find(job.kind)
    with transaction.atomic():
        parked = Job.objects.filter(held, pk=job.pk, state=Job.State.RUNNING, fence=job.fence).update(
            state=Job.State.PARKED, owner="", lease_until=None, last_error=error[:200], finished_at=at
        )
        if parked and kind is not None and kind.on_parked is not None:
            kind.on_parked(**job.payload)
    if parked:
        logger.error("Job %s (%s) is set aside after %s tries: %s", job.pk, job.kind, job.attempts, error)


def retry_parked(job_id: int, *, at: datetime) -> bool:
    """A person's "try again": a parked job becomes ready with its tries counted anew. False when it is not parked."""
    try:
        with transaction.atomic():
            ready = Job.objects.filter(pk=job_id, state=Job.State.PARKED).update(
                state=Job.State.READY, attempts=0, run_after=at, finished_at=None
            )
    except IntegrityError:  # the same piece of work is active again already
        return False
    if ready:
        hint_after_commit(job_id)
    return bool(ready)


def requeue_orphans(*, owner_prefix: str, at: datetime) -> int:
    """Give back what owners of this prefix held. Only for a caller that knows they are dead (it holds their lock)."""
    held = Job.objects.filter(state=Job.State.RUNNING, owner__startswith=owner_prefix)
    return sum(_give_back(job, at=at) for job in held)


def _give_back(job: Job, *, at: datetime) -> bool:
    if job.attempts >= MAX_ATTEMPTS:
        _park(job, held=Q(lease_until=job.lease_until), error="WorkerDied", at=at)
        return False
    # The lease is compared too: an owner that woke up and renewed keeps its job.
    return bool(
        Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, fence=job.fence, lease_until=job.lease_until).update(
            state=Job.State.READY, owner="", lease_until=None, run_after=at, last_error="WorkerDied"
        )
    )


def sweep_if_due(*, at: datetime) -> bool:
    """Sweep unless another worker did so within SWEEP_EVERY; the sweep's own Schedule row says when the next is due."""
    due = Schedule.objects.filter(kind=SWEEP, next_run__lte=at)
    if not due.update(next_run=at + SWEEP_EVERY):
        return False
    sweep(at=at)
    return True


def sweep(*, at: datetime) -> None:
    """Bring back jobs whose owner died, create what the schedule asks for, repeat hints that may be lost."""
    for job in Job.objects.abandoned(at)[:HINTS_PER_SWEEP]:
        if _give_back(job, at=at):
            hint(job.pk)
    _advance_schedules(at=at)
    waiting = Job.objects.due(at - HINT_AGAIN_AFTER).filter(kind__in=registry.names())
    for job_id in waiting.values_list("pk", flat=True)[:HINTS_PER_SWEEP]:
        hint(job_id)


def ensure_schedules(*, at: datetime) -> None:
    """One row for each registered schedule and for the sweep, first due at once; a changed interval is taken over."""
    for kind, every in {SWEEP: SWEEP_EVERY, **registry.scheduled()}.items():
        row, made = Schedule.objects.get_or_create(kind=kind, defaults={"every": every, "next_run": at})
        if not made and row.every != every:
            Schedule.objects.filter(pk=row.pk).update(every=every)


def _advance_schedules(*, at: datetime) -> None:
    for row in Schedule.objects.filter(next_run__lte=at, kind__in=registry.scheduled()):
        missed = (at - row.next_run) // row.every  # slots that passed while nobody ran are run once, not one by one
        with transaction.atomic():
            if Schedule.objects.filter(pk=row.pk, next_run=row.next_run).update(
                next_run=row.next_run + row.every * (missed + 1)
            ):
                enqueue(row.kind, dedupe=row.kind)
