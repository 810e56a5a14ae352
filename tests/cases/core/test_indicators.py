"""Indicators say what the marks say, from which teeth; silence is never "none seen" (RE-6), and her word stands."""

from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import questionnaires, teeth
from cases.indicator_facts import fact_of
from cases.indicator_words import every_indicator_in_words
from cases.indicators.computing import (
    ABSENCES,
    CHOICES,
    RESULTS,
    Mouth,
    Word,
    by_the_dentist,
    indicators,
)
from cases.models import Condition, Icdas, IndicatorKey, IndicatorValue, Urgency
from cases.models.finding import CARIES
from cases.record_facts import FindingFact

AT = datetime(2026, 11, 17, 18, 43, tzinfo=UTC)
COMPLAINTS = sorted(questionnaires.questions_for("screening")[0].choices)


def mark(tooth, condition, icdas=""):
    return FindingFact(tooth, "", condition, "", icdas)


@st.composite
def marked(draw):
    condition = draw(st.sampled_from(Condition.values))
    score = draw(st.sampled_from(["", *Icdas.values])) if condition in CARIES else ""
    return mark(draw(st.sampled_from(sorted(teeth.universal_by_key()))), condition, score)


marks = st.lists(marked(), max_size=6).map(tuple)
mouths = st.builds(
    Mouth, marks, st.floats(0, 20), st.booleans(), st.booleans(), st.sampled_from(["", *Urgency.values]),
    st.lists(st.sampled_from(COMPLAINTS), max_size=2).map(tuple), st.booleans(),
)  # fmt: skip
values = st.sampled_from(list(IndicatorValue))


@st.composite
def words(draw):
    keys = draw(st.sets(st.sampled_from(sorted(CHOICES))))
    return {key: Word(draw(st.sampled_from(CHOICES[key])), draw(values), "Seen with light", "Hana", AT) for key in keys}


def said(mouth, given_words=None):
    return {one.key: one for one in indicators(mouth, given_words or {})}


def value(key, *found, **changes):
    mouth = Mouth(found, changes.pop("age", 8.7), looked=True, stated=True)
    return said(replace(mouth, **changes))[key].value


@given(mouths, words())
def test_every_indicator_has_one_value_of_its_own(mouth, given_words):
    found = indicators(mouth, given_words)
    assert [one.key for one in found] == list(IndicatorKey)
    for one in found:
        left = {IndicatorValue.NOT_RECORDED, IndicatorValue.CANNOT, IndicatorValue.NOT_APPLICABLE}
        assert one.value in {*RESULTS[one.key], *left}


@given(mouths, words())
def test_nothing_is_ever_absent_unless_somebody_looked_and_said_so(mouth, given_words):
    silent = [said(replace(mouth, looked=False), given_words), said(replace(mouth, stated=False))]
    assert not any(one.value in ABSENCES for found in silent for one in found.values())


@given(st.floats(0, 20), st.booleans())
def test_a_child_without_marks_and_without_a_statement_has_no_value(age, looked):
    found = said(Mouth((), age, looked=looked, stated=False))
    left = {IndicatorValue.NOT_RECORDED, IndicatorValue.CANNOT, IndicatorValue.NOT_APPLICABLE}
    assert {one.value for one in found.values()} <= left


@given(mouths)
def test_what_is_computed_from_teeth_names_teeth_that_are_marked(mouth):
    there = {one.tooth for one in mouth.marks}
    for one in indicators(mouth, {}):
        assert set(one.computed.teeth) <= there
        if one.value == IndicatorValue.YES:
            assert one.computed.teeth


@given(mouths, marked())
def test_a_further_mark_never_takes_a_yes_away(mouth, one_more):
    more = replace(mouth, marks=(*mouth.marks, one_more))
    before, after = said(mouth), said(more)
    kept = [key for key, one in before.items() if one.value == IndicatorValue.YES]
    gone = {one.tooth for one in more.marks if one.condition in ("missing", "exfoliated", "unerupted")}
    assert all(after[key].value == IndicatorValue.YES for key in kept if not gone & set(before[key].computed.teeth))


@given(mouths, words())
def test_experience_is_what_treated_and_untreated_add_up_to(mouth, given_words):
    found = said(mouth, given_words)
    both = {found[IndicatorKey.UNTREATED].value, found[IndicatorKey.TREATED].value}
    experience = found[IndicatorKey.EXPERIENCE].value
    assert (experience == IndicatorValue.YES) == (IndicatorValue.YES in both)
    assert (experience == IndicatorValue.NO) == (both == {IndicatorValue.NO})


