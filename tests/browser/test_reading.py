"""The reading page in a real browser: by keyboard, saving by itself, folding away, and no trap."""

import re
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.tabs import open_tab, sign_in
from tests.services.fixtures import serve
from tests.services.starting import end, wait_until

pytestmark = pytest.mark.browser
PREPARE = """
import io
from datetime import timedelta
from pathlib import Path
from PIL import Image
from cases.actions import phrasing
from cases.models import Asset, Derivative
from teledent.files import keeping
from teledent.kit import clock
from tests import cast
now = clock.now()
world = cast.build_world()
case = cast.case_at(world, "in_review", at=now - timedelta(minutes=25))
cast.write(world, case, now)
for _ in range(2):
    cast.case_at(world, "submitted", at=now)
phrasing.keep_starting_phrases(actor=world.of("dev"), at=now)
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
def room(product_at, tmp_path_factory):
    """The product served from a folder of its own, with one case that the dentist holds and one that waits."""
    folder = tmp_path_factory.mktemp("reading") / "data"
    installation = product_at(folder)
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


def stand_on(screen, key):
    """The quadrant first: teeth of the others are not shown."""
    screen.locator(f'#chart [data-quadrant="{key[:2]}"]').click()
    screen.locator(f"#tooth-{key}").focus()


def spoken(screen, key, words):
    expect(screen.locator(f"#tooth-{key}")).to_have_attribute("aria-label", re.compile(words))


def test_arrows_walk_the_teeth_over_the_midline_and_from_jaw_to_jaw(screen):
    screen.keyboard.press("g")
    stand_on(screen, "LL1")
    for key, tooth in (("ArrowLeft", "LR1"), ("ArrowUp", "UR1"), ("ArrowRight", "UL1"), ("ArrowDown", "LL1")):
        screen.keyboard.press(key)
        expect(screen.locator(f"#tooth-{tooth}")).to_be_focused()
        expect(screen.locator(f"#tooth-{tooth}")).to_be_visible()
    assert number_shown(screen) == "1"


def test_a_case_is_marked_diagnosed_and_planned_by_keyboard_alone(screen):
    screen.keyboard.press("g")
    stand_on(screen, "LLD")
    screen.keyboard.press("Shift+A")
    spoken(screen, "LLD", "You: decay, occlusal")
    for key in ("d", "c"):
        screen.keyboard.press(key)
    spoken(screen, "LLD", r"You: decay, occlusal and distal\. Differs\.")
    expect(screen.locator("#tooth-LLD")).to_be_focused()
    screen.keyboard.press("4")
    spoken(screen, "LLD", "ICDAS 4")
    for key in ("ArrowRight", "o", "w"):
        screen.keyboard.press(key)
    spoken(screen, "LLE", "You: watch, occlusal")
    screen.keyboard.press("Escape")
    expect(screen.locator("#diagnosis-help")).to_contain_text("K02.51 on K")
    diagnoses = screen.locator("#diagnoses .lines li").count()
    screen.keyboard.press("d")
    screen.keyboard.press("Enter")
    expect(screen.locator("#diagnoses .lines li")).to_have_count(diagnoses + 1)
    lines = screen.locator("#plan .lines li").count()
    screen.keyboard.press("p")
    screen.keyboard.type("/seal")
    screen.keyboard.press("Enter")
    expect(screen.locator("#plan-what")).to_have_value("Sealant")
    screen.fill("#plan-rationale", "Deep grooves that hold food")
    screen.keyboard.press("Enter")
    expect(screen.locator("#plan .lines li")).to_have_count(lines + 1)


def test_buttons_of_one_part_pressed_faster_than_they_are_answered_all_count(screen):
    screen.keyboard.press("g")
    for tooth in ("LL1", "LLC"):
        stand_on(screen, tooth)
        screen.keyboard.press("w")
        spoken(screen, tooth, "You: watch")
    screen.eval_on_selector_all(
        '#findings form.mark button[aria-label*="Watch on"]', "all => all.forEach((button) => button.click())"
    )
    for tooth in ("LL1", "LLC"):
        expect(screen.locator(f"#tooth-{tooth}")).not_to_have_attribute("aria-label", re.compile("You:"))


def test_a_tooth_opens_with_enter_and_escape_leads_back_to_it(screen):
    screen.keyboard.press("g")
    stand_on(screen, "LL6")
    screen.keyboard.press("Enter")
    expect(screen.locator("#tooth-form input[value=M]")).to_be_focused()
    screen.keyboard.press("Escape")
    expect(screen.locator("#tooth-LL6")).to_be_focused()


def test_a_tooth_is_marked_by_key_whatever_was_saved_before(screen):
    screen.fill("#id_advice", "See a dentist soon for the lower left.")
    screen.keyboard.press("Escape")
    expect(screen.locator("#autosave")).to_contain_text("Saved")
    with screen.expect_response("**/views/**"):
        screen.keyboard.press("u")
    screen.keyboard.press("g")
    stand_on(screen, "LL6")
    for key in ("o", "s"):
        screen.keyboard.press(key)
    spoken(screen, "LL6", "You: sealant, occlusal")
    expect(screen.locator("#tooth-LL6")).to_be_focused()


def test_a_letter_in_the_open_tooth_presses_the_control_that_names_it(screen):
    screen.keyboard.press("g")
    stand_on(screen, "LL2")
    screen.keyboard.press("Enter")
    expect(screen.locator("#tooth-form input[value=M]")).to_be_focused()
    for key in ("m", "u"):
        screen.keyboard.press(key)
    spoken(screen, "LL2", "You: suspected decay, mesial")
    expect(screen.locator("#tooth-LL2")).to_be_focused()


def test_every_tooth_of_the_quadrant_shown_is_a_target_of_24_pixels(screen):
    sizes = screen.eval_on_selector_all(
        ".odo-q.on .odo-t, .odo-quad",
        "all => all.map(one => one.getBoundingClientRect()).map(box => Math.min(box.width, box.height))",
    )
    assert len(sizes) >= 12
    assert min(sizes) >= 24


def test_a_slash_picks_a_phrase_and_it_is_saved(screen, room):
    screen.keyboard.press("e")
    screen.keyboard.type(" /stained")
    expect(screen.locator(".phrase-list [role=option]")).to_have_count(1)
    screen.keyboard.press("Enter")
    said = "from cases.models import Review; print(Review.objects.get().conclusions)"
    wait_until(lambda: "cannot tell stain from early decay." in room.ask(said), what="the phrase to be saved")
    assert "/stained" not in room.ask(said)


def test_one_tap_inserts_a_phrase_where_the_caret_is(screen):
    screen.fill("#id_advice", "First. ")
    screen.locator('[data-into="id_advice"]').first.click()
    expect(screen.locator("#id_advice")).to_have_value(re.compile("^First. Brush twice a day"))


def test_limits_follow_a_view_on_the_open_page_and_keep_her_words(screen):
    screen.locator("#id_limits").press("End")
    screen.locator("#id_limits").press_sequentially(" Seen by lamp light.")
    screen.locator("#views select").last.select_option("Blurred")
    expect(screen.locator("#id_limits")).to_have_value(re.compile("lower \\(blurred\\)"))
    expect(screen.locator("#id_limits")).to_have_value(re.compile("Seen by lamp light"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_with_a_tooth_open_and_on_the_phrases(screen, room, theme):
    screen.goto(f"{room.address}/reading/{room.case}/?tooth=LLD")
    screen.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    screen.evaluate("Promise.all(document.getAnimations().map(one => one.finished))")
    assert Axe().run(screen).response["violations"] == []
    screen.emulate_media(color_scheme=theme)
    screen.goto(f"{room.address}/reading/phrases/")
    assert Axe().run(screen).response["violations"] == []


def test_the_queue_walks_by_arrows_and_starts_with_s(screen, room):
    screen.goto(f"{room.address}/reading/")
    screen.keyboard.press("ArrowDown")
    expect(screen.locator("table.queue tbody th a").first).to_be_focused()
    screen.keyboard.press("s")
    expect(screen).to_have_url(re.compile("/reading/[0-9a-f-]{36}/$"))


def test_s_starts_the_case_whose_record_is_open(screen, room):
    released = "from cases.models import Case; print(Case.objects.filter(status='submitted').first().public_id)"
    waiting = room.ask(released).split()[-1]
    screen.goto(f"{room.address}/reading/{waiting}/")
    screen.keyboard.press("s")
    expect(screen).to_have_url(f"{room.address}/reading/{waiting}/")
    expect(screen.locator("#sign")).to_be_visible()
    screen.get_by_role("button", name="Put back").click()
    expect(screen).to_have_url(re.compile("/reading/$"))


def test_n_starts_the_next_case_and_this_one_stays_hers(screen, room):
    screen.keyboard.press("n")
    expect(screen).to_have_url(re.compile(f"/reading/(?!{room.case})[0-9a-f-]{{36}}/$"))
    screen.goto(f"{room.address}/reading/{room.case}/")
    expect(screen.locator("#sign")).to_be_visible()
