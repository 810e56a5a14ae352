from datetime import timedelta

import pytest

from teledent.files.models import StoredFile
from teledent.jobs import queue
from teledent.jobs.models import Job
from teledent.jobs.performing import perform
from tests.ground.kinds import leave_mark
from tests.jobs.conftest import NOON, put, take

pytestmark = pytest.mark.django_db
FAR = NOON + timedelta(days=1)


class Unreadable(Exception):
    code = "truncated"


def fail_always(**_):
    raise Unreadable("Maria Invented, born 2015-02-03")


def test_the_pauses_between_tries_grow(kind):
    name = kind()
    put(name)
    at = NOON
    for pause in (5, 30, 180, 900):
        queue.fail(take(name, at=at), error="X", at=at)
        row = Job.objects.get(kind=name)
        assert row.run_after == at + timedelta(seconds=pause)
        at = row.run_after


def test_after_five_tries_a_job_is_parked_and_its_owner_told(kind):
    name = kind(fail_always, on_parked=lambda n, **_: leave_mark(f"set aside {n}"))
    job = put(name, n=7)
    for _ in range(5):
        Job.objects.filter(pk=job.pk).update(run_after=NOON)
        perform(take(name, at=FAR))
    assert Job.objects.get(pk=job.pk).state == Job.State.PARKED
    assert StoredFile.objects.filter(key="set aside 7").count() == 1


def test_the_row_keeps_class_and_code_but_never_the_message(kind):
    name = kind(fail_always)
    put(name)
    perform(take(name))
    assert Job.objects.get(kind=name).last_error == "Unreadable truncated"


def test_a_job_that_kills_its_worker_is_parked_too(kind):
    name = kind(on_parked=lambda **_: leave_mark("set aside"))
    put(name)
    for _ in range(5):
        take(name, owner="box:1", at=FAR)
        queue.requeue_orphans(owner_prefix="box:", at=NOON)
    assert Job.objects.get(kind=name).state == Job.State.PARKED
    assert StoredFile.objects.filter(key="set aside").exists()


def test_orphans_of_other_owners_are_left_alone(kind):
    name = kind()
    put(name)
    take(name, owner="other:1")
    assert queue.requeue_orphans(owner_prefix="box:", at=NOON) == 0
    assert Job.objects.get(kind=name).state == Job.State.RUNNING


def test_a_person_can_have_a_parked_job_tried_again(kind):
    name = kind()
    job = put(name)
    assert not queue.retry_parked(job.pk, at=NOON)
    Job.objects.filter(pk=job.pk).update(state="parked", attempts=5, finished_at=NOON)
    assert queue.retry_parked(job.pk, at=NOON)
    assert take(name).attempts == 1