@given(mouths, words())
def test_her_word_stands_and_says_when_the_marks_changed_since(mouth, given_words):
    found = said(mouth, given_words)
    for key, word in given_words.items():
        if word.value in ABSENCES and not mouth.looked:
            assert found[key].word is None
            continue
        assert found[key].value == word.value
        (row,) = every_indicator_in_words([asdict(fact_of(found[key]))], str)
        assert (row.by, row.otherwise) == ("Hana", word.computed != found[key].computed.value)


@given(marks)
def test_a_dentist_who_reads_pictures_never_finds_that_there_is_none(found):
    assert not any(one.value in ABSENCES for one in by_the_dentist(found).values())


@pytest.mark.parametrize(("condition", "icdas", "expected"), [
    ("decay", "", "yes"), ("decay", "3", "yes"), ("decay", "6", "yes"), ("decay", "cannot", "yes"), ("decay", "2", "no"),
    ("decay", "0-1", "no"), ("suspected", "", "cannot"), ("suspected", "2", "no"), ("watch", "", "no"), ("watch", "5", "cannot"),
    ("broken", "", "no"), ("filling", "", "no"), ("silver_fluoride", "", "cannot"), ("plaque", "", "no"),
])  # fmt: skip
def test_untreated_decay_is_decay_that_broke_the_surface(condition, icdas, expected):
    assert value("untreated", mark("UR6", condition, icdas)) == expected


def test_decay_on_a_tooth_that_is_said_to_be_gone_is_hers_to_decide():
    assert value("untreated", mark("LLD", "decay"), mark("LLD", "exfoliated")) == "cannot"


def test_a_missing_tooth_may_have_been_treated_but_a_third_molar_says_nothing():
    assert value("treated", mark("UR6", "missing")) == "cannot"
    assert value("treated", mark("UR8", "missing")) == "no"
    assert value("treated", mark("UR6", "missing"), mark("LLE", "filling")) == "yes"


def test_sealants_are_those_of_permanent_molars_and_one_that_was_lost_is_none():
    assert value("sealants", mark("UR6", "sealant_partial")) == "yes"
    assert value("sealants", mark("UR6", "sealant_lost")) == "no"
    assert value("sealants", mark("LLE", "sealant"), mark("UR4", "sealant")) == "no"
    assert value("primary_sealants", mark("LLE", "sealant")) == "yes"


def test_sealants_do_not_apply_before_a_permanent_molar_stands():
    assert value("sealants", age=5.0) == "not_applicable"
    assert value("sealants", mark("LR6", "erupting"), age=5.0) == "no"
    gone = [mark(key, "unerupted") for key in ("UR6", "UL6", "LL6", "LR6")]
    assert value("sealants", *gone, age=7.0) == "not_applicable"
    assert value("primary_sealants", age=14.0) == "not_applicable"


@pytest.mark.parametrize(("changes", "found", "expected"), [
    ({"urgency": "routine"}, (), "no_problem"), ({"urgency": "routine"}, (mark("UR6", "decay"),), "early"),
    ({"urgency": "early"}, (), "early"), ({"urgency": "emergency"}, (), "urgent"), ({}, (), "not_recorded"),
    ({"urgency": "routine", "complaints": ("pain",)}, (), "urgent"), ({"urgency": "early"}, (mark("LLD", "gum_swelling"),), "urgent"),
    ({"urgency": "routine"}, (mark("UR1", "broken"),), "early"), ({"urgency": "routine"}, (mark("UR6", "suspected"),), "cannot"),
    ({"urgency": "routine", "red_flags": True}, (), "urgent"), ({"urgency": "routine", "stated": False}, (), "not_recorded"),
    ({"urgency": "routine", "looked": False}, (), "cannot"),
])  # fmt: skip
def test_the_need_is_as_urgent_as_the_most_urgent_word(changes, found, expected):
    assert value("urgency", *found, **changes) == expected


def test_a_word_on_decay_is_heeded_by_what_follows_from_it():
    mouth = Mouth((mark("UR6", "decay"),), 8.7, looked=True, stated=True, urgency="routine")
    word = Word(IndicatorValue.NO, IndicatorValue.YES, "Stain in the groove", "Hana", AT)
    found = said(mouth, {"untreated": word})
    assert (found["experience"].value, found["urgency"].value) == ("no", "no_problem")
