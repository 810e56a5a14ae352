import json

import pytest
from django.http import Http404

from teledent.files.models import Chunk, StoredFile, Upload
from teledent.files.storage import StorageFull, StorageUnavailable, open_streaming
from teledent.kit.decisions import Refused
from tests.files.conftest import TUS, Sender, requests

pytestmark = pytest.mark.django_db
PHOTO = bytes(range(256)) * 40


@pytest.fixture
def sender() -> Sender:
    sender = Sender(PHOTO)
    assert sender.announce().status_code == 201
    return sender


def test_a_file_arrives_in_parts_and_the_last_one_brings_the_receipt(sender):
    assert sender.patch(0, 5000)["Upload-Offset"] == "5000"
    last = sender.patch(5000)
    assert last.status_code == 204
    receipt = json.loads(last["Upload-Receipt"])
    stored = StoredFile.objects.get(upload__public_id=sender.public_id)
    assert (receipt["sha256"], receipt["size"]) == (sender.sha256, len(PHOTO))
    assert b"".join(open_streaming(stored.key)) == PHOTO
    assert sender.arrived == [stored.key]


def test_announcing_twice_is_one_upload_and_tells_how_far_it_is(sender):
    sender.patch(0, 100)
    again = sender.announce()
    assert (again.status_code, again["Upload-Offset"]) == (201, "100")
    assert Upload.objects.count() == 1


def test_the_same_id_for_another_file_is_a_conflict(sender):
    assert sender.announce(sha256="0" * 64).status_code == 409


def test_the_app_decides_what_is_admitted():
    def refuse(declared):
        raise Refused("This case is signed.")

    with pytest.raises(Refused):
        Sender(PHOTO).announce(admit=refuse)
    assert not Upload.objects.exists()


def test_a_gap_is_refused_and_told_where_to_go_on(sender):
    sender.patch(0, 100)
    answer = sender.patch(200, 300)
    assert (answer.status_code, answer["Upload-Offset"]) == (409, "100")


def test_overlapping_and_repeated_parts_are_harmless(sender):
    for start, stop in [(0, 4000), (0, 4000), (2000, 6000), (1000, 3000), (6000, 6001), (5999, None)]:
        assert sender.patch(start, stop).status_code == 204
    assert b"".join(open_streaming(sender.arrived[0])) == PHOTO


def test_a_repeated_last_part_gets_the_same_receipt_and_no_second_file(sender):
    first = sender.patch(0)
    again = sender.patch(5000)
    assert again["Upload-Receipt"] == first["Upload-Receipt"]
    assert len(sender.arrived) == StoredFile.objects.count() == 1


def test_chunks_are_gone_when_the_file_is_stored(sender, disk):
    sender.patch(0, 5000)
    sender.patch(5000)
    assert not Chunk.objects.exists()
    assert [key.split("/")[0] for key, _ in disk.entries("")] == ["originals"]


def test_a_file_that_comes_in_one_body_is_written_once(sender, disk, monkeypatch):
    saved, save = [], disk.save
    monkeypatch.setattr(disk, "save", lambda name, content: saved.append(name) or save(name, content))
    assert sender.patch(0).status_code == 204
    assert saved == sender.arrived == [key for key, _ in disk.entries("")]
    assert Upload.objects.get().first_byte_at is not None
    assert not Chunk.objects.exists()


def test_the_first_byte_of_a_file_in_parts_is_that_of_its_first_part(sender):
    sender.patch(0, 5000)
    began = Upload.objects.get().first_byte_at
    sender.patch(5000)
    assert Upload.objects.get().first_byte_at == began


def test_a_wrong_hash_drops_the_chunks_and_the_sender_starts_anew():
    sender = Sender(PHOTO)
    sender.announce()
    answer = sender.patch(0, body=b"x" * len(PHOTO))
    assert answer.status_code == 422
    assert sender.head() == 0
    assert not StoredFile.objects.exists()
    assert sender.patch(0).status_code == 204


def test_the_last_byte_counts_only_when_the_file_is_stored(sender):
    upload = Upload.objects.get()
    Chunk.objects.create(upload=upload, offset=0, length=len(PHOTO), key="not/there", created_at=upload.created_at)
    assert sender.head() == len(PHOTO) - 1


def test_what_the_app_refuses_at_the_end_is_not_stored_and_can_come_again(sender):
    sender.arrived, told = None, sender.arrived  # the app's function raises
    with pytest.raises(AttributeError):
        sender.patch(0)
    assert not StoredFile.objects.exists()
    sender.arrived = told
    assert sender.patch(len(PHOTO) - 1).status_code == 204


def test_a_damaged_part_is_told_apart_by_its_checksum(sender):
    answer = sender.patch(0, 100, **{"Upload-Checksum": "sha256 AAAA"})
    assert answer.status_code == 460
    assert sender.head() == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2"}, 412),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "1e3"}, 400),
        ({"Upload-Offset": str(len(PHOTO))}, 413),
        ({"Upload-Checksum": "crc32 AAAA"}, 400),
        ({"Upload-Checksum": "sha256 !"}, 400),
    ],
)
def test_a_part_that_makes_no_sense_is_refused_with_a_sentence(sender, headers, status):
    answer = sender.patch(0, 10, **headers)
    assert (answer.status_code, bool(answer.content)) == (status, True)


def test_a_part_that_is_too_long_is_refused_before_it_is_read(sender, monkeypatch):
    monkeypatch.setattr("teledent.files.receiver.BODY_MAX", 9)
    assert sender.patch(0, 10).status_code == 413


def test_a_part_of_another_type_is_refused(sender):
    request = requests.generic("PATCH", "/", b"x", content_type="image/jpeg", headers={**TUS, "Upload-Offset": "0"})
    assert sender.answer(request).status_code == 415


@pytest.mark.parametrize(
    "changes", [{"sha256": "ABC"}, {"sha256": "A" * 64}, {"id": "7"}, {"length": "0"}, {"length": "many"}]
)
def test_an_announcement_that_makes_no_sense_is_refused(changes):
    answer = Sender(PHOTO).announce(**changes)
    assert (answer.status_code, bool(answer.content)) == (400, True)


def test_a_file_that_is_too_large_is_refused_at_its_announcement(settings):
    settings.FILE_SIZE_MAX = 100
    assert Sender(PHOTO).announce().status_code == 413


def test_what_was_never_announced_is_not_found():
    with pytest.raises(Http404):
        Sender(PHOTO).head()


@pytest.mark.parametrize(("trouble", "status"), [(StorageFull, 507), (StorageUnavailable, 503)])
def test_a_storage_in_trouble_is_told_and_what_arrived_stays(sender, disk, monkeypatch, trouble, status):
    sender.patch(0, 100)

    def fail(*_):
        raise trouble

    monkeypatch.setattr(disk, "save", fail)
    assert sender.patch(100, 200).status_code == status
    assert sender.head() == 100


def test_options_tell_what_is_spoken(sender):
    answer = sender.answer(requests.options("/"))
    assert (answer.status_code, answer["Tus-Version"]) == (204, "1.0.0")
    assert "creation" in answer["Tus-Extension"]
