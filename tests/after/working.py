"""The worker's part in these tests: what was asked for is made now."""

from teledent.jobs import queue
from teledent.jobs.models import Job
from teledent.jobs.performing import perform
from teledent.kit import clock


def work(*kinds):
    while job := queue.claim(owner="test", kinds=list(kinds), at=clock.now()):
        perform(job)
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.last_error


def try_once(kind):
    """One try of a job that may fail; its error's name, or nothing."""
    job = queue.claim(owner="test", kinds=[kind], at=clock.now())
    perform(job)
    job.refresh_from_db()
    return job.last_error
