"""What is written fits what is drawn, and promises nothing that pictures cannot show."""

import re

import pytest

from billing.demonstration.mouths import MOUTHS, mirrored_tooth
from billing.demonstration.words import NOTES, READINGS, key_of, with_teeth
from cases import codes, teeth
from cases.drawing.dentition import Condition
from cases.promises import promise_in


@pytest.mark.parametrize("name", MOUTHS)
def test_every_mouth_has_a_reading_and_speaks_of_its_own_teeth(name):
    reading, drawn = READINGS[name], {fdi for fdi, _, _ in MOUTHS[name].marks}
    spoken = set(
        re.findall(
            r"\[(\d\d)\]",
            " ".join([reading.evaluation, reading.conclusions, reading.advice, reading.follow_up, str(reading.plan)]),
        )
    )
    diagnosed = {fdi for _, fdi in reading.diagnoses if fdi} | {fdi for _, _, fdi, _ in reading.plan if fdi}
    assert spoken | diagnosed <= drawn


@pytest.mark.parametrize("name", MOUTHS)
def test_decay_that_is_drawn_is_diagnosed(name):
    decayed = {fdi for fdi, condition, _ in MOUTHS[name].marks if condition is Condition.DECAY}
    assert decayed <= {fdi for code, fdi in READINGS[name].diagnoses if code.startswith("K02")}


@pytest.mark.parametrize("name", MOUTHS)
def test_no_reading_promises_health(name):
    reading = READINGS[name]
    plan = (text for line in reading.plan for text in line[:2])
    assert not promise_in([reading.evaluation, reading.conclusions, reading.advice, reading.follow_up, *plan])


def test_diagnoses_are_of_the_built_in_list_and_notes_of_drawn_teeth():
    known = {code for code, _, _ in codes.DIAGNOSES}
    assert {code for reading in READINGS.values() for code, _ in reading.diagnoses} <= known
    assert all(fdi in {tooth for tooth, _, _ in MOUTHS[mouth].marks} for mouth, fdi in NOTES)


def test_a_mirrored_mouth_is_spoken_of_on_the_other_side():
    assert (with_teeth("[75]", flipped=False), with_teeth("[75]", flipped=True)) == ("#K", "#T")
    assert all(teeth.fdi(key_of(mirrored_tooth(fdi), flipped=True)) == fdi for fdi in ("11", "36", "54", "85"))
