import pytest

from tests import cast
from tests.reading.conftest import client_of
from tests.services.standing import built_once

__all__ = ["client_of"]


@built_once
def world():
    return cast.build_world()


@pytest.fixture
def patient(world):
    return cast.make_patient(world)
