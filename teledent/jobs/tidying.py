"""Old rows of finished work are deleted; parked ones stay until a person decides."""

from datetime import timedelta

from teledent.jobs.models import Job
from teledent.jobs.registry import Effect, job
from teledent.kit import clock

KEPT_FOR = timedelta(days=14)


@job("jobs.tidy", schedule=timedelta(days=1))
def tidy(**_: object) -> Effect:
    before = clock.now() - KEPT_FOR

    def delete() -> None:
        Job.objects.filter(state__in=(Job.State.DONE, Job.State.CANCELLED), finished_at__lt=before).delete()

    return delete
