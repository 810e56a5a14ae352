"""Cases signed an hour and a half ago, so that something may have happened since."""

from datetime import timedelta

import pytest

from teledent.kit import clock
from tests import cast
from tests.reading.conftest import client_of, world

__all__ = ["client_of", "world"]


@pytest.fixture
def case_at(world):
    def make(status, **options):
        return cast.case_at(world, status, at=clock.now() - timedelta(hours=2), **options)

    return make
