"""Marks drawn into the copy that goes to a payer: where they lie in the picture, and whose they are."""

import numpy as np
import pytest
from PIL import Image

from cases.imaging.burn import INK, burn_marks, with_marks
from cases.imaging.recipes import CLAIM

CAPTION = "Annotated by Dr. Dev Halloran, signed 28 Nov 2026. The marks are no part of the original picture."


def mark(kind, x, y, to_x, to_y, text=""):
    return {"kind": kind, "x": x, "y": y, "to_x": to_x, "to_y": to_y, "width": 4000, "height": 3000, "text": text}


def inked(drawn):
    """Rows and columns of the pixels in the colour of marks."""
    pixels = np.asarray(drawn).astype(int)
    return np.argwhere(np.abs(pixels - np.array(INK)).max(axis=2) < 30)


def grey(width=800, height=600):
    return Image.new("RGB", (width, height), (90, 90, 90))


def test_a_circle_lies_at_its_place_whatever_the_size_of_the_copy():
    drawn = with_marks(grey(), [mark("circle", 1000, 1500, 1500, 1500)], CAPTION)
    rows, columns = inked(drawn).T
    assert (rows.min(), rows.max()) == pytest.approx((200, 400), abs=3)
    assert (columns.min(), columns.max()) == pytest.approx((100, 300), abs=3)


def test_an_arrow_ends_where_it_points():
    drawn = with_marks(grey(), [mark("arrow", 500, 500, 3500, 500)], CAPTION)
    rows, columns = inked(drawn).T
    tip = rows[columns > 680]
    assert columns.max() == pytest.approx(700, abs=3)
    assert np.ptp(tip) > np.ptp(rows[(columns > 300) & (columns < 500)])  # the head is wider than the shaft


def test_the_picture_itself_stays_and_the_band_below_is_black_on_white():
    drawn = with_marks(grey(), [], CAPTION)
    pixels = np.asarray(drawn)
    assert (pixels[:600] == 90).all()
    band = pixels[600:]
    assert band.shape[0] > 10
    assert (band.max(), band.min()) == (255, 0)


@pytest.mark.parametrize("text", ["L distal", "Карієс", "虫歯", "תסריט"])
def test_words_of_any_script_are_drawn(text):
    assert len(inked(with_marks(grey(), [mark("text", 1000, 1000, 1000, 1000, text)], CAPTION))) > 50


def test_a_caption_that_is_long_still_ends_within_the_picture():
    band = np.asarray(with_marks(grey(400, 300), [], CAPTION))[300:]
    assert (band[:, -6:] == 255).all()
    assert (band < 128).any()


def test_the_file_is_replaced_by_a_jpeg_below_the_payers_limit(tmp_path):
    path = tmp_path / "claim.jpg"
    noise = np.random.default_rng(3).integers(0, 255, (1500, 2000, 3), np.uint8)
    Image.fromarray(noise).save(path, "JPEG", quality=85)
    burn_marks(source=str(path), marks=[mark("circle", 2000, 1500, 2500, 1500)], caption=CAPTION)
    assert path.stat().st_size < CLAIM.below_bytes
    with Image.open(path, formats=["JPEG"]) as opened:
        assert opened.height / opened.width > 1500 / 2000
