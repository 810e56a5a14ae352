import pytest

from tests import cast


@pytest.fixture
def world(db):
    return cast.build_world()
