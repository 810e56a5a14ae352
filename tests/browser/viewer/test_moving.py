"""Turning, flipping, zoom, pan and measuring, by keys, mouse and fingers."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser import films
from tests.browser.tabs import open_tab, sign_in
from tests.browser.viewer.showing import READY, cut, of, seen, show, worst

pytestmark = pytest.mark.browser


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
