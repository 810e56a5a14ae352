"""The viewer in a real browser, on real DICOM: what every tool shows, pixel by pixel."""

import base64
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import films
from tests.browser.tabs import open_tab, sign_in
from tests.services.fixtures import Installation, environment_for, serve
from tests.services.starting import end

pytestmark = pytest.mark.browser
HELD = """() => new Promise((resolve) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = ({ data }) => resolve(data.held);
  navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ beat: true }, [channel.port2]));
})"""
READY = ".view:not([hidden])[data-depth=film]"
PIXELS = """() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
  const view = document.querySelector(".view.active") ?? document.querySelector(".view:not([hidden])");
  const canvas = view.querySelector("canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let text = "";
  for (let i = 0; i < data.length; i += 4) text += String.fromCharCode(data[i], data[i + 1], data[i + 2]);
  resolve({ width: canvas.width, height: canvas.height, bytes: btoa(text) });
})))"""


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    folder = tmp_path_factory.mktemp("viewer") / "data"
    installation = Installation(folder, environment_for(folder, DJANGO_SETTINGS_MODULE="tests.reading.race_settings"))
    folder.mkdir()
    case = installation.ask("from tests.browser.films import prepare; print(prepare())")
    served = serve(installation)
    yield installation, f"{served.address}/reading/{case}/"
    end(served.process)
    installation.end_all()


@pytest.fixture(scope="module")
def desk(room, chromium):
    """One signed-in tab for the whole file; each test loads the page anew."""
    with open_tab(chromium, forgiven=["willReadFrequently"], viewport={"width": 1440, "height": 900}) as tab:
        sign_in(tab, room[1], "dev")
        yield tab


@pytest.fixture
def screen(room, desk):
    desk.goto(room[1])
    desk.evaluate("sessionStorage.clear()")
    desk.wait_for_selector(READY)
    return desk


@pytest.fixture(scope="module")
def opened(room, desk):
    """The page as it was opened, for tests that only look."""
    desk.goto(room[1])
    desk.wait_for_selector(READY)
    return desk


def show(tab, film):
    """Bring a film by its name into the pane, pixel for pixel. The set is sorted by view, then by arrival."""
    views = ["bitewing-right", "periapical", "panoramic"]
    ordered = sorted(films.FILMS, key=lambda one: views.index(one.view))
    tab.locator(".mount a[data-picture]").nth(ordered.index(film)).click()
    tab.wait_for_selector(READY)
    tab.keyboard.press("0")


def show_photograph(tab, label):
    """A photograph of this case, pixel for pixel."""
    tab.locator(".mount a[data-picture]", has_text=label).first.click()
    tab.wait_for_selector(".view:not([hidden])[data-depth=copy]")
    tab.keyboard.press("0")


def seen(tab):
    """The canvas of the active pane as an array of rows, columns and RGB."""
    got = tab.evaluate(PIXELS)
    return np.frombuffer(base64.b64decode(got["bytes"]), np.uint8).reshape(got["height"], got["width"], 3).astype(int)


def cut(picture, rows, columns):
    """The middle of the pane, where a picture of this size lies pixel for pixel."""
    top, left = (
        int(np.floor((size - part) / 2 + 0.5)) for size, part in zip(picture.shape[:2], (rows, columns), strict=True)
    )
    return picture[top : top + rows, left : left + columns]


def film_seen(tab, film):
    return cut(seen(tab), *film.samples.shape)


def of(name):
    return next(film for film in films.FILMS if name in film.name)


def worst(found, expected):
    return float(np.abs(found[:, :, 0] - expected).max())


@pytest.mark.parametrize("film", films.FILMS, ids=lambda film: film.name)
def test_a_film_shows_as_its_file_asks_within_one_grey(opened, film):
    show(opened, film)
    found = film_seen(opened, film)
    assert (found[:, :, 0] == found[:, :, 1]).all()
    tolerance = 3 if "lossy" in film.name else 1
    assert worst(found, films.greys_of(film)) <= tolerance
    depth = opened.locator(".view:not([hidden]) [data-depth]")
    expect(depth).to_contain_text(f"Original depth, {film.bits} bit")
    assert ("lossy" in depth.inner_text()) == ("lossy" in film.name)


