import pytest
from django.db import transaction

from teledent.jobs import publish, queue
from teledent.jobs.models import Job
from tests.jobs.conftest import NOON, put, take


@pytest.fixture(autouse=True)
def no_quiet_time(monkeypatch):
    monkeypatch.setattr(publish._publisher, "quiet_until", 0.0)


@pytest.mark.usefixtures("own_database")
def test_enqueue_outside_a_transaction_is_refused(kind):
    name = kind()
    with pytest.raises(RuntimeError, match="inside the transaction"):
        queue.enqueue(name)


@pytest.mark.django_db
def test_a_job_is_gone_when_its_cause_is_rolled_back(kind):
    name = kind()
    with transaction.atomic():
        queue.enqueue(name, asset_id=1)
        transaction.set_rollback(True)
    assert not Job.objects.filter(kind=name).exists()


@pytest.mark.django_db
def test_an_unknown_kind_is_refused():
    with pytest.raises(LookupError, match=r"no\.such"), transaction.atomic():
        queue.enqueue("no.such")


@pytest.mark.django_db
def test_the_same_piece_of_work_is_one_job_while_it_is_ready_or_running(kind):
    name = kind()
    first = put(name, dedupe="asset-1")
    assert put(name, dedupe="asset-1") == first
    running = take(name)
    assert put(name, dedupe="asset-1") == first
    queue.finish(running, None, at=NOON)
    assert put(name, dedupe="asset-1") != first


@pytest.mark.django_db
def test_jobs_without_a_name_for_their_work_are_all_kept(kind):
    name = kind()
    assert put(name) != put(name)


@pytest.mark.usefixtures("own_database")
def test_a_hint_goes_out_after_the_commit_only(kind, monkeypatch):
    sent: list[int] = []
    monkeypatch.setattr(publish._publisher, "send", sent.append)
    name = kind()
    with transaction.atomic():
        job = queue.enqueue(name)
        assert sent == []
    assert sent == [job.pk]


@pytest.mark.usefixtures("own_database")
def test_a_broker_that_is_down_does_not_fail_the_saved_work(kind, monkeypatch):
    def down(_: int) -> None:
        raise ConnectionError

    monkeypatch.setattr(publish._publisher, "send", down)
    before = publish.failures()
    job = put(kind(), run_after=None)
    assert Job.objects.get(pk=job.pk).state == Job.State.READY
    assert publish.failures() == before + 1


@pytest.mark.usefixtures("own_database")
def test_a_broker_that_failed_is_left_in_peace_for_a_while(kind, monkeypatch):
    asked: list[int] = []

    def down(job_id: int) -> None:
        asked.append(job_id)
        raise ConnectionError

    monkeypatch.setattr(publish._publisher, "send", down)
    name = kind()
    first, _second = put(name, run_after=None), put(name, run_after=None)
    assert asked == [first.pk]
