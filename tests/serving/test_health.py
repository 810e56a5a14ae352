import json

import pytest
from django.test import RequestFactory

from teledent import health
from teledent.jobs import queue
from teledent.kit import clock, readiness


@pytest.fixture
def registered(monkeypatch):
    monkeypatch.setattr(readiness, "_checks", {})
    health.register_checks()


def readyz():
    answer = health.readyz(RequestFactory().get("/readyz"))
    return answer.status_code, json.loads(answer.content)["checks"]


def test_healthz_asks_nobody():
    assert health.healthz(RequestFactory().get("/healthz")).status_code == 200


@pytest.mark.django_db
def test_it_is_not_ready_before_a_worker_looked_for_work(registered):
    assert readyz()[0] == 503
    queue.ensure_schedules(at=clock.now())
    queue.sweep_if_due(at=clock.now())
    assert readyz() == (200, {"database": "ok", "storage": "ok", "worker": "ok"})


@pytest.mark.django_db
def test_a_check_that_a_room_added_counts_and_its_error_shows_its_class_only(registered):
    def broken() -> str:
        raise LookupError("Maria Invented")

    readiness.register("guards", broken)
    status, checks = readyz()
    assert (status, checks["guards"]) == (503, "LookupError")