def test_window_and_level_by_sliders_reach_the_full_depth(screen):
    film = of("16 bit, JPEG lossless")
    show(screen, film)
    screen.keyboard.press("w")
    set_slider(screen, "center", 30000)
    set_slider(screen, "width", 400)
    found = film_seen(screen, film)
    assert worst(found, films.greys_of(film, (30000, 400, "LINEAR_EXACT"))) <= 1
    # 400 of 65,536 levels: 8 bits would show two or three greys here, the full depth shows what the picture has
    between = found[:, :, 0][(film.samples > 29800) & (film.samples < 30200)]
    assert len(np.unique(between)) == len(np.unique(film.samples[(film.samples > 29800) & (film.samples < 30200)]))
    expect(screen.locator(".view:not([hidden]) [data-turned]")).to_contain_text("W 400 L 30000")


def set_slider(tab, name, value):
    tab.locator(f'#adjust [data-look="{name}"]').evaluate(
        "(field, value) => { field.value = value; field.dispatchEvent(new Event('input', { bubbles: true })); }", value
    )


@pytest.mark.parametrize(("preset", "share"), [("Dentine", (0.25, 0.85)), ("Full range", None)])
@pytest.mark.parametrize("name", ["12 bit, window of the file", "MONOCHROME1"])
def test_a_preset_is_the_window_that_it_says(screen, name, preset, share):
    film = of(name)
    show(screen, film)
    screen.keyboard.press("w")
    screen.select_option("#preset", preset)
    values = films.modality_of(film)
    if "PixelPaddingValue" in film.attributes:
        values = values[values > film.attributes["PixelPaddingRangeLimit"]]
    low, high = values.min(), values.max()
    if share:
        low, high = np.percentile(values, (1, 99), method="inverted_cdf")
        turned = film.attributes.get("photometric") == "MONOCHROME1"
        parts = (1 - share[1], 1 - share[0]) if turned else share
        low, high = low + parts[0] * (high - low), low + parts[1] * (high - low)
    assert worst(film_seen(screen, film), films.greys_of(film, ((low + high) / 2, high - low, "LINEAR_EXACT"))) <= 1
    screen.locator('[data-do="reset-look"]').click()
    assert worst(film_seen(screen, film), films.greys_of(film)) <= 1


def test_the_right_button_drags_the_window(screen):
    film = of("12 bit, window")
    show(screen, film)
    box = screen.locator(".view:not([hidden]) .pane").bounding_box()
    screen.mouse.move(box["x"] + 400, box["y"] + 300)
    screen.mouse.down(button="right")
    screen.mouse.move(box["x"] + 460, box["y"] + 340, steps=1)
    screen.mouse.up(button="right")
    unit = (film.samples.max() - film.samples.min()) / 600
    expected = films.greys_of(film, (1800 + 40 * unit, 1500 + 60 * unit, "LINEAR"))
    assert worst(film_seen(screen, film), expected) <= 1


@pytest.mark.parametrize(
    ("keys", "turn"),
    [("r", lambda a: np.rot90(a, -1)), ("rr", lambda a: np.rot90(a, 2)), ("rrr", lambda a: np.rot90(a, 1)), ("l", np.fliplr),
     ("rl", lambda a: np.fliplr(np.rot90(a, -1)))],
)  # fmt: skip
def test_turning_and_flipping_move_every_pixel_where_they_should(screen, keys, turn):
    film = of("12 bit, window")
    show(screen, film)
    for key in keys:
        screen.keyboard.press(key)
    screen.keyboard.press("0")
    expected = turn(films.greys_of(film))
    assert worst(cut(seen(screen), *expected.shape), expected) <= 1


def test_inverting_turns_the_greys_over_but_not_the_padding(screen):
    film = of("MONOCHROME1")
    show(screen, film)
    screen.keyboard.press("i")
    greys = films.greys_of(film)
    padding = film.samples <= film.attributes["PixelPaddingRangeLimit"]
    assert worst(film_seen(screen, film), np.where(padding, 0, 255 - greys)) <= 1


def test_sharpening_is_an_unsharp_mask_and_says_that_it_is_for_this_screen(screen):
    film = of("12 bit, window")
    show(screen, film)
    screen.keyboard.press("w")
    before = film_seen(screen, film)[:, :, 0]
    set_slider(screen, "sharpen", 2)
    edged = np.pad(before, 1, mode="edge").astype(float)
    blurred = (4 * before + edged[:-2, 1:-1] + edged[2:, 1:-1] + edged[1:-1, :-2] + edged[1:-1, 2:]) / 8
    assert worst(film_seen(screen, film), np.clip(before + 2 * (before - blurred), 0, 255)) <= 1
    expect(screen.locator(".view:not([hidden]) [data-turned]")).to_contain_text("sharpened 2, on this screen only")


