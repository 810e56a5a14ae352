"""What the viewer shows, as arrays: the active pane pixel by pixel, and the hands that bring a film into it."""

import base64

import numpy as np

from tests.browser import films

READY = ".view:not([hidden])[data-depth=film]"
PIXELS = """() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
  const view = document.querySelector(".view.active") ?? document.querySelector(".view:not([hidden])");
  const canvas = view.querySelector("canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let text = "";
  for (let i = 0; i < data.length; i += 4) text += String.fromCharCode(data[i], data[i + 1], data[i + 2]);
  resolve({ width: canvas.width, height: canvas.height, bytes: btoa(text) });
})))"""


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


def set_slider(tab, name, value):
    tab.locator(f'#adjust [data-look="{name}"]').evaluate(
        "(field, value) => { field.value = value; field.dispatchEvent(new Event('input', { bubbles: true })); }", value
    )
