"""Rita and Olu at the pages, with what the front desk keeps and signed cases behind it."""

from pathlib import Path

import pytest
from django.test import Client

from teledent.jobs import decoder
from tests import cast
from tests.billing import cast as billing_cast


@pytest.fixture
def world(db):
    return cast.build_world()


@pytest.fixture
def private_files(settings, tmp_path: Path):
    """A storage and a scratch folder of this test's own; the decoder is started anew for that folder."""
    disk = {"BACKEND": "teledent.files.storage.PrivateDisk", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": disk}
    settings.SCRATCH_DIR = tmp_path / "scratch"
    decoder.stop()  # one left over by an earlier test may write in its own scratch folder only
    yield
    decoder.stop()


@pytest.fixture
def desk(world, private_files):
    return billing_cast.build_desk(world)


@pytest.fixture
def client_of(world):
    def make(name, of=None):
        client = Client()
        client.force_login((of or world).people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def rita(client_of):
    return client_of("rita")


@pytest.fixture
def uninsured(desk):
    """The held claim of a signed case without coverage."""
    case = billing_cast.signed(desk)
    billing_cast.run_jobs()
    return billing_cast.claims_of(case)["dentist"]
