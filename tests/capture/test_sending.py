"""Files come in by the real receiver and are examined by the real decoder; a bad one beside good ones holds up nothing."""

import uuid

import pytest
from django.urls import reverse

from cases.actions import files
from cases.jobs import examining
from cases.models import Asset, AssetState
from cases.states import Status
from teledent.accounts.models import Membership, Role
from teledent.files.models import StoredFile, Upload
from teledent.jobs.models import Job
from teledent.kit.decisions import Conflict, Refused
from tests import cast
from tests.capture.conftest import TUS, announce, page_of, patch, send, words, work
from tests.capture.drawn import local, photograph

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world):
    return cast.case_at(world)


def test_a_photograph_is_declared_received_and_examined_with_four_times_told_apart(case, hana):
    asset = send(hana, case, photograph(local(17, 10, 31)), view="frontal", captured_at="2026-11-17T19:00:00Z")
    assert asset.state == AssetState.RECEIVED
    assert work() == 1
    asset.refresh_from_db()
    assert asset.state == AssetState.EXAMINED
    assert asset.captured_at.isoformat() == "2026-11-17T18:31:00+00:00"  # the file's own word, on the site's clock
    assert asset.captured_source == "file"
    assert all((asset.sent_at, asset.received_at, asset.examined_at))


def test_a_file_without_a_time_keeps_the_clock_of_the_device(case, hana):
    asset = send(hana, case, photograph(None), view="frontal", captured_at="2026-11-17T18:40:00Z")
    work()
    asset.refresh_from_db()
    assert (asset.captured_source, asset.captured_at.minute) == ("device", 40)


IMPOSSIBLE = [
    "0001-01-01T00:00:00+00:00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "1989-12-31T12:00:00",
]


@pytest.mark.parametrize("said", [*IMPOSSIBLE, "2026-11-19T12:00:00+00:00"])
def test_a_time_at_which_no_picture_was_taken_is_refused_with_a_sentence(case, hana, said):
    answer = announce(hana, case, photograph(None), view="upper", captured_at=said)
    assert answer.status_code == 422
    assert "Check the clock of the device" in answer.json()["sentence"]
    assert hana.get(page_of(case)).status_code == 200


@pytest.mark.parametrize("offset", [None, "+00:00", "+14:00", "-12:00"])
@pytest.mark.parametrize("local_time", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"])
def test_a_file_that_says_an_impossible_time_says_nothing_of_when_it_was_taken(world, case, hana, local_time, offset):
    asset = cast.put_file(case, world.of("hana"), view="upper")
    Asset.objects.filter(pk=asset.pk).update(state=AssetState.RECEIVED, examined_at=None)
    said = {"local": local_time, "offset": offset}
    facts = {"media_type": "image/jpeg", "device": {"make": "", "model": ""}, "identity": None, "captured_at": said}
    examining._write(asset_id=asset.pk, mirrored=False, kept=[], found={"ok": True, "examination": facts})
    asset.refresh_from_db()
    assert (asset.captured_at, asset.captured_source) == (cast.AT, "device")
    assert asset.hold_code == "other-day"  # its day is not the day seen, whatever it is: a person decides
    assert hana.get(page_of(case)).status_code == 200


def test_an_impossible_time_is_not_entered_by_hand_either(case, hana):
    asset = send(hana, case, photograph(None), view="frontal")
    address = reverse("capture-file-label", args=[asset.public_id])
    said = {"view": "frontal", "device": "Camera", "captured_at": "0001-01-01T00:00:00"}
    assert hana.post(address, said, headers={"HX-Request": "true"}).status_code == 422


def test_a_bad_file_beside_good_ones_is_refused_in_words_and_holds_up_nothing(case, hana):
    bad = send(hana, case, b"<html><script>alert(1)</script></html>" * 9, view="left")
    good = [send(hana, case, photograph(None, seed=n), view=view) for n, view in enumerate(("frontal", "right"))]
    work()
    states = dict(Asset.objects.values_list("pk", "state"))
    assert states[bad.pk] == AssetState.REFUSED
    assert {states[asset.pk] for asset in good} == {AssetState.EXAMINED}
    page = hana.get(page_of(case)).content.decode()
    assert "Not usable" in page
    assert "Take again" in page
    assert "IMG_0001.JPG" not in page  # its view says which it was
    Asset.objects.filter(pk=bad.pk).update(view="")
    assert "<b>IMG_0001.JPG</b>" in hana.get(page_of(case)).content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", 'a"; filename=x.html', "<img src=x onerror=alert(1)>", "x\u202egpj.exe", "CON.jpg", "é" * 300],
)
def test_a_hostile_name_is_data_and_nothing_else(case, hana, name):
    asset = send(hana, case, photograph(None), view="frontal", filename=name)
    assert "\u202e" not in asset.declared_name
    assert len(asset.declared_name) <= 120
    assert "passwd" not in asset.original.key
    hana.post(reverse("capture-file-strike", args=[asset.public_id]), {"reason": "Taken twice"})
    assert "<img src=x" not in hana.get(page_of(case)).content.decode()