def test_zoom_keeps_the_point_under_the_pointer_and_goes_back_to_fitted(screen):
    film = of("12 bit, window")
    show(screen, film)
    screen.keyboard.press("f")
    box = screen.locator(".view:not([hidden]) .pane").bounding_box()
    at = (round(box["width"] * 0.6), round(box["height"] * 0.4))
    before = seen(screen)[at[1], at[0], 0]
    screen.mouse.move(box["x"] + at[0], box["y"] + at[1])
    screen.mouse.wheel(0, -100)
    expect(screen.locator(".view:not([hidden])")).to_have_attribute("data-zoom", "1.200")
    assert abs(seen(screen)[at[1], at[0], 0] - before) <= 3
    screen.keyboard.press("f")
    expect(screen.locator(".view:not([hidden])")).to_have_attribute("data-zoom", "1.000")


def test_a_zoomed_picture_moves_by_drag_and_by_keys_as_far_as_asked(screen):
    show(screen, of("12 bit, window"))
    screen.keyboard.press("f")
    for _ in range(3):
        screen.keyboard.press("+")
    before = seen(screen)
    screen.keyboard.press("Shift+ArrowRight")
    assert np.abs(seen(screen)[:, :-60] - before[:, 60:]).max() <= 4
    moved = seen(screen)
    box = screen.locator(".view:not([hidden]) .pane").bounding_box()
    screen.mouse.move(box["x"] + 300, box["y"] + 300)
    screen.mouse.down()
    screen.mouse.move(box["x"] + 340, box["y"] + 300, steps=2)
    screen.mouse.up()
    assert np.abs(seen(screen)[:, 40:] - moved[:, :-40]).max() <= 4


@pytest.mark.parametrize(
    ("name", "words"),
    [("12 bit, window", ("mm", "as calibrated (PixelSpacing)")), ("panoramic", ("mm", "a panoramic magnifies")),
     ("8 bit, no window", ("px", "does not say how large"))],
)  # fmt: skip
def test_measuring_says_mm_or_pixels_and_what_it_rests_on(screen, name, words):
    film = of(name)
    show(screen, film)
    screen.keyboard.press("m")
    for _ in range(3):
        screen.keyboard.press("ArrowLeft")
    screen.keyboard.press("Enter")
    for _ in range(5):
        screen.keyboard.press("ArrowRight")
    screen.keyboard.press("Enter")
    said = screen.locator(".view:not([hidden]) [data-length]")
    spacing = (film.attributes.get("PixelSpacing") or film.attributes.get("ImagerPixelSpacing") or [1, 1])[1]
    figure = f"{60 * spacing:.1f} mm" if words[0] == "mm" else "60 px"
    expect(said).to_contain_text(figure)
    expect(said).to_contain_text(words[1])


def test_measuring_by_drag_gives_the_same_and_survives_a_turn(screen):
    show(screen, of("12 bit, window"))
    screen.keyboard.press("r")
    screen.keyboard.press("0")
    screen.keyboard.press("m")
    box = screen.locator(".view:not([hidden]) .pane").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    screen.mouse.move(middle[0], middle[1] - 30)
    screen.mouse.down()
    screen.mouse.move(middle[0], middle[1] + 30, steps=3)
    screen.mouse.up()
    # turned by a quarter, down on the screen is along a row of the picture: 0.03 mm a pixel
    expect(screen.locator(".view:not([hidden]) [data-length]")).to_contain_text("1.8 mm")
    screen.keyboard.press("Escape")
    expect(screen.locator("#tool-hint")).to_be_hidden()


def test_brightness_and_contrast_work_on_photographs_and_say_8_bit(screen):
    show_photograph(screen, "Frontal")
    expect(screen.locator(".view:not([hidden]) [data-depth]")).to_contain_text("Review copy, 8 bit, 400 × 300")
    before = cut(seen(screen), 300, 400)
    screen.keyboard.press("w")
    set_slider(screen, "brightness", 20)
    set_slider(screen, "contrast", 33)
    tone = np.clip((before - 127.5) * 2 + 127.5 + 20 * 1.275, 0, 255)
    assert np.abs(cut(seen(screen), 300, 400) - tone).max() <= 1
    expect(screen.locator("#adjust .of-film")).to_be_hidden()


