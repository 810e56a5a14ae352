"""Drawn photographs: the same by seed, anatomically right, the lesion where the chart says."""

import numpy as np
import pytest
from PIL import Image, ImageChops

from cases.drawing.dentition import Condition, dentition_for
from cases.drawing.photograph import PhotographView, draw_photograph
from cases.drawing.slate import draw_slate

SIZE = (480, 320)
MOUTH = dentition_for(8.5, np.random.default_rng(1))


def _drawn(view, mouth=MOUTH, **more):
    return draw_photograph(view, mouth, seed=5, size=SIZE, **more)


SOUND = {view: _drawn(view) for view in PhotographView}


def _darkened(view, key, surfaces):
    """Where and how much darker the picture is with the tooth decayed: (column 0 to 1, row 0 to 1, pixels)."""
    sound, decayed = (
        np.asarray(_drawn(view, m).convert("L"), int) for m in (MOUTH, MOUTH.marked(key, Condition.DECAY, surfaces))
    )
    rows, columns = np.nonzero(sound - decayed > 60)
    return columns.mean() / SIZE[0], rows.mean() / SIZE[1], len(rows)


@pytest.mark.parametrize("view", list(PhotographView))
def test_the_same_seed_draws_the_same_picture_and_another_seed_another(view):
    assert _drawn(view).tobytes() == SOUND[view].tobytes()
    assert SOUND[view].tobytes() != draw_photograph(view, MOUTH, seed=6, size=SIZE).tobytes()


def test_pictures_have_the_asked_size_and_every_view_differs():
    pictures = list(SOUND.values())
    assert {picture.size for picture in pictures} == {SIZE}
    for index, first in enumerate(pictures):
        for second in pictures[index + 1 :]:
            assert np.abs(np.asarray(first, int) - np.asarray(second, int)).mean() > 10


@pytest.mark.parametrize("view", ["upper", "lower"])
def test_a_mirror_shot_is_the_upright_picture_flipped(view):
    flipped = _drawn(view, mirrored=True).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert ImageChops.difference(flipped, SOUND[view]).getbbox() is None


@pytest.mark.parametrize(
    ("view", "key", "surfaces", "column", "row"),
    [
        ("frontal", "11", "M", (0.40, 0.50), (0.3, 0.5)),
        ("frontal", "21", "M", (0.50, 0.60), (0.3, 0.5)),
        ("right", "85", "B", (0.25, 0.55), (0.5, 0.7)),
        ("left", "75", "B", (0.45, 0.75), (0.5, 0.7)),
        ("upper", "55", "O", (0.05, 0.35), (0.4, 0.9)),
        ("upper", "65", "O", (0.65, 0.95), (0.4, 0.9)),
        ("lower", "85", "O", (0.05, 0.35), (0.1, 0.6)),
        ("lower", "75", "O", (0.65, 0.95), (0.1, 0.6)),
    ],
)
def test_decay_darkens_the_picture_at_the_stated_tooth(view, key, surfaces, column, row):
    across, down, pixels = _darkened(view, key, surfaces)
    assert pixels > 20
    assert column[0] < across < column[1]
    assert row[0] < down < row[1]


def test_decay_shows_in_no_view_of_the_other_side():
    decayed = MOUTH.marked("75", Condition.DECAY, "B")
    assert ImageChops.difference(SOUND["right"], _drawn("right", decayed)).getbbox() is None
    assert ImageChops.difference(SOUND["upper"], _drawn("upper", decayed)).getbbox() is None


@pytest.mark.parametrize("condition", [Condition.SEALANT, Condition.FILLING, Condition.STAIN, Condition.MISSING])
def test_every_condition_changes_how_its_tooth_looks(condition):
    changed = _drawn("lower", MOUTH.marked("36", condition, "O"))
    difference = np.asarray(ImageChops.difference(SOUND["lower"], changed).convert("L"), int)
    columns = np.nonzero(difference > 25)[1]
    assert len(columns) > 10
    assert columns.mean() > 0.6 * SIZE[0]


def test_a_slate_reads_dark_on_a_pale_card():
    card = np.asarray(draw_slate("Mateo Villanueva-Reyes", "TD-24817", size=SIZE).convert("L"), int)
    middle = card[120:220, 120:360]
    assert middle.max() > 170
    assert middle.min() < 80
