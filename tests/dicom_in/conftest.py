"""The listener in threads of this process, on a database of its own, and a sensor's program that calls it."""

import threading
import time
from socketserver import TCPServer
from types import SimpleNamespace

import pytest
from django.core.files.storage import storages
from pynetdicom import AE
from pynetdicom.sop_class import DigitalIntraOralXRayImageStorageForPresentation as IntraOral
from pynetdicom.sop_class import Verification

from cases.actions.programs import add_program
from cases.dicom_in.listening import arriving_in, listener
from cases.dicom_in.storing import admit, store
from teledent.files.storage import PrivateDisk
from tests import cast

TITLE = "TELEDENT"
SYNTAX = "1.2.840.10008.1.2.1"
DATASET_MAX = 200_000


@pytest.fixture
def world(own_database, tmp_path):
    before = storages["default"]
    storages._storages["default"] = PrivateDisk(location=tmp_path / "files")
    yield cast.build_world()
    storages._storages["default"] = before


@pytest.fixture
def program(world):
    return add_program(
        actor=world.of("olu"), site=world.school, name="Sensor, room 2", way="dicom", ae_title="SENSOR1", address="127.0.0.1",
        at=cast.AT,
    )  # fmt: skip


@pytest.fixture
def listening(world, tmp_path):
    """Where it listens, and the folder in which data sets arrive."""
    arriving = tmp_path / "arriving"
    arriving.mkdir()
    with arriving_in(arriving):
        server = listener(title=TITLE, host="127.0.0.1", port=0, dataset_max=DATASET_MAX, admit=admit, store=store)
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        serving.start()
        yield SimpleNamespace(port=server.server_address[1], arriving=arriving, server=server)
        TCPServer.shutdown(server)  # the library's own looks for a server that it made itself
        serving.join()
        server.hang_up()
        until(lambda: not server.active_associations)


@pytest.fixture
def call(listening):
    """Associate as a program of this title, over one connection that is ended with the test."""
    opened = []

    def calling(title="SENSOR1", *, called=TITLE):
        entity = AE(ae_title=title)
        entity.add_requested_context(IntraOral, SYNTAX)
        entity.add_requested_context(Verification)
        entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = 20
        opened.append(entity.associate("127.0.0.1", listening.port, ae_title=called))
        return opened[-1]

    yield calling
    for one in opened:
        if one.is_established:
            one.release()


def until(true, seconds=20.0):
    """Wait for what another thread does."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "It did not come to pass."
        time.sleep(0.05)
