"""The embedded worker looks when it is rung for, not only when its pause is over; and a bell that is full stops nobody."""

import threading

import pytest

from teledent.jobs import bell, worker
from teledent.jobs.worker import Worker
from teledent.management.commands import serve


@pytest.fixture
def ends():
    return {name: str(end) for name, end in bell.hang().items()}


def test_a_ring_is_heard_in_the_process_at_the_other_end(ends):
    heard = threading.Event()
    bell.listen(ends, heard.set)
    bell.ringer(ends)(7)
    assert heard.wait(5)


def test_a_full_bell_holds_nobody_up(ends):
    ring = bell.ringer(ends)
    for _ in range(70_000):  # more than the pipe holds
        ring(7)


def test_without_a_bell_nothing_carries_hints():
    assert bell.ringer({}) is None
    bell.listen({}, lambda: pytest.fail("nobody rang"))


def test_every_lane_looks_when_rung_though_its_pause_is_long(monkeypatch):
    monkeypatch.setattr(worker, "POLL", 60.0)
    looked, again = threading.Semaphore(0), Worker(owner="test", heavy_lanes=1)
    monkeypatch.setattr(again, "_one", lambda *_: looked.release())
    for thread in again.threads:
        thread.start()
    for _ in range(3):
        assert all(looked.acquire(timeout=5) for _ in again.threads)
        again.ring()
    again.stop()
    again.ring()
    for thread in again.threads:
        thread.join(5)
    assert not any(thread.is_alive() for thread in again.threads)


def test_serve_hands_one_bell_to_both_its_children(settings):
    settings.REDIS_URL = ""
    web, work = serve.children_for(listener=3, environment={})
    for name in (bell.RING, bell.HEAR):
        assert web.environment[name] == work.environment[name]
        assert int(work.environment[name]) in set(web.passed) & set(work.passed)
