"""After the submit: what comes broken, or never, keeps the dentists waiting until a hygienist of the site strikes it off."""

from datetime import datetime

import pytest
from django.urls import reverse

from cases.actions import files, reviewing, submitting
from cases.models import Asset, AssetState
from teledent.kit.decisions import Refused
from tests import cast
from tests.capture.conftest import announce, page_of, patch, words, work
from tests.capture.drawn import local, photograph

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world):
    case = cast.case_at(world)
    cast.fill(world, case, cast.AT)
    cast.put_file(case, world.of("hana"), view="upper")
    case.refresh_from_db()
    submitting.submit_case(actor=world.of("hana"), case=case, at=cast.AT)
    return case


def late(case, state):
    """The upper view as it came after the submit."""
    broken = {"refusal_code": "truncated", "refusal_sentence": "The file is incomplete."}
    asset = Asset.objects.get(case=case, view="upper")
    Asset.objects.filter(pk=asset.pk).update(state=state, **(broken if state == AssetState.REFUSED else {}))
    return asset


@pytest.mark.parametrize("state", [AssetState.DECLARED, AssetState.REFUSED, AssetState.FAILED])
def test_it_is_struck_off_from_the_page_of_the_submitted_case_and_the_reading_begins(world, case, hana, state):
    asset = late(case, state)
    dev = world.of("dev")
    with pytest.raises(Refused, match="Not every picture is in"):
        reviewing.start_review(actor=dev, case=case, at=cast.AT)
    address = reverse("capture-file-strike", args=[asset.public_id])
    assert address in hana.get(page_of(case)).content.decode()
    hana.post(address, {"reason": "It arrived broken"})
    asset.refresh_from_db()
    assert asset.state == AssetState.STRUCK
    assert case.events.get(kind="file_struck").details["reason"] == "It arrived broken"
    assert reviewing.start_review(actor=dev, case=case, at=cast.AT)


def test_a_failed_one_can_be_tried_again_there(case, hana):
    asset = late(case, AssetState.FAILED)
    address = reverse("capture-file-retry", args=[asset.public_id])
    assert address in hana.get(page_of(case)).content.decode()
    assert "being examined" in words(hana.post(address, headers={"HX-Request": "true"}))


def test_what_is_in_is_not_struck_off_a_submitted_case(case, hana):
    asset = late(case, AssetState.EXAMINED)
    address = reverse("capture-file-strike", args=[asset.public_id])
    assert address not in hana.get(page_of(case)).content.decode()
    assert hana.post(address, {"reason": "Taken twice"}).status_code == 422


def test_nobody_of_another_site_strikes_it_off(world, case):
    asset = late(case, AssetState.REFUSED)
    with pytest.raises(Refused, match="of that site"):
        files.strike_file(actor=world.of("bo"), asset=asset, reason="It arrived broken", at=cast.AT)


def test_its_own_time_does_not_take_the_place_of_the_one_that_was_signed(world, hana):
    case = cast.case_at(world)
    cast.fill(world, case, cast.AT)
    content = photograph(local(17, 3, 0))
    answer = announce(hana, case, content, view="upper", captured_at="2026-11-17T18:40:00Z")
    submitting.submit_case(actor=world.of("hana"), case=case, at=cast.AT)
    patch(hana, answer["Location"], content, offset=0)
    work()
    asset = Asset.objects.get(view="upper")
    (signed,) = (one for one in case.submissions.get().content["images"] if one["view"] == "upper")
    assert asset.state == AssetState.EXAMINED
    assert asset.captured_at == datetime.fromisoformat(signed["captured_at"])
    assert asset.examination["captured_at"]["local"] == "2026-11-17T03:00:00"
    assert case.events.get(kind="file_examined").details["file_says"] == "2026-11-17T03:00:00"


def test_its_own_time_fills_in_where_the_signed_version_has_none(world, hana):
    case = cast.case_at(world)
    cast.fill(world, case, cast.AT)
    content = photograph(local(17, 10, 31))
    answer = announce(hana, case, content, view="upper", captured_at="2026-11-17T18:40:00Z")
    asset = Asset.objects.get(view="upper")
    submitting.submit_case(actor=world.of("hana"), case=case, at=cast.AT)
    Asset.objects.filter(pk=asset.pk).update(captured_at=None, captured_source="")
    patch(hana, answer["Location"], content, offset=0)
    work()
    asset.refresh_from_db()
    assert (asset.captured_source, asset.captured_at.isoformat()) == ("file", "2026-11-17T18:31:00+00:00")
