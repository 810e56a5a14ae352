"""DICOM by the network: known callers alone, bytes as they came, success only once they are kept, nothing twice."""

import socket
import struct
from io import BytesIO

import pytest
from pydicom import dcmread
from pynetdicom import _config, evt
from pynetdicom.dimse_messages import C_STORE_RQ
from pynetdicom.dimse_primitives import C_STORE

from cases.actions.programs import stop_program
from cases.dicom_in import listening as bounds
from cases.dicom_in import storing
from cases.dicom_in.storing import Status
from cases.models import Asset, AssetState
from teledent.accounts.models import AccessEvent
from teledent.files.storage import StorageFull, open_streaming
from tests import cast
from tests.capture.conftest import work
from tests.dicom_in.conftest import DATASET_MAX, until
from tests.importing.conftest import film


def data_set(**said):
    return dcmread(BytesIO(film(**said)))


def kept_bytes(asset):
    return b"".join(open_streaming(asset.original.key))


def after_meta(content):
    """The data set behind the file meta group."""
    return content[144 + int.from_bytes(content[140:144], "little") :]


def test_a_radiograph_of_a_known_program_lies_in_the_tray_with_its_bytes_as_they_came(
    program, call, listening, tmp_path, monkeypatch
):
    monkeypatch.setattr(_config, "STORE_SEND_CHUNKED_DATASET", True)  # the sender sends the file as it is
    sent = tmp_path / "sent.dcm"
    sent.write_bytes(film())
    association = call()
    assert association.send_c_echo().Status == Status.SUCCESS
    assert association.send_c_store(sent).Status == Status.SUCCESS
    asset = Asset.objects.select_related("original").get()
    assert (asset.program, asset.site, asset.case, asset.state) == (program, program.site, None, AssetState.RECEIVED)
    content = kept_bytes(asset)
    assert content[128:132] == b"DICM"
    assert after_meta(content) == after_meta(sent.read_bytes())
    work()
    asset.refresh_from_db()
    assert (asset.state, asset.examination["identity"]["patient_id"]) == (AssetState.EXAMINED, "AC-20417")
    association.release()
    until(lambda: not list(listening.arriving.iterdir()))


def test_the_same_instance_twice_changes_nothing(program, call):
    for association in (call(), call()):
        for _ in range(2):
            assert association.send_c_store(data_set()).Status == Status.SUCCESS
    assert Asset.objects.count() == 1
    assert call().send_c_store(data_set(seed=2)).Status == Status.SUCCESS
    assert Asset.objects.count() == 2


@pytest.mark.parametrize(
    "said", [{"title": "SENSOR2"}, {"called": "OTHER"}, {"title": "sensor1"}], ids=["title", "called", "case"]
)
def test_whoever_is_not_entered_is_turned_away_at_the_door(program, call, said):
    assert call(**said).is_rejected
    assert call(**said).is_rejected
    assert AccessEvent.objects.filter(verb="denied", noun="imaging program").count() == ("called" not in said)
    assert call().is_established


def test_a_known_title_from_another_address_is_turned_away(program, call):
    type(program).objects.update(address="10.0.0.7")
    assert call().is_rejected


def test_a_program_that_is_stopped_while_it_talks_stores_nothing_more(world, program, call):
    association = call()
    stop_program(actor=world.of("olu"), program=program, at=cast.AT)
    assert association.send_c_store(data_set()).Status == Status.NOT_AUTHORISED
    assert not Asset.objects.exists()


@pytest.mark.parametrize(
    ("problem", "status"), [(StorageFull, Status.OUT_OF_RESOURCES), (ValueError, Status.PROCESSING_FAILURE)]
)
def test_success_is_never_said_of_what_is_not_kept(program, call, monkeypatch, problem, status):
    def failing(**_):
        raise problem

    association = call()
    with monkeypatch.context() as patched:
        patched.setattr(storing, "take_file", failing)
        assert association.send_c_store(data_set()).Status == status
    assert not Asset.objects.exists()
    assert association.send_c_store(data_set()).Status == Status.SUCCESS


def test_when_nobody_can_be_looked_up_nobody_comes_in(program, call, monkeypatch):
    def failing(*_):
        raise RuntimeError

    monkeypatch.setattr(type(program).objects.all().__class__, "calling", failing)
    assert call().is_rejected


def fragments(association, content):
    """The units of a C-STORE as the library would send them."""
    request = C_STORE()
    request.MessageID, request.Priority = 1, 2
    context = next(
        one
        for one in association.accepted_contexts
        if "ImageStorage" in one.abstract_syntax.name.replace(" ", "").replace("-", "")
    )
    request.AffectedSOPClassUID, request.AffectedSOPInstanceUID = context.abstract_syntax, "1.2.3.4"
    request.DataSet = BytesIO(content)
    message = C_STORE_RQ()
    message.primitive_to_message(request)
    return list(message.encode_msg(context.context_id, bounds.UNIT_MAX))


def test_what_breaks_off_in_the_middle_leaves_nothing_and_comes_whole_the_next_time(program, call, listening):
    association = call()
    for one in fragments(association, b"\0" * DATASET_MAX)[:-1]:
        association.dul.send_pdu(one)
    until(lambda: list(listening.arriving.iterdir()))
    association.abort()
    until(lambda: not list(listening.arriving.iterdir()))
    assert not Asset.objects.exists()
    assert call().send_c_store(data_set()).Status == Status.SUCCESS


def test_a_data_set_without_end_is_cut_off(program, call, listening):
    association = call()
    for one in fragments(association, b"\0" * (3 * DATASET_MAX)):
        association.dul.send_pdu(one)
    until(lambda: association.is_aborted)
    until(lambda: not list(listening.arriving.iterdir()))
    assert not Asset.objects.exists()


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", Status.CANNOT_UNDERSTAND), (b"\x89PNG no data set", Status.SUCCESS)],
    ids=["empty", "no DICOM"],
)
def test_what_is_no_data_set_is_never_a_picture(program, call, content, status):
    association, answers = call(), []
    association.network_timeout = 3  # of an empty data set no part comes, so the caller gives up
    association.bind(evt.EVT_DIMSE_RECV, lambda event: answers.append(event.message.command_set.Status))
    for one in fragments(association, content):
        association.dul.send_pdu(one)
    until(lambda: answers or association.is_aborted)
    assert answers in ([status], [])
    work()
    assert not Asset.objects.exclude(state=AssetState.REFUSED).exists()


@pytest.mark.parametrize(
    "sent",
    [
        struct.pack(">BBL", 1, 0, 0xFFFFFFFF) + b"\0" * 1000, b"GET / HTTP/1.1\r\n\r\n", b"\x01\x00\x00\x00\x00\x04abcd",
        struct.pack(">BBL", 4, 0, bounds.UNIT_MAX + 1) + b"\0" * 100,
    ],
    ids=["a giant unit", "not DICOM", "a hollow request", "data before a request"],
)  # fmt: skip
def test_strangers_are_hung_up_on_and_the_others_go_on(program, call, listening, sent):
    with socket.create_connection(("127.0.0.1", listening.port), timeout=20) as stranger:
        stranger.sendall(sent)
        while stranger.recv(4096):
            pass
    assert call().send_c_echo().Status == Status.SUCCESS


def test_no_more_talk_at_a_time_than_was_said(program, call, monkeypatch, listening):
    talking = [call() for _ in range(bounds.TALKING_MAX)]
    assert all(one.is_established for one in talking)
    assert call().is_rejected
    talking[0].release()
    until(lambda: len(listening.server.active_associations) < bounds.TALKING_MAX)
    assert call().is_established
