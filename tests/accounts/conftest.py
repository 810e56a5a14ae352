from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from teledent.kit import clock
from tests import cast
from tests.services.standing import built_once


@built_once
def world():
    return cast.build_world()


@pytest.fixture
def elsewhere(db):
    """A second practice in the same installation, with people of the same roles."""
    return cast.build_world("Other-")


@pytest.fixture
def browser_of(world):
    """A client in which the named person of the first practice has signed in."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(world.people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def at(monkeypatch):
    """Set the clock; `at(minutes=5)` moves it on."""
    told = [datetime(2026, 11, 17, 18, 0, tzinfo=UTC)]

    def move(**length: float) -> datetime:
        told[0] += timedelta(**length)
        return told[0]

    monkeypatch.setattr(clock, "now", lambda: told[0])
    return move
