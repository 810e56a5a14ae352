"""Invented mouths have the teeth of their age."""

import numpy as np
import pytest

from cases.drawing.dentition import Condition, dentition_for


def _mouth(age, seed=1):
    return dentition_for(age, np.random.default_rng(seed))


def test_a_child_of_eight_has_both_kinds_of_teeth():
    teeth = _mouth(8.5).teeth
    assert {"11", "21", "31", "41", "16", "26", "36", "46"} <= set(teeth)
    assert {"54", "55", "64", "65", "74", "75", "84", "85"} <= set(teeth)
    assert not {"14", "15", "17", "18"} & set(teeth)


def test_a_child_of_four_has_twenty_primary_teeth():
    assert set(_mouth(4.0).teeth) == {f"{q}{p}" for q in (5, 6, 7, 8) for p in range(1, 6)}


def test_an_adult_has_permanent_teeth_only():
    assert set(_mouth(35).teeth) == {f"{q}{p}" for q in (1, 2, 3, 4) for p in range(1, 8)}


@pytest.mark.parametrize("age", [5, 6.4, 7.3, 9, 10.6, 12.2])
def test_every_place_has_one_occupant_and_no_place_is_skipped(age):
    mouth = _mouth(age)
    for quadrant in (1, 2, 3, 4):
        places = mouth.quadrant(quadrant)
        assert sorted(places) == list(range(1, max(places) + 1))
    assert len(mouth.teeth) == sum(len(mouth.quadrant(q)) for q in (1, 2, 3, 4))


def test_marking_a_tooth_leaves_the_first_mouth_as_it_was():
    sound = _mouth(8.5)
    decayed = sound.marked("75", Condition.DECAY, "DO")
    assert decayed.teeth["75"].surfaces == "DO"
    assert sound.teeth["75"].condition is Condition.SOUND


def test_a_tooth_without_a_place_and_an_unknown_surface_are_refused():
    with pytest.raises(KeyError, match="15"):
        _mouth(8.5).marked("15", Condition.DECAY)
    with pytest.raises(ValueError, match="MODBLI"):
        _mouth(8.5).marked("75", Condition.DECAY, "X")
