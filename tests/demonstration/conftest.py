"""The whole demonstration with small pictures, built once for the tests that look at it and rolled back afterwards."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from billing.demonstration.building import build_demonstration

NOW = datetime(2026, 11, 24, 19, 20, tzinfo=UTC)  # a Tuesday, 11:20 at the schools
PASSWORD = "bukame-tolira-venopi"


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_demonstration(at=NOW, password=PASSWORD, width=240, photographs=2)
        transaction.set_rollback(True)
