"""Remarks say when records were gathered and read, within what a claim carries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.claims.lines import draft_claim
from billing.claims.remarks import CONTINUED, remarks
from tests.billing.claims.cast import school_child, with_case


def test_the_dentist_s_claim_says_when_records_were_gathered_and_read_and_why():
    facts = school_child()
    assert remarks(facts, draft_claim(facts, "dentist")) == (
        "ASYNC TELEDENTISTRY. RECORDS GATHERED 20260914 AT ALDER CREEK ELEMENTARY SCHOOL.",
        "DENTIST REVIEWED AND SIGNED 20260915 2330 PDT.",
        "REASON NO DENTIST WITHIN FORTY MILES OF THE SCHOOL",
    )


def test_the_hygienist_s_claim_says_where_and_when():
    facts = school_child()
    said = remarks(facts, draft_claim(facts, "hygienist"))
    assert said == ("ON-SITE SERVICES 20260914 AT ALDER CREEK ELEMENTARY SCHOOL.",)


def test_home_is_called_home():
    facts = with_case(school_child(), patient_at_home=True)
    assert "AT THE PATIENT'S HOME" in remarks(facts, draft_claim(facts, "dentist"))[0]


@pytest.mark.parametrize("reason", ["far away " * 90, "x" * 500, "a:b*c~d^e", "Ü" * 79])
def test_long_or_odd_text_stays_within_five_lines_of_eighty_signs(reason: str):
    facts = with_case(school_child(), why_store_and_forward=reason)
    said = remarks(facts, draft_claim(facts, "dentist"))
    assert len(said) <= 5
    assert all(0 < len(line) <= 80 and not set(line) & set("*:^~") for line in said)


def test_text_that_is_cut_says_where_the_rest_is():
    facts = with_case(school_child(), why_store_and_forward="far away " * 90)
    assert remarks(facts, draft_claim(facts, "dentist"))[-1] == CONTINUED


@given(st.lists(st.from_regex(r"[A-Z0-9][A-Z0-9#-]{1,48}[A-Z0-9]", fullmatch=True), max_size=2, unique=True))
def test_a_clearinghouses_numbers_stand_first_letter_by_letter_however_long_the_rest_is(issued: list[str]):
    facts = with_case(school_child(), why_store_and_forward="far away " * 90)
    said = remarks(facts, draft_claim(facts, "dentist"), tuple(issued))
    assert list(said[: len(issued)]) == issued
    assert len(said) <= 5
