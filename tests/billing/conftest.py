from pathlib import Path

import pytest

from teledent.jobs import decoder
from tests import cast
from tests.billing import cast as billing_cast


@pytest.fixture
def private_files(settings, tmp_path: Path):
    """A storage and a scratch folder of this test's own; the decoder is started anew for that folder."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "teledent.files.storage.PrivateDisk", "OPTIONS": {"location": tmp_path / "files"}},
    }
    settings.SCRATCH_DIR = tmp_path / "scratch"
    settings.FREE_DISK_FLOOR = 0
    decoder.stop()  # one left over by an earlier test may write in its own scratch folder only
    yield tmp_path
    decoder.stop()


@pytest.fixture
def world(db):
    return cast.build_world()


@pytest.fixture
def desk(world, private_files):
    return billing_cast.build_desk(world)
