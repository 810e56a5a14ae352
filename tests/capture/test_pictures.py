"""Bytes leave only through authorised views, under headers that let no browser do anything with them but show them."""

import pytest
from django.urls import reverse

from cases.states import Status
from teledent.accounts.models import AccessEvent
from tests import cast
from tests.capture.conftest import send, words, work
from tests.capture.drawn import photograph

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world):
    return cast.case_at(world)


@pytest.fixture
def asset(case, hana):
    sent = send(hana, case, photograph(None), view="frontal", filename='x"\r\nSet-Cookie: a=b.html')
    work()
    return sent


def picture(asset, recipe="review"):
    return reverse("picture", args=[asset.public_id, recipe, 1])


def test_a_picture_is_streamed_with_headers_that_guard_it(hana, asset):
    answer = hana.get(picture(asset))
    assert answer.streaming
    assert b"".join(answer.streaming_content)[:3] == b"\xff\xd8\xff"
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Content-Disposition"] == f'inline; filename="{asset.public_id}-review-1.jpg"'


def test_the_same_picture_again_is_a_304_and_is_authorised_each_time(hana, as_person, asset):
    etag = hana.get(picture(asset))["ETag"]
    again = hana.get(picture(asset), headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert as_person("bo").get(picture(asset), headers={"If-None-Match": etag}).status_code == 404


def test_the_original_is_a_download_of_the_untouched_bytes_and_stands_on_the_trail(hana, asset):
    answer = hana.get(reverse("original", args=[asset.public_id]))
    assert b"".join(answer.streaming_content) == photograph(None)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == f'attachment; filename="{asset.public_id}.bin"'
    assert answer["Cache-Control"] == "no-store"
    assert AccessEvent.objects.filter(verb="original", public_id=asset.public_id).count() == 1


@pytest.mark.parametrize(
    ("name", "shown", "untouched"), [("dev", 200, 200), ("olu", 200, 200), ("rita", 404, 404), ("bo", 404, 404)]
)
def test_each_role_sees_what_is_hers_of_an_unsigned_case(as_person, asset, name, shown, untouched):
    client = as_person(name)
    assert client.get(picture(asset)).status_code == shown
    assert client.get(reverse("original", args=[asset.public_id])).status_code == untouched


def test_the_front_desk_never_gets_an_original(world, as_person):
    case = cast.case_at(world, Status.SIGNED)
    address = reverse("original", args=[case.assets.first().public_id])
    assert as_person("rita").get(address).status_code == 404


def test_another_practice_and_nobody_see_nothing(elsewhere, as_person, client, asset):
    assert as_person("dev", elsewhere).get(picture(asset)).status_code == 404
    assert client.get(picture(asset)).status_code == 302


@pytest.mark.parametrize(("recipe", "page"), [("nothing", 1), ("review", 99)])
def test_a_picture_that_was_never_made_is_not_there(hana, asset, recipe, page):
    assert hana.get(reverse("picture", args=[asset.public_id, recipe, page])).status_code == 404


def test_bytes_that_are_gone_are_a_503_with_a_sentence(hana, asset, disk):
    disk.delete(asset.derivatives.get(recipe="review").file.key)
    answer = hana.get(picture(asset))
    assert answer.status_code == 503
    assert b"The picture is safe" in answer.content


def test_a_tile_that_is_being_turned_waits_for_its_picture(hana, asset):
    page, htmx = reverse("capture-file", args=[asset.public_id]), {"HX-Request": "true"}
    turned = {"view": "upper", "mirrored": "on", "device": asset.device}
    hana.post(reverse("capture-file-label", args=[asset.public_id]), turned, headers=htmx)
    tile = hana.get(page, headers=htmx)
    assert "Being turned" in words(tile)
    assert f"{page}?state=turning" in tile.content.decode()
    assert hana.get(f"{page}?state=turning", headers=htmx).status_code == 204
    work()
    done = hana.get(f"{page}?state=turning", headers=htmx)
    assert "mirror shot, turned" in words(done)
    assert "/thumbnail/1/?turned" in done.content.decode()
    assert "every 2s" not in done.content.decode()
