"""Drawn radiographs: the same by seed, bright metal, dark decay at the stated tooth."""

import numpy as np
import pytest

from cases.drawing.dentition import Condition, dentition_for
from cases.drawing.radiograph import RadiographView, draw_radiograph

MOUTH = dentition_for(8.5, np.random.default_rng(1))


def _difference(view, condition, key, surfaces, **more):
    """Values with the condition minus values without, 12 bits."""
    plain = draw_radiograph(view, MOUTH, seed=5, **more).astype(int)
    return draw_radiograph(view, MOUTH.marked(key, condition, surfaces), seed=5, **more).astype(int) - plain


@pytest.mark.parametrize("view", list(RadiographView))
def test_the_same_seed_gives_the_same_values_and_another_seed_others(view):
    first, again, other = (draw_radiograph(view, MOUTH, seed=seed) for seed in (5, 5, 6))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("bits", [8, 12, 14, 16])
def test_the_values_use_the_asked_depth(bits):
    values = draw_radiograph("bitewing_left", MOUTH, seed=5, bits=bits)
    assert values.dtype == np.uint16
    assert 0.6 * 2**bits < values.max() < 2**bits


@pytest.mark.parametrize(
    ("view", "key", "column"),
    [("bitewing_left", "75", (0.4, 0.8)), ("bitewing_right", "85", (0.2, 0.6)), ("panoramic", "85", (0.2, 0.45))],
)
def test_decay_is_a_dark_place_in_the_stated_lower_tooth(view, key, column):
    difference = _difference(view, Condition.DECAY, key, "D")
    rows, columns = np.nonzero(difference < -350)
    assert len(rows) > 30
    assert column[0] < columns.mean() / difference.shape[1] < column[1]
    assert rows.mean() > 0.5 * difference.shape[0]


def test_a_metal_filling_is_the_brightest_thing_in_the_picture():
    filled = MOUTH.marked("65", Condition.FILLING, "O")
    plain, values = (draw_radiograph("bitewing_left", mouth, seed=5) for mouth in (MOUTH, filled))
    metal = values.astype(int) - plain > 600
    assert metal.sum() > 1000
    assert np.median(values[metal]) > np.percentile(plain, 99.5)


def test_a_periapical_view_is_centred_on_its_tooth():
    for key in ("11", "46"):
        columns = np.nonzero(_difference("periapical", Condition.DECAY, key, "MD", tooth=key) < -300)[1]
        assert 0.35 < columns.mean() / 1300 < 0.65


def test_a_missing_tooth_lets_the_beam_through():
    gap = _difference("bitewing_left", Condition.MISSING, "36", "")
    lost = np.nonzero(gap < -900)[1]
    assert len(lost) > 20000
    assert lost.mean() > 0.6 * gap.shape[1]
