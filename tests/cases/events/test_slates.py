"""The code of a slate: the day and the tag, nothing of the child, told from a form's code, read out of a real photograph."""

import random
import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.events.slates import Slate, code_of, slate_in, square_of
from cases.events.tags import new_tag
from cases.family_forms import codes as forms
from cases.imaging.codes import square_codes
from tests.events.slated import code_picture, photographed

slates = st.builds(lambda event, seed: Slate(event, new_tag((), random.Random(seed))), st.uuids(), st.integers())
SLATE = Slate(uuid.UUID(int=7 << 100), new_tag((), random.Random(1)))


@given(slates)
def test_a_code_names_its_slate_and_is_no_forms(slate):
    assert slate_in(code_of(slate)) == slate
    assert slate_in(f" {code_of(slate)}\n") == slate
    assert forms.form_in(code_of(slate)) is None
    assert slate_in(forms.code_of(slate.event)) is None


@given(slates)
def test_a_code_holds_the_day_and_the_tag_and_nothing_else(slate):
    assert re.fullmatch(f"TDS1:{slate.event.hex.upper()}{slate.tag}", code_of(slate))


@given(st.text() | slates.map(lambda slate: code_of(slate)[:-1]) | slates.map(lambda slate: code_of(slate) + "2"))
def test_whatever_else_was_read_is_no_slate(text):
    assert slate_in(text) is None


@given(slates, st.integers(0, 3))
def test_a_slate_with_one_wrong_character_in_its_tag_is_none(slate, place):
    code = code_of(slate)
    at = len(code) - 4 + place
    wrong = "2" if code[at] != "2" else "3"
    assert slate_in(code[:at] + wrong + code[at + 1 :]) is None


@given(slates)
def test_what_is_drawn_is_read(slate):
    code = code_picture(slate)
    assert [text for text, _ in square_codes(code.resize((6 * code.width, 6 * code.width)))] == [code_of(slate)]
    assert len(square_of(slate).bits) == -(-(square_of(slate).side ** 2) // 4)


@pytest.mark.parametrize("angle", [0, 12, -35, 90, 171])
@pytest.mark.parametrize(("noise", "blur", "gain"), [(9, 1.0, 0.8), (22, 2.5, 0.5)], ids=["fair", "bad light"])
def test_a_slate_that_fills_a_third_of_a_photograph_is_read_at_any_angle(angle, noise, blur, gain):
    picture = photographed(SLATE, share=0.34, angle=angle, noise=noise, blur=blur, gain=gain)
    picture.thumbnail((2048, 2048))  # as the decoder looks at it
    assert [slate_in(text) for text, _ in square_codes(picture)] == [SLATE]


def test_a_photograph_without_a_slate_shows_none():
    assert square_codes(photographed(None)) == []
