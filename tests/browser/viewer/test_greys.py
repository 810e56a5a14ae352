"""Every grey on the screen: the window of the file, presets, inverting, sharpening, photographs."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser import films
from tests.browser.viewer.showing import READY, cut, film_seen, of, seen, set_slider, show, show_photograph, worst

pytestmark = pytest.mark.browser


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