def test_a_mirror_shot_stands_the_right_way_round_and_says_so(screen):
    show_photograph(screen, "Lower")
    white = cut(seen(screen), 300, 400)[10:50].mean(axis=(0, 2)) > 230
    assert (white[:60].any(), white[-60:].all()) == (False, True)  # the corner was at the left in the mirror
    expect(screen.locator(".view:not([hidden]) .tr")).to_contain_text("Mirror shot, turned the right way round")


def test_samples_that_are_not_made_yet_are_asked_for_and_come_in(screen):
    film = films.FILMS[7]
    views = ["bitewing-right", "periapical", "panoramic"]
    ordered = sorted(films.FILMS, key=lambda one: views.index(one.view))
    screen.locator(".mount a[data-picture]").nth(ordered.index(film)).click()
    screen.wait_for_selector(READY, timeout=60_000)
    expect(screen.locator(".view:not([hidden]) [data-depth]")).to_contain_text("Original depth, 12 bit")


def test_marks_are_saved_drawn_through_every_turn_hidden_and_wiped_out(screen):
    film = of("12 bit, window")
    show(screen, film)
    screen.keyboard.press("c")
    screen.keyboard.press("Enter")
    for _ in range(2):
        screen.keyboard.press("ArrowRight")
    with screen.expect_response(lambda one: "/marks/" in one.url) as told:
        screen.keyboard.press("Enter")
    assert told.value.ok
    expect(screen.locator("#annotations li[data-kind]")).to_have_count(1)
    screen.keyboard.press("Escape")
    row = screen.locator("#annotations li[data-kind]")
    assert (row.get_attribute("data-x"), row.get_attribute("data-y"), row.get_attribute("data-to-x")) == (
        "80",
        "60",
        "104",
    )
    for keys in ("", "r", "l"):
        for key in keys:
            screen.keyboard.press(key)
        screen.keyboard.press("0")
        assert ring(seen(screen), 24)
    screen.keyboard.press("k")
    screen.locator("#marks-shown").uncheck()
    assert not ring(seen(screen), 24)
    screen.locator("#annotations button").click()
    expect(screen.locator("#annotations li[data-kind]")).to_have_count(0)


def test_marks_drawn_faster_than_they_are_answered_lie_each_on_its_own_picture(screen):
    held = []
    screen.route("**/marks/**", lambda route: route.continue_() if held else held.append(route))
    for film in (of("12 bit, window"), of("16 bit, JPEG lossless")):
        show(screen, film)
        for key in ("c", "Enter", "ArrowRight", "Enter", "Escape"):
            screen.keyboard.press(key)
    held[0].continue_()
    rows = screen.locator("#annotations li[data-kind]")
    expect(rows).to_have_count(2)
    assert len({row.get_attribute("data-on") for row in rows.all()}) == 2
    screen.unroute("**/marks/**")
    screen.keyboard.press("k")
    for left in (1, 0):
        screen.locator("#annotations button").first.click()
        expect(rows).to_have_count(left)


