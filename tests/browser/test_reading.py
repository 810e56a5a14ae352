"""The reading page in a real browser: by keyboard, saving by itself, folding away, and no trap."""

import re
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.tabs import open_tab, sign_in
from tests.services.fixtures import Installation, environment_for, serve
from tests.services.starting import end, wait_until

pytestmark = pytest.mark.browser
PREPARE = """
import io
from datetime import timedelta
from pathlib import Path
from django.core.management import call_command
from PIL import Image
from cases.models import Asset, Derivative
from teledent.files import keeping
from teledent.kit import clock
from tests import cast
call_command("migrate", verbosity=0)
now = clock.now()
world = cast.build_world()
case = cast.case_at(world, "in_review", at=now - timedelta(minutes=25))
cast.write(world, case, now)
cast.case_at(world, "submitted", at=now)
for number, asset in enumerate(Asset.objects.filter(case=case)):
    for recipe in ("review", "thumbnail"):
        target = io.BytesIO()
        Image.new("RGB", (900, 600), (90 + 40 * number, 60, 70)).save(target, "JPEG")
        stored = keeping.record(keeping.keep([target.getvalue()], folder="derivatives"), at=now, media_type="image/jpeg")
        Derivative.objects.create(asset=asset, recipe=recipe, recipe_version=1, file=stored, width=900, height=600, mirrored=asset.mirrored)
print(case.public_id)
"""


@dataclass
class Desk:
    address: str
    case: str
    ask: object


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """The product served from a folder of its own, with one case that the dentist holds and one that waits."""
    folder = tmp_path_factory.mktemp("reading") / "data"
    installation = Installation(folder, environment_for(folder, DJANGO_SETTINGS_MODULE="tests.reading.race_settings"))
    folder.mkdir()
    case = installation.ask(PREPARE)
    served = serve(installation)
    yield Desk(served.address, case, installation.ask)
    end(served.process)
    installation.end_all()


@pytest.fixture
def screen(room, chromium):
    """A signed-in dentist with her case open, at 1440 x 900."""
    with open_tab(chromium, viewport={"width": 1440, "height": 900}) as tab:
        sign_in(tab, f"{room.address}/reading/{room.case}/", "dev")
        tab.wait_for_selector("html.js .view:not([hidden])")
        yield tab


def number_shown(screen):
    return screen.locator(".view:not([hidden])").get_attribute("data-picture")


def view(screen):
    return screen.locator(".view:not([hidden])")


def test_arrows_and_numbers_change_the_picture(screen):
    assert number_shown(screen) == "1"
    screen.keyboard.press("ArrowRight")
    assert number_shown(screen) == "2"
    screen.keyboard.press("1")
    assert number_shown(screen) == "1"


@pytest.mark.parametrize(
    ("key", "name", "value"),
    [
        ("+", "zoom", "1.400"),
        ("r", "turn", "90"),
        ("l", "flipped", "true"),
        ("i", "inverted", "true"),
        ("f", "fitted", "true"),
    ],
)
def test_each_tool_has_its_key(screen, key, name, value):
    screen.keyboard.press(key)
    expect(view(screen)).to_have_attribute(f"data-{name}", value)


def test_folding_gives_the_picture_the_screen_and_brings_the_panel_back(screen):
    share = """() => {
        const box = document.querySelector(".views").getBoundingClientRect();
        return box.width * box.height / innerWidth / innerHeight;
    }"""
    assert screen.evaluate(share) >= 0.70
    screen.keyboard.press("h")
    assert screen.evaluate(share) >= 0.9
    screen.keyboard.press("h")
    expect(screen.locator(".panel")).to_be_visible()


def test_the_page_is_the_screen_and_nothing_lies_below_it(screen):
    assert screen.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_typing_saves_by_itself_and_letters_are_no_shortcuts_in_a_field(screen, room):
    screen.keyboard.press("e")
    screen.keyboard.type(" Shadow near 30, rim.")
    expect(screen.locator("#autosave")).to_contain_text("Saved")
    said = "from cases.models import Review; print(Review.objects.get().conclusions)"
    wait_until(lambda: room.ask(said).endswith("Shadow near 30, rim."), what="the text to be saved")
    expect(view(screen)).to_have_attribute("data-turn", "0")


@pytest.mark.parametrize("away", ["link", "closing"])
def test_words_typed_just_before_leaving_are_kept(screen, room, away):
    words = f"Left by {away}."
    screen.fill("#id_advice", words)
    if away == "link":
        screen.get_by_role("link", name="Queue").click()
        expect(screen.get_by_role("heading", name="Reading room")).to_be_visible()
    else:
        screen.goto("about:blank")
    said = "from cases.models import Review; print(Review.objects.get().advice)"
    wait_until(lambda: room.ask(said) == words, what="the text to be saved")


def test_usable_by_key_marks_the_view(screen):
    screen.keyboard.press("u")
    expect(screen.locator('#views button[value="yes"][aria-pressed="true"]')).to_have_count(2)


def test_a_finding_added_in_the_panel_updates_the_versions_of_every_form(screen):
    screen.fill("#finding-tooth", "30")
    screen.select_option("#finding-condition", "watch")
    screen.keyboard.press("Enter")
    expect(screen.locator("#findings")).to_contain_text("Watch")
    versions = screen.eval_on_selector_all(
        '#panel input[name="version"]', "all => [...new Set(all.map(one => one.value))]"
    )
    assert len(versions) == 1


def test_the_map_opens_with_a_question_mark_and_closes_with_escape(screen):
    screen.keyboard.press("?")
    expect(screen.locator("#map")).to_be_visible()
    screen.keyboard.press("Escape")
    expect(screen.locator("#map")).to_be_hidden()


def test_control_enter_leads_to_the_signature_from_a_field(screen):
    screen.keyboard.press("e")
    screen.keyboard.press("Control+Enter")
    expect(screen).to_have_url(re.compile("/sign/$"))


@pytest.mark.parametrize("address", ["", "ask/", "sign/"])
def test_axe_finds_nothing(screen, room, address):
    screen.goto(f"{room.address}/reading/{room.case}/{address}")
    assert Axe().run(screen).response["violations"] == []


def test_the_queue_walks_by_arrows_and_starts_with_s(screen, room):
    screen.goto(f"{room.address}/reading/")
    screen.keyboard.press("ArrowDown")
    expect(screen.locator("table.queue tbody th a").first).to_be_focused()
    screen.keyboard.press("s")
    expect(screen).to_have_url(re.compile("/reading/[0-9a-f-]{36}/$"))