def test_parts_may_come_one_by_one_and_a_repeated_one_is_harmless(case, hana):
    content = photograph(None)
    answer = announce(hana, case, content, view="frontal")
    half = len(content) // 2
    assert patch(hana, answer["Location"], content[:half], offset=0).status_code == 204
    assert patch(hana, answer["Location"], content[half + 9 :], offset=half + 9).status_code == 409
    assert patch(hana, answer["Location"], content[:half], offset=0).status_code == 204
    assert patch(hana, answer["Location"], content[half:], offset=half).status_code == 204
    assert Asset.objects.get().state == AssetState.RECEIVED


def test_the_same_bytes_again_name_the_file_that_is_there_or_on_its_way(case, hana):
    content = photograph(None)
    first = announce(hana, case, content, view="frontal", public_id=uuid.uuid4())
    again = announce(hana, case, content, view="right")
    known = Asset.objects.get()
    assert again.status_code == 409
    assert again.json() == {"id": str(known.public_id), "arrived": False, "view": "Frontal"}
    patch(hana, first["Location"], content, offset=0)
    assert announce(hana, case, content).json()["arrived"] is True


def test_a_declared_file_still_comes_in_after_the_submit(world, case, hana):
    cast.fill(world, case, cast.AT)
    content = photograph(None)
    answer = announce(hana, case, content, view="upper", mirrored="1", captured_at="2026-11-17T18:40:00Z")
    hana.post(reverse("capture-submit", args=[case.public_id]), {"day_and_place": "on"})
    case.refresh_from_db()
    assert case.status == Status.SUBMITTED
    assert patch(hana, answer["Location"], content, offset=0).status_code == 204
    assert announce(hana, case, photograph(None, seed=7), view="left").status_code == 422


def test_an_id_stands_for_the_bytes_that_were_announced_with_it(world, case, hana):
    """Announced with other bytes before, by a process that died before it made its upload: those stand declared."""
    public_id, content = uuid.uuid4(), photograph(None)
    files.declare_file(
        actor=world.of("hana"), site=case.site, case=case, public_id=public_id, size=5, sha256="a" * 64, name="x", at=cast.AT
    )  # fmt: skip
    answer = announce(hana, case, content, public_id=public_id)
    assert answer.status_code == 409
    assert "another size or hash" in answer.json()["sentence"]
    assert not Upload.objects.exists()


def test_bytes_that_were_never_declared_are_not_received_in_their_place(world, case):
    asset = files.declare_file(
        actor=world.of("hana"), site=case.site, case=case, public_id=uuid.uuid4(), size=5, sha256="a" * 64, name="x", at=cast.AT
    )  # fmt: skip
    other = StoredFile.objects.create(key="tests/other", sha256="b" * 64, size=5, created_at=cast.AT)
    with pytest.raises(Conflict):
        files.file_received(asset, other, sent_at=cast.AT, at=cast.AT)
    asset.refresh_from_db()
    assert asset.state == AssetState.DECLARED


@pytest.mark.parametrize("end", [cast.withdraw, cast.stop])
def test_a_case_that_ended_takes_no_file_any_more(world, case, hana, end):
    content = photograph(None)
    location = announce(hana, case, content, view="upper")["Location"]
    asset = Asset.objects.get()
    end(world, case, cast.AT)
    for answer in (
        announce(hana, case, content, view="upper", public_id=asset.public_id),
        announce(hana, case, photograph(None, seed=7), view="left"),
        hana.head(location, headers=TUS),
        patch(hana, location, content, offset=0),
    ):
        assert answer.status_code == 410
    assert b"nothing more is taken into it" in answer.content
    assert not Job.objects.filter(kind=files.EXAMINE).exists()


def test_a_case_that_ended_while_the_last_part_was_on_its_way_takes_nothing(world, case, hana):
    announce(hana, case, photograph(None), view="upper")
    asset = Asset.objects.get()
    cast.withdraw(world, case, cast.AT)
    stored = StoredFile.objects.create(key="tests/late", sha256=asset.declared_sha256, size=9, created_at=cast.AT)
    with pytest.raises(Refused, match="withdrawn"):
        files.file_received(asset, stored, sent_at=cast.AT, at=cast.AT)


