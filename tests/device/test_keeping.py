"""Devices as a manager keeps them: what they told, an end to one, an order to wipe it, and the key to open a locked one."""

import base64
import json
import uuid

import pytest
from django.urls import reverse

from cases.device.holding import _AFTER, _BEFORE
from cases.event_reading import held_on_devices
from cases.models import Device, RecoveryKey, WipeOrder
from teledent.accounts.models import AccessEvent
from tests.device.conftest import JSON

HOLDS = {"cases": 3, "marks": 1, "files": 14, "urgent": 1, "openings": 0, "days": []}
SPKI = base64.b64encode(_BEFORE + b"\xc3" * 512 + _AFTER).decode()


@pytest.fixture
def olu(as_person):
    return as_person("olu")


def tell(client, tablet, **said):
    body = {"id": str(tablet), "name": "Tablet 3", "clock_offset_ms": 4200, "holds": None, "recovery_key": None, **said}
    return client.post("/device/api/register", json.dumps(body), **JSON)


def wiped(client, tablet, order, **said):
    body = {"device": str(tablet), "carried_out": True, "cases": 3, "marks": 1, "files": 14, **said}
    return client.post(f"/device/api/wipes/{order}", json.dumps(body), **JSON)


def ordered(client, tablet, cases):
    address = reverse("kept-device-wipe", args=[tablet])
    return client.post(address, {"cases": cases, "because": "Lost on the bus"})


def retired(client, tablet, cases, because="Lost"):
    return client.post(reverse("kept-device-retire", args=[tablet]), {"cases": cases, "because": because})


def verbs():
    return list(AccessEvent.objects.filter(noun="device").order_by("pk").values_list("verb", flat=True))


def test_what_a_device_holds_stands_on_the_page_and_at_the_school_day(hana, olu, event, tablet):
    assert tell(hana, tablet, holds={**HOLDS, "days": [{"event": str(event.public_id), "cases": 2}]}).status_code == 200
    assert tell(hana, tablet).status_code == 200  # locked: what it told before stands
    page = olu.get(reverse("devices")).content.decode()
    assert all(words in page for words in ("3 cases not forwarded", "1 urgent", "14 files", "4 s behind", "Not yet"))
    assert held_on_devices(event) == [(Device.objects.get(), 2)]
    assert "2 cases on Tablet 3" in olu.get(reverse("event", args=[event.public_id])).content.decode()
    tell(hana, tablet, holds={**HOLDS, "cases": 0, "days": []})
    assert held_on_devices(event) == []


def test_each_opening_by_the_recovery_key_is_on_the_trail_once_and_on_the_device_s_page(hana, olu, tablet):
    page = reverse("kept-device", args=[tablet])
    older = {name: number for name, number in HOLDS.items() if name != "openings"}  # of a page that was loaded before
    assert tell(hana, tablet, holds=older).status_code == 200
    assert "Opened by the recovery key" not in olu.get(page).content.decode()
    for holds in ({**HOLDS, "openings": 1}, older, {**HOLDS, "openings": 1}, {**HOLDS, "openings": 3}, older):
        assert tell(hana, tablet, holds=holds).status_code == 200  # the same is told at each contact
    assert verbs() == ["changed", "opened-by-key", "opened-by-key", "opened-by-key"]
    assert "3 times, told" in olu.get(page).content.decode()


@pytest.mark.parametrize(
    "holds", [{}, {**HOLDS, "cases": -1}, {**HOLDS, "more": 1}, {**HOLDS, "days": [{"event": "x", "cases": 1}]}]
)
def test_holds_that_cannot_be_read_are_refused(hana, tablet, holds):
    assert tell(hana, tablet, holds=holds).status_code == 422
    assert Device.objects.get().holds is None


def test_a_recovery_key_is_kept_told_to_devices_and_audited(hana, olu, world, tablet):
    assert hana.get("/device/api/hello").json()["recovery"] is None
    for _ in range(2):
        olu.post(reverse("recovery-key"), {"spki": SPKI, "stored": "on"})
    key = RecoveryKey.objects.get()
    assert (key.made_by, key.practice) == (world.people["olu"], world.practice)
    assert AccessEvent.objects.filter(noun="recovery key", verb="changed", person=key.made_by).count() == 1
    assert hana.get("/device/api/hello").json()["recovery"] == {"id": str(key.public_id), "spki": SPKI}
    tell(hana, tablet, recovery_key=str(key.public_id))
    assert "Can be opened" in olu.get(reverse("devices")).content.decode()


@pytest.mark.parametrize(
    "spki",
    ["", "no", SPKI[:-8], base64.b64encode(_BEFORE + b"\x03" * 512 + _AFTER).decode(), SPKI.replace("MIIC", "MIID")],
)
def test_anything_but_a_public_key_of_4096_bits_is_refused(olu, spki):
    assert olu.post(reverse("recovery-key"), {"spki": spki, "stored": "on"}).status_code == 422
    assert not RecoveryKey.objects.exists()


def test_a_device_is_retired_once_with_a_reason_and_the_number_of_cases_that_stay_on_it(hana, olu, tablet):
    tell(hana, tablet, holds=HOLDS)
    assert "<b>3</b> cases that were not forwarded" in olu.get(reverse("kept-device", args=[tablet])).content.decode()
    assert retired(olu, tablet, 3, because="").status_code == 422
    wrong = retired(olu, tablet, 0, because="Broken")
    assert (wrong.status_code, "holds 3 cases" in wrong.content.decode()) == (422, True)
    assert retired(olu, tablet, 3, because="Broken").status_code == 302
    assert retired(olu, tablet, 3, because="Again").status_code == 409
    assert tell(hana, tablet).status_code == 409
    assert Device.objects.get().retired_because == "Broken"
    assert verbs() == ["changed", "retired"]


