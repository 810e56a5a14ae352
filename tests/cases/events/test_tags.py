"""A tag that was misheard or mistyped is no other child's: it is none at all."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.events.tags import SIGNS, is_tag, new_tag, tag_in

tags = st.integers(0, 2**32).map(lambda seed: new_tag((), Random(seed)))


@given(tags, st.integers(0, 3), st.sampled_from(SIGNS))
def test_one_wrong_character_makes_no_tag(tag, place, sign):
    wrong = tag[:place] + sign + tag[place + 1 :]
    assert is_tag(wrong) == (wrong == tag)


@given(tags, st.integers(0, 3), st.integers(0, 3))
def test_two_that_changed_places_make_no_tag(tag, one, other):
    signs = list(tag)
    signs[one], signs[other] = signs[other], signs[one]
    assert is_tag("".join(signs)) == ("".join(signs) == tag)


@given(tags)
def test_it_is_read_however_it_is_typed(tag):
    assert tag_in(f" {tag[:2].lower()}-{tag[2:].lower()} ") == tag


@pytest.mark.parametrize("typed", ["", "K7Q", "K7QAB", "O0I1", "Übe1", "\0\0\0\0", "٣٤٥٦"])
def test_what_is_no_tag_is_none(typed):
    assert tag_in(typed) == ""


def test_none_is_given_twice_and_there_are_enough_for_a_large_school():
    taken: set[str] = set()
    random = Random(7)
    for _ in range(3000):
        taken.add(new_tag(taken, random))
    assert len(taken) == 3000
