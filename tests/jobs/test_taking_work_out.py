from datetime import timedelta
from functools import partial

import pytest

from teledent.files.models import StoredFile
from teledent.jobs import queue
from teledent.jobs.models import Job
from teledent.jobs.performing import perform
from tests.ground.kinds import leave_mark
from tests.jobs.conftest import NOON, put, take

pytestmark = pytest.mark.django_db


def test_the_oldest_due_job_is_taken_first_and_none_before_its_time(kind):
    name = kind()
    later = put(name, run_after=NOON + timedelta(hours=1))
    second = put(name, run_after=NOON - timedelta(minutes=1))
    first = put(name, run_after=NOON - timedelta(minutes=2))
    assert [take(name), take(name)] == [first, second]
    assert queue.claim(owner="worker", kinds=[name], at=NOON) is None
    assert take(name, at=NOON + timedelta(hours=2)) == later


def test_a_claim_counts_the_attempt_and_raises_the_fence(kind):
    name = kind()
    put(name)
    claimed = take(name)
    row = Job.objects.get(pk=claimed.pk)
    assert (row.state, row.owner, row.attempts, row.fence) == ("running", "worker", 1, 1)
    assert row.lease_until == NOON + queue.LEASE


def test_a_hint_for_a_job_that_is_taken_finds_nothing(kind):
    name = kind()
    job = put(name)
    assert queue.claim_one(job.pk, owner="a", at=NOON) == job
    assert queue.claim_one(job.pk, owner="b", at=NOON) is None


def test_the_effect_and_the_end_are_written_together(kind):
    name = kind(lambda **_: partial(leave_mark, "effect"))
    put(name)
    perform(take(name))
    assert Job.objects.get(kind=name).state == Job.State.DONE
    assert StoredFile.objects.filter(key="effect").exists()


def test_an_effect_that_fails_leaves_nothing_and_the_job_comes_again(kind):
    def effect() -> None:
        leave_mark("half")
        raise OSError

    name = kind(lambda **_: effect)
    put(name)
    perform(take(name))
    assert not StoredFile.objects.filter(key="half").exists()
    row = Job.objects.get(kind=name)
    assert (row.state, row.last_error) == ("ready", "OSError")


def test_a_worker_that_lost_its_lease_writes_nothing(kind):
    name = kind()
    put(name)
    slow = take(name, owner="slow")
    much_later = NOON + queue.LEASE * 2
    queue.sweep(at=much_later)
    quick = take(name, owner="quick", at=much_later)
    with pytest.raises(queue.LeaseLost):
        queue.finish(slow, partial(leave_mark, "twice"), at=much_later)
    queue.fail(slow, error="Late", at=much_later)
    assert Job.objects.get(pk=quick.pk).owner == "quick"
    assert not StoredFile.objects.filter(key="twice").exists()


def test_a_renewed_lease_keeps_the_job(kind):
    name = kind()
    put(name)
    job = take(name)
    assert queue.renew(job, at=NOON + queue.LEASE)
    queue.sweep(at=NOON + queue.LEASE * 1.5)
    assert Job.objects.get(pk=job.pk).owner == "worker"


def test_an_owner_that_renews_while_others_call_it_dead_keeps_the_job(kind):
    name = kind()
    put(name)
    job = take(name)
    seen = Job.objects.get(pk=job.pk)
    queue.renew(job, at=NOON + queue.LEASE * 2)
    assert not queue._give_back(seen, at=NOON + queue.LEASE * 2)
    assert Job.objects.get(pk=job.pk).owner == "worker"