def ring(picture, radius):
    """Whether a yellow circle of this radius lies around the middle: its rim in all four directions."""
    height, width, _ = picture.shape
    rim = [(0, radius), (0, -radius), (radius, 0), (-radius, 0)]
    parts = [
        picture[height // 2 + dy - 3 : height // 2 + dy + 4, width // 2 + dx - 3 : width // 2 + dx + 4]
        for dy, dx in rim
    ]
    return all(((part[:, :, 0] - part[:, :, 2]) > 100).any() for part in parts)


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


def test_not_usable_takes_its_reason_on_the_stage_and_offers_the_retake(screen):
    screen.locator(".view:not([hidden]) .pane").focus()
    screen.keyboard.press("x")
    screen.get_by_role("button", name="Blurred").click()
    expect(screen.locator("#views small")).to_contain_text("Blurred")
    screen.locator("#quality").get_by_role("link", name="Ask for a retake").click()
    expect(screen.locator('input[value="Take it once more: blurred"]')).to_have_count(1)


def test_memory_stays_within_its_budget_over_a_hundred_cases(screen):
    held = screen.evaluate("""async () => {
      const { Shelf } = await import("/static/js/reading/viewer/shelf.js");
      const shelf = new Shelf(256 * 1024 * 1024);
      let most = 0;
      for (let n = 0; n < 100 * 8; n += 1) {
        shelf.put(n, { n }, 22 * 1024 * 1024);
        most = Math.max(most, shelf.bytes);
      }
      const [newest, oldest] = [799, 0].map((n) => Boolean(shelf.get(n)));
      return { most, size: shelf.size, newest, oldest, huge: shelf.put("x", {}, 2 ** 40).length };
    }""")
    assert held == {"most": 11 * 22 * 1024 * 1024, "size": 11, "newest": True, "oldest": False, "huge": 1}


WORKER = """async ({ source, cases, each }) => {
  const heard = {};
  const self = { addEventListener: (kind, listener) => { heard[kind] = listener; } };
  const headers = new Headers({ "Content-Type": "image/jpeg" });
  const fetched = async () => ({ ok: true, headers, arrayBuffer: async () => new ArrayBuffer(each) });
  new Function("self", "fetch", source)(self, fetched);
  let most = 0;
  let last = null;
  for (let number = 0; number < cases; number += 1) {
    const pictures = Array.from({ length: 8 }, (_, n) => ({ address: `/${number}/${n}`, ahead: "/", etag: `${number}-${n}` }));
    const done = [];
    heard.message({ data: { hold: pictures }, waitUntil: (work) => done.push(work), ports: [] });
    await Promise.all(done);
    heard.message({ data: {}, waitUntil: () => {}, ports: [{ postMessage: (said) => { last = said; } }] });
    most = Math.max(most, last.total);
  }
  return { most, ...last };
}"""


def test_the_worker_that_holds_the_next_case_keeps_to_its_budget_over_a_hundred_cases(chromium):
    source = Path("static/js/reading/ahead_worker.js").read_text()
    each = 10 << 20
    with open_tab(chromium) as tab:
        said = tab.evaluate(WORKER, {"source": source, "cases": 100, "each": each})
    assert said["most"] <= said["budget"]
    assert said["held"] == said["budget"] // each


def test_two_fingers_zoom_and_one_moves(room, chromium):
    with open_tab(chromium, viewport={"width": 1440, "height": 900}, has_touch=True) as tab:
        sign_in(tab, room[1], "dev")
        tab.wait_for_selector(READY)
        touch = tab.context.new_cdp_session(tab)

        def fingers(kind, *points):
            placed = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": placed})

        fingers("touchStart", (500, 400))
        fingers("touchStart", (500, 400), (600, 400))
        fingers("touchMove", (450, 400), (650, 400))
        fingers("touchEnd")
        expect(tab.locator(".view:not([hidden])")).to_have_attribute("data-zoom", "2.000")


def test_the_next_case_is_in_memory_and_is_handed_out_only_when_the_server_agrees(screen, room):
    screen.wait_for_function(f"async () => (await ({HELD})()) >= 2")
    screen.reload()  # a page that was open before the worker is not taken over
    screen.wait_for_function("() => navigator.serviceWorker.controller")
    address = screen.evaluate("async () => (await (await fetch('/reading/ahead/')).json()).pictures[0].address")
    got = """async (address) => {
      const answer = await fetch(address);
      return [answer.status, answer.headers.get("X-Held"), (await answer.arrayBuffer()).byteLength];
    }"""
    status, held, size = screen.evaluate(got, address)
    assert (status, held) == (200, "memory")
    assert size > 0
    trail = "from teledent.accounts.models import AccessEvent; print(AccessEvent.objects.filter(verb='ahead', noun='case').count())"
    assert room[0].ask(trail) == "1"
    screen.context.clear_cookies()
    status, held, _ = screen.evaluate(got, address)
    assert held is None
    assert screen.evaluate(HELD) == 0  # signed out: nothing of it stays


def test_axe_finds_nothing_with_the_trays_open(room, chromium):
    with open_tab(chromium, viewport={"width": 1440, "height": 900}) as tab:
        sign_in(tab, room[1], "dev")
        tab.wait_for_selector(READY)
        for key in ("w", "k", "o", "x"):
            tab.keyboard.press(key)
            assert Axe().run(tab).response["violations"] == []
