from datetime import timedelta

import pytest

from teledent.jobs import publish, queue, registry
from teledent.jobs.models import Job, Schedule
from tests.jobs.conftest import NOON, put, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def hourly(kind, monkeypatch):
    name = kind(schedule=timedelta(hours=1))
    monkeypatch.setattr(registry, "scheduled", lambda: {name: timedelta(hours=1)})
    queue.ensure_schedules(at=NOON)
    return name


def test_a_job_whose_owner_died_is_ready_again_after_its_lease(kind):
    name = kind()
    put(name)
    take(name)
    queue.sweep(at=NOON + queue.LEASE / 2)
    assert Job.objects.get(kind=name).state == Job.State.RUNNING
    queue.sweep(at=NOON + queue.LEASE * 1.1)
    assert Job.objects.get(kind=name).state == Job.State.READY


def test_a_schedule_makes_one_job_and_none_while_that_one_is_active(hourly):
    queue.sweep(at=NOON)
    queue.sweep(at=NOON + timedelta(hours=1))
    assert Job.objects.filter(kind=hourly).count() == 1


def test_slots_missed_while_nobody_ran_are_made_up_once(hourly):
    queue.sweep(at=NOON + timedelta(hours=9, minutes=30))
    assert Job.objects.filter(kind=hourly).count() == 1
    assert Schedule.objects.get(kind=hourly).next_run == NOON + timedelta(hours=10)


def test_of_many_workers_one_sweeps(hourly):
    assert queue.sweep_if_due(at=NOON)
    assert not queue.sweep_if_due(at=NOON)
    assert queue.sweep_if_due(at=NOON + queue.SWEEP_EVERY)


def test_a_lost_hint_is_repeated(kind, monkeypatch):
    sent: list[int] = []
    monkeypatch.setattr(publish._publisher, "send", sent.append)
    job = put(kind())
    queue.sweep(at=NOON + queue.HINT_AGAIN_AFTER / 2)
    assert job.pk not in sent
    queue.sweep(at=NOON + queue.HINT_AGAIN_AFTER * 2)
    assert job.pk in sent