def test_what_had_arrived_before_the_case_ended_keeps_its_receipt(world, case, hana):
    content = photograph(None)
    location = announce(hana, case, content, view="upper")["Location"]
    patch(hana, location, content, offset=0)
    cast.withdraw(world, case, cast.AT)
    assert "Upload-Receipt" in hana.head(location, headers=TUS)
    again = announce(hana, case, content, public_id=Asset.objects.get().public_id)
    assert (again.status_code, "Upload-Receipt" in again) == (201, True)


def test_a_file_that_was_struck_off_is_not_taken_any_more(case, hana):
    content = photograph(None)
    answer = announce(hana, case, content, view="upper")
    asset = Asset.objects.get()
    hana.post(reverse("capture-file-strike", args=[asset.public_id]), {"reason": "Taken twice"})
    assert patch(hana, answer["Location"], content, offset=0).status_code == 410


def test_nobody_else_sends_into_the_case(world, elsewhere, case, as_person, client):
    content = photograph(None)
    location = announce(as_person("hana"), case, content)["Location"]
    for stranger in (as_person("bo"), as_person("dev"), as_person("olu"), as_person("hana", elsewhere)):
        assert announce(stranger, case, content).status_code == 404
        assert patch(stranger, location, content, offset=0).status_code == 404
    assert announce(client, case, content).status_code == 302


def test_a_manager_who_is_a_hygienist_elsewhere_reads_the_case_but_captures_nothing_in_it(world, case, as_person):
    location = announce(as_person("hana"), case, photograph(None))["Location"]
    Membership.objects.create(
        person=world.people["bo"], practice=world.practice, role=Role.MANAGER, starts_on="2026-01-01"
    )
    bo = as_person("bo")
    assert bo.get(page_of(case)).status_code == 404
    assert patch(bo, location, photograph(None), offset=0).status_code == 404
    address = reverse("capture-file-strike", args=[Asset.objects.get().public_id])
    assert bo.post(address, {"reason": "Taken twice"}).status_code == 404


def test_the_waiting_tile_asks_until_something_changed(case, hana):
    asset = send(hana, case, photograph(None), view="frontal")
    tile = reverse("capture-file", args=[asset.public_id])
    ask = {"HX-Request": "true", "X-Background": "1"}
    assert hana.get(tile, {"state": "received"}, headers=ask).status_code == 204
    work()
    answer = hana.get(tile, {"state": "received"}, headers=ask)
    assert reverse("picture", args=[asset.public_id, "thumbnail", 1]) in answer.content.decode()
    assert "every 2s" not in answer.content.decode()


def test_a_view_given_later_moves_the_file_to_its_group_and_turns_a_mirror_shot(case, hana):
    asset = send(hana, case, photograph(None))
    work()
    address = reverse("capture-file-label", args=[asset.public_id])
    said = {"view": "upper", "mirrored": "on", "device": "Intraoral camera"}
    assert hana.post(address, said, headers={"HX-Request": "true"}).status_code == 200
    work()
    asset.refresh_from_db()
    assert (asset.view, asset.mirrored) == ("upper", True)
    assert asset.derivatives.filter(recipe="thumbnail", mirrored=True).exists()


def test_a_corrected_time_is_a_persons_word(case, hana):
    asset = send(hana, case, photograph(local(17, 10, 31)), view="frontal")
    work()
    address = reverse("capture-file-label", args=[asset.public_id])
    hana.post(address, {"view": "frontal", "device": "Camera", "captured_at": "2026-11-17T10:31:00"})
    asset.refresh_from_db()
    assert asset.captured_source == "file"
    hana.post(address, {"view": "frontal", "device": "Camera", "captured_at": "2026-11-17T10:29:00"})
    asset.refresh_from_db()
    assert asset.captured_source == "person"


def test_a_radiograph_without_its_order_shows_on_the_page_until_the_order_is_kept(world, case, hana):
    cast.fill(world, case, cast.AT)
    film = cast.put_file(case, world.of("hana"), view="bitewing-left")
    assert "1 without an order" in words(hana.get(page_of(case)))
    waiting = hana.get(reverse("capture-file", args=[film.public_id]), headers={"HX-Request": "true"})
    assert waiting["HX-Retarget"] == "#pictures-all"  # the page that waits for the film gets the form of its order too
    assert str(film.public_id) in waiting.content.decode().partition('name="films"')[2]
    said = {
        "films": [str(film.public_id)], "ordered_by": "Dr. Dev Halloran", "ordered_on": "2026-11-12", "retakes": 0,
        "order_reason": "Suspected decay between teeth", "operator_name": "Hana Okafor", "operator_licence": "RDH-1888",
    }  # fmt: skip
    address = reverse("capture-order", args=[case.public_id])
    assert hana.post(address, {**said, "order_reason": ""}, headers={"HX-Request": "true"}).status_code == 422
    assert hana.post(address, said).status_code == 302
    assert "1 radiograph with its order" in words(hana.get(page_of(case)))