def test_a_retired_device_is_told_so_and_forwards_again_once_it_is_taken_into_use_again(hana, olu, tablet):
    retired(olu, tablet, 0)
    told = hana.get(f"/device/api/hello?device={tablet}").json()["retired"]
    assert ("Lost" in told, "takes it into use again" in told) == (True, True)
    assert hana.get("/device/api/hello").json()["retired"] == ""
    again = reverse("kept-device-use-again", args=[tablet])
    assert olu.post(again).status_code == 302
    device = Device.objects.get()
    assert (device.retired_at, device.retired_by, device.retired_because) == (None, None, "")
    assert olu.post(again).status_code == 409
    assert hana.get(f"/device/api/hello?device={tablet}").json()["retired"] == ""
    assert tell(hana, tablet, holds=HOLDS).status_code == 200
    assert verbs() == ["changed", "retired", "used-again"]


def test_a_device_that_was_wiped_is_set_up_anew_and_not_taken_into_use_again(hana, olu, tablet):
    ordered(olu, tablet, 0)
    wiped(hana, tablet, WipeOrder.objects.get().public_id, cases=0)
    assert olu.post(reverse("kept-device-use-again", args=[tablet])).status_code == 409
    assert "Take it into use again" not in olu.get(reverse("kept-device", args=[tablet])).content.decode()


def test_a_device_is_not_taken_into_use_again_before_it_answered_an_order_to_wipe_it(hana, olu, tablet):
    tell(hana, tablet, holds=HOLDS)
    retired(olu, tablet, 3)
    ordered(olu, tablet, 3)
    page, again = reverse("kept-device", args=[tablet]), reverse("kept-device-use-again", args=[tablet])
    assert again not in olu.get(page).content.decode()
    refused = olu.post(again)
    assert (refused.status_code, "still to be wiped" in refused.content.decode()) == (409, True)
    assert Device.objects.get().retired_at is not None
    wiped(hana, tablet, WipeOrder.objects.get().public_id, carried_out=False, cases=5)
    assert again in olu.get(page).content.decode()
    assert olu.post(again).status_code == 302
    assert hana.get(f"/device/api/hello?device={tablet}").json()["wipe"] is None


def test_an_order_to_wipe_states_how_many_cases_it_destroys_and_the_device_reports(hana, olu, tablet):
    tell(hana, tablet, holds=HOLDS)
    wrong = ordered(olu, tablet, 2)
    assert (wrong.status_code, "holds 3 cases" in wrong.content.decode()) == (422, True)
    assert hana.get(f"/device/api/hello?device={tablet}").json()["wipe"] is None
    assert ordered(olu, tablet, 3).status_code == 302
    assert ordered(olu, tablet, 3).status_code == 409
    order = WipeOrder.objects.get()
    told = hana.get(f"/device/api/hello?device={tablet}").json()["wipe"]
    assert told == {"id": str(order.public_id), "cases": 3, "marks": 1}
    assert hana.get("/device/api/hello").json()["wipe"] is None
    assert wiped(hana, uuid.uuid4(), order.public_id).status_code == 404
    for cases in (3, 2):  # the first answer counts
        assert wiped(hana, tablet, order.public_id, cases=cases).status_code == 200
    order.refresh_from_db()
    assert (order.carried_out, order.found) == (True, {"cases": 3, "marks": 1, "files": 14})
    device = Device.objects.get()
    assert (device.retired_because, device.holds["cases"]) == ("Wiped as ordered: Lost on the bus", 0)
    assert verbs() == ["changed", "wipe-ordered", "wiped"]
    page = olu.get(reverse("kept-device", args=[tablet])).content.decode()
    assert "3 cases, 1 mark and 14 files destroyed" in page


def test_a_device_that_holds_more_than_the_order_says_keeps_it_and_another_order_can_follow(hana, olu, tablet):
    tell(hana, tablet, holds=HOLDS)
    ordered(olu, tablet, 3)
    order = WipeOrder.objects.get()
    wiped(hana, tablet, order.public_id, carried_out=False, cases=5)
    device = Device.objects.get()
    order.refresh_from_db()
    assert (device.retired_at, device.told_at) == (None, order.answered_at)
    assert device.holds == {**HOLDS, "cases": 5}
    page = olu.get(reverse("kept-device", args=[tablet])).content.decode()
    assert "it held 5 cases, the order said 3" in page
    assert verbs() == ["changed", "wipe-ordered", "wipe-refused"]
    assert ordered(olu, tablet, 5).status_code == 302


def test_a_retired_device_that_gathered_since_it_told_is_wiped_by_the_number_that_its_refusal_tells(hana, olu, tablet):
    """It tells nothing by itself any more: what it holds comes with its answer to the first order."""
    retired(olu, tablet, 0)
    ordered(olu, tablet, 0)
    wiped(hana, tablet, WipeOrder.objects.get().public_id, carried_out=False, cases=5)
    assert ordered(olu, tablet, 0).status_code == 422
    assert ordered(olu, tablet, 5).status_code == 302


def test_a_retired_device_is_wiped_all_the_same(hana, olu, tablet):
    retired(olu, tablet, 0)
    ordered(olu, tablet, 0)
    assert hana.get(f"/device/api/hello?device={tablet}").json()["wipe"]["cases"] == 0


def test_nobody_else_keeps_devices(hana, as_person, elsewhere, tablet):
    for client in (hana, as_person("rita"), as_person("olu", elsewhere)):
        assert client.get(reverse("kept-device", args=[tablet])).status_code == 404
        assert ordered(client, tablet, 0).status_code == 404
    assert not WipeOrder.objects.exists()
