"""Pictures beside each other: two and four up, earlier cases, the whole set, what is not usable."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import films
from tests.browser.tabs import open_tab, sign_in
from tests.browser.viewer.showing import READY

pytestmark = pytest.mark.browser


def test_two_and_four_up_follow_each_other_when_linked(screen):
    screen.keyboard.press("v")
    expect(screen.locator(".view:not([hidden])")).to_have_count(2)
    screen.keyboard.press("y")
    screen.keyboard.press("+")
    expect(screen.locator('.view:not([hidden])[data-zoom="1.400"]')).to_have_count(2)
    screen.keyboard.press("]")
    expect(screen.locator(".view.active")).to_have_attribute("data-place", "2")
    screen.keyboard.press("5")
    expect(screen.locator(".view.active")).to_have_attribute("data-picture", "5")
    screen.keyboard.press("v")
    expect(screen.locator(".view:not([hidden])")).to_have_count(4)


def test_an_earlier_case_of_the_same_child_stands_beside_with_its_date(screen):
    earlier = screen.locator(".mount a", has=screen.locator(".vh", has_text=", ")).last
    earlier.click()
    expect(screen.locator(".view:not([hidden]) .tl")).to_contain_text("Earlier:")
    screen.keyboard.press("a")
    expect(screen.locator("#tool-hint")).to_contain_text("nothing is drawn on them now")


def test_the_set_lies_as_a_mount_and_changes_places_by_press_and_by_drag(screen):
    screen.keyboard.press("o")
    tiles = screen.locator(".board [data-tile]")
    assert tiles.count() == len(films.FILMS) + 2
    before = [tile.get_attribute("data-tile") for tile in tiles.all()]
    screen.locator("[data-swap]").nth(1).click()
    screen.locator("[data-swap]").nth(3).click()
    after = [tile.get_attribute("data-tile") for tile in tiles.all()]
    assert sorted(before) == sorted(after) != after
    tiles.nth(0).drag_to(tiles.nth(4))
    assert [tile.get_attribute("data-tile") for tile in tiles.all()] != after
    screen.get_by_role("button", name="As it came").click()
    assert [tile.get_attribute("data-tile") for tile in tiles.all()] == before
    tiles.nth(2).locator("a").click()
    expect(screen.locator("#boards")).to_be_hidden()


def test_the_order_of_the_set_stays_with_its_pictures_when_one_comes_or_goes(screen, room):
    lying = """() => Object.fromEntries([...document.querySelectorAll(".board [data-tile]")].map(
      (tile) => [tile.querySelector("img").getAttribute("src"), tile.parentElement.dataset.cell]))"""
    screen.keyboard.press("o")
    first = screen.locator(".view[data-picture='1']").get_attribute("data-image")
    screen.locator("[data-swap]").nth(1).click()
    screen.locator("[data-swap]").nth(3).click()
    before = screen.evaluate(lying)
    held = "from cases.models import Asset; print(Asset.objects.filter(public_id='{}').update(hold_reason='{}'))"
    room[0].ask(held.format(first, "whose"))
    try:
        screen.reload()
        screen.wait_for_selector(READY)
        after = screen.evaluate(lying)
    finally:
        room[0].ask(held.format(first, ""))
    assert len(after) == len(before) - 1
    assert after.items() <= before.items()


def test_not_usable_takes_its_reason_on_the_stage_and_offers_the_retake(screen):
    screen.locator(".view:not([hidden]) .pane").focus()
    screen.keyboard.press("x")
    screen.get_by_role("button", name="Blurred").click()
    expect(screen.locator("#views small")).to_contain_text("Blurred")
    screen.locator("#quality").get_by_role("link", name="Ask for a retake").click()
    expect(screen.locator('input[value="Take it once more: blurred"]')).to_have_count(1)


def test_axe_finds_nothing_with_the_trays_open(room, chromium):
    with open_tab(chromium, viewport={"width": 1440, "height": 900}) as tab:
        sign_in(tab, room[1], "dev")
        tab.wait_for_selector(READY)
        for key in ("w", "k", "o", "x"):
            tab.keyboard.press(key)
            assert Axe().run(tab).response["violations"] == []
