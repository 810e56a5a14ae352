"""Running one claimed job: its slow part under a renewed lease, then its effect and its end in one transaction."""

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connections

from teledent.jobs import registry
from teledent.jobs.models import Job
from teledent.jobs.queue import LEASE, LeaseLost, claim_one, fail, finish, renew
from teledent.kit import clock, faults

logger = logging.getLogger(__name__)
BEAT = LEASE / 4


def perform(job: Job, *, lease: timedelta = LEASE, beat: timedelta = BEAT) -> None:
    """Run a job that this process has claimed. Never raises for what the job does: the row says how it went."""
    kind = registry.find(job.kind)
    try:
        with renewing(job, lease=lease, beat=beat):
            effect = kind.run(**job.payload) if kind is not None else None
            faults.point("jobs.ran")
            if kind is None:
                raise LookupError(job.kind)  # claimed by name, so only a kind taken out meanwhile gets here
            finish(job, effect, at=clock.now())
    except LeaseLost:
        logger.warning("Job %s (%s) was taken over by another worker; this run wrote nothing.", job.pk, job.kind)
    except Exception as error:
        logger.warning("Job %s (%s), try %s: %s", job.pk, job.kind, job.attempts, _described(error))
        fail(job, error=_described(error), at=clock.now())


def perform_here(job_id: int) -> bool:
    """Do one job in this process, as a command does that will not wait for a worker. False when another has it, or it is
    not due: then look again in a moment."""
    job = claim_one(job_id, owner=f"command:{socket.gethostname()}:{os.getpid()}", at=clock.now())
    if job is not None:
        perform(job)
    return job is not None


@contextmanager
def renewing(job: Job, *, lease: timedelta = LEASE, beat: timedelta = BEAT) -> Iterator[None]:
    """Prolong the job's lease from a thread of its own while the block runs."""
    over = threading.Event()

    def keep_renewing() -> None:
        while not over.wait(beat.total_seconds()):
            try:
                if not renew(job, at=clock.now(), lease=lease):
                    return
            except Exception as error:  # the database is away: the next beat tries again, the lease has three more
                logger.warning("The lease of job %s was not renewed: %s", job.pk, _described(error))
            finally:
                connections.close_all()  # this thread's own

    thread = threading.Thread(target=keep_renewing, name=f"lease-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _described(error: BaseException) -> str:
    """Class and code, never the message: a message can quote what a patient's file holds."""
    return " ".join(filter(None, (type(error).__name__, str(getattr(error, "code", "") or ""))))
