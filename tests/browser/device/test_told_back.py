"""A child who is not on the list, whom the server asks about; what was changed on both sides; marks on teeth and services."""

import pytest
from playwright.sync_api import expect

from tests.browser.device import school
from tests.browser.device.test_day import (  # noqa: F401 - fixtures are found by name
    choose_child,
    gather,
    looked_at,
    office,
    set_up,
    shell,
    stands,
    tablet,
)

pytestmark = pytest.mark.browser
WHOM = {
    "sentence": "Somebody alike is known already. Whom do you mean?",
    "candidates": [
        {"id": "c-1", "name": "Nour Haddad", "birth_date": "2017-05-02", "site": "Birch", "grade": "2", "room": ""}
    ],
}
ASKED = (201, {"attached": False, "whom": WHOM, "files": {"lacking": [], "verified": [], "unwanted": []}})


def enter_new_child(page):
    page.locator("#new-child summary").click()
    page.fill("#given", "Noor")
    page.fill("#family", "Haddad")
    page.fill("#born", "2017-05-02")
    page.locator("#new-child .tap", has_text="Female").click()
    page.fill("#room", "12")
    page.locator("#new-child .tick").click()
    looked_at(page)
    page.click("#new-child [type=submit]")
    expect(page.locator("#child-name")).to_have_text("Noor Haddad")
    expect(page.get_by_role("button", name="Absent")).to_be_hidden()
    page.click("#begin")
    expect(page.locator("#gathering")).to_be_visible()


@pytest.mark.parametrize("meant", ["c-1", None])
def test_a_new_child_is_forwarded_and_she_says_whom_she_means(chromium, office, tmp_path, meant):  # noqa: F811
    office.breaks["PUT .*/cases/"] = [ASKED]
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        page.context.set_offline(True)
        enter_new_child(page)
        page.locator("#finish-form [type=checkbox]").check()
        page.click("#finish-form [type=submit]")
        expect(page.locator("#children .child", has_text="Noor Haddad")).to_contain_text("Finished")
        page.context.set_offline(False)
        expect(page.locator("#children .child", has_text="Noor Haddad")).to_contain_text("Needs you")
        page.locator("#children .child", has_text="Noor Haddad").click()
        expect(page.locator("#stands")).to_contain_text("Whom do you mean?")
        looked_at(page)
        page.get_by_role("button", name="Nour Haddad" if meant else "None of them").click()
        stands(page, "1 of 1 forwarded")
    (told,) = (one["manifest"] for one in office.manifests.values())
    who = told["patient"]
    assert (told["revision"], who["id"], who["another"]) == (2, meant, meant is None)
    assert (who["new"]["given_name"], who["new"]["birth_date"], who["new"]["room"]) == ("Noor", "2017-05-02", "12")


def test_what_was_changed_on_both_sides_is_shown_by_field(chromium, office, tmp_path):  # noqa: F811
    fields = (("answers.complaint", ["pain"], ["none_stated"]), ("urgency", "routine", "emergency"), ("services.D1206.", None, {"quantity": 1, "ordered_by": "Protocol"}))  # fmt: skip  # noqa: E501
    real = office.receipt
    office.receipt = lambda case: {
        **real(case),
        "conflicts": [
            {"field": name, "device": ours, "server": theirs, "sentence": ""} for name, ours, theirs in fields
        ],
    }
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        gather(page, 1)
        stands(page, "1 of 1 forwarded")
        choose_child(page, "B01K")
        rows = page.locator(".conflicts li")
        expect(rows).to_have_count(3)
        expect(rows.nth(0)).to_have_text(
            "What brings the patient here?On this devicePainAt the server, and keptNo complaint stated"
        )
        expect(rows.nth(1)).to_have_text("How urgent is it?On this deviceRoutineAt the server, and keptEmergency")
        expect(rows.nth(2)).to_contain_text("NothingAt the server, and kept1 times, Protocol")
        looked_at(page)


@pytest.mark.parametrize("width", [360, 1280])
def test_marks_and_services_are_taken_and_forwarded(chromium, office, tmp_path, width):  # noqa: F811
    with tablet(chromium, tmp_path, office.address) as page:
        page.set_viewport_size({"width": width, "height": 800})
        set_up(page)
        choose_child(page, "B02K")
        page.click("#begin")
        page.locator("[name=chart-surface][value=O]").check()
        page.click("[data-tooth=UR6]")
        page.locator("#chart .tap", has_text="Missing").click()
        page.locator("#chart .tap", has_text="Lower left").click()
        page.click("[data-tooth=LLD]")
        page.click("[data-tooth=LLE]")
        page.click("[data-tooth=LLE]")
        assert page.locator("[data-tooth=LLD]").bounding_box()["width"] >= 44
        page.select_option("#service-code", "D1206")
        page.fill("#service-by", "Standing protocol")
        page.click("#services [type=submit]")
        expect(page.locator("#services li")).to_contain_text("D1206")
        looked_at(page)
        page.locator("#finish-form [type=checkbox]").check()
        page.click("#finish-form [type=submit]")
        stands(page, "1 of 1 forwarded")
    (told,) = (one["manifest"] for one in office.manifests.values())
    assert told["marks"] == [
        {"tooth": "UR6", "condition": "decay", "surfaces": "O", "icdas": "", "note": ""},
        {"tooth": "LLD", "condition": "missing", "surfaces": "", "icdas": "", "note": ""},
    ]
    assert told["services"] == [{"code": "D1206", "tooth": "", "quantity": 1, "ordered_by": "Standing protocol"}]
    assert told["patient"]["id"] == school.child(2)["id"]
