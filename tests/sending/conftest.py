import pytest

from tests import cast


@pytest.fixture
def world(db):
    return cast.build_world()


@pytest.fixture
def patient(world):
    return cast.make_patient(world)
