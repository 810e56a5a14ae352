"""Marks on pictures as they are drawn, kept, hidden and wiped out."""

import pytest
from playwright.sync_api import expect

from tests.browser.viewer.showing import of, seen, show

pytestmark = pytest.mark.browser


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
