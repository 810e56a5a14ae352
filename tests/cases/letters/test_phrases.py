"""A language of letters is data: whole, its blanks fitting, and without a promise of health; whatever is typed is never code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.letters.catalogue import BY_KEY, CATALOGUE, SHIPPED, language_spoken
from cases.letters.phrasing import day_in, faults_in, fill
from tests.cast import date


@pytest.mark.parametrize("code", SHIPPED)
def test_what_ships_is_whole_and_may_be_used(code):
    assert faults_in(SHIPPED[code]) == {}
    assert set(SHIPPED[code]) == set(BY_KEY)


@pytest.mark.parametrize("phrase", CATALOGUE, ids=lambda phrase: phrase.key)
def test_a_phrase_that_is_not_there_or_lacks_its_blank_is_named(phrase):
    without = {key: text for key, text in SHIPPED["es"].items() if key != phrase.key}
    assert faults_in(without) == {phrase.key: "This phrase is missing."}
    for blank in phrase.needs:
        text = SHIPPED["es"][phrase.key].replace(f"{{{blank}}}", "")
        assert f"{{{blank}}} has to stand" in faults_in(without | {phrase.key: text})[phrase.key]


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("limits", "Your child has no cavities.", "promises"),
        ("limits", "Los dientes están sanos.", "promises"),
        ("condition_healing", "healthy teeth", "promises"),
        ("greeting", "Dear {guardian} and {child},", "{child} cannot be filled here"),
        ("greeting", "Dear {guardian.__class__},", "cannot be filled here"),
        ("greeting", "Dear {guardian}, {", "brace stands alone"),
        ("greeting", "Dear {0} {guardian}", "cannot be filled"),
        ("months", "one, two, three", "twelve months"),
        ("limits", "x" * 601, "more than 600"),
        ("limits", "left \u202e right", "do not print"),
        ("limits", 7, "missing"),
        ("verdict", "Well done", "no such phrase"),
    ],
)
def test_what_is_wrong_with_a_phrase_is_said_at_that_phrase(key, text, sentence):
    faults = faults_in({**SHIPPED["en"], key: text})
    assert list(faults) == [key]
    assert sentence in faults[key]


@given(st.text(max_size=80))
def test_a_filled_value_is_never_looked_into(name):
    assert fill("Dear {guardian}!", guardian=name) == f"Dear {name}!"


@pytest.mark.parametrize(
    ("home", "code"),
    [
        ("Spanish", "es"),
        ("español", "es"),
        ("Castellano", "es"),
        ("English", "en"),
        ("", "en"),
        ("Estonian", "en"),
        ("Ukrainian", "uk"),
    ],
)
def test_the_language_at_home_is_read_as_it_is_typed(home, code):
    own = {**SHIPPED["en"], "language": "Українська", "home_words": "Ukrainian, Українська"}
    assert language_spoken(home, {**SHIPPED, "uk": own}) == code


def test_days_are_said_in_the_language():
    assert day_in(SHIPPED["es"], date(2026, 12, 1)) == "1 de diciembre de 2026"
    assert day_in(SHIPPED["en"], date(2026, 12, 1)) == "December 1, 2026"
