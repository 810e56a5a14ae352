"""Which verification counts for a day: pure, and read back from facts of every age."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.claims.facts import ClaimFacts, Verified
from billing.claims.lines import draft_claim
from billing.claims.rules import check
from billing.claims.verified import answered, counting, in_words, is_old, known
from tests.billing.claims.cast import COVERAGE, school_child, with_coverage, with_payer

DAY = date(2026, 9, 15)
days = st.dates(DAY - timedelta(days=60), DAY + timedelta(days=60))
rows = st.lists(st.builds(Verified, days, st.just("phone")), max_size=8).map(
    lambda some: sorted(some, key=lambda one: one.on)
)
limits = st.none() | st.integers(1, 90)


@given(rows, limits)
def test_the_newest_on_or_before_counts_unless_it_is_missing_or_old(some, limit):
    found = counting(some, DAY, limit)
    before = [one for one in some if one.on <= DAY]
    fresh = [one for one in before if not is_old(one, DAY, limit)]
    if fresh:
        assert found == before[-1]
    elif any(one.on > DAY for one in some):
        assert found is not None
        assert found.on == min(one.on for one in some if one.on > DAY)
    else:
        assert found == (before[-1] if before else None)


@given(rows, limits, st.builds(Verified, days, st.just("phone")))
def test_asking_once_more_on_or_after_the_day_never_leaves_it_old(some, limit, again):
    later = sorted([*some, Verified(max(again.on, DAY), "portal")], key=lambda one: one.on)
    found = counting(later, DAY, limit)
    assert found is not None
    assert not is_old(found, DAY, limit)


def test_of_one_day_the_last_recorded_counts():
    first, second = Verified(DAY, "phone", "unknown"), Verified(DAY, "portal", "covered")
    assert counting([first, second], DAY, 30) == second
    assert counting([first, second], DAY - timedelta(days=1), 30) == second


def test_the_last_day_on_which_it_holds_belongs_to_it():
    one = Verified(DAY - timedelta(days=30), "phone")
    assert not is_old(one, DAY, 30)
    assert is_old(one, DAY + timedelta(days=1), 30)
    assert not is_old(one, DAY + timedelta(days=4000), None)


def test_facts_frozen_while_a_coverage_had_one_verification_keep_it():
    plain = school_child().to_json()
    old = {"verified_on": "2026-09-01", "verified_how": "portal"}
    plain["coverage"] = {**{k: v for k, v in plain["coverage"].items() if k != "verifications"}, **old}
    del plain["coverage"]["payer"]["verify_every_days"]
    facts = ClaimFacts.from_json(plain)
    assert facts.coverage is not None
    assert known(facts.coverage) == (Verified(date(2026, 9, 1), "portal"),)
    assert check(facts, draft_claim(facts, "dentist")) == ()


def test_what_the_plan_says_answers_for_a_payer_that_nobody_asked():
    unknown = with_payer(school_child(), takes_asynchronous="unknown")
    for says in ("covered", "inclusive"):
        facts = with_coverage(unknown, verifications=(Verified(DAY, "phone", says),))
        assert check(facts, draft_claim(facts, "dentist")) == ()


def test_a_blank_way_of_asking_of_old_facts_is_no_verification():
    assert known(replace(COVERAGE, verifications=(), verified_on=DAY, verified_how=" ")) == ()


@pytest.mark.parametrize(
    ("days", "limit", "words"),
    [
        ([], None, "not verified"),
        ([-3], 30, "verified 12 Sep 2026"),
        ([-3, 5], 30, "verified 12 Sep 2026, checked again 20 Sep 2026"),
        ([-40], 30, "verified 6 Aug 2026, too long before the date of service"),
        ([-40, 5], 30, "verified 20 Sep 2026, after the date of service"),
    ],
)  # fmt: skip
def test_a_claim_says_what_was_known_for_its_day(days, limit, words):
    rows = tuple(Verified(DAY + timedelta(days=one), "phone") for one in days)
    coverage = replace(COVERAGE, verifications=rows, payer=replace(COVERAGE.payer, verify_every_days=limit))
    assert in_words(coverage, DAY) == words


def test_who_asks_for_one_thing_does_not_take_back_what_was_known_of_another():
    refused = Verified(date(2026, 11, 1), "phone", "not_covered", "needed")
    eligible = Verified(date(2026, 11, 20), "portal")
    assert answered((refused, eligible), eligible, "says") == ("not_covered", refused.on)
    assert answered((refused, eligible), eligible, "authorisation") == ("needed", refused.on)
    assert answered((eligible,), eligible, "says") == ("unknown", eligible.on)
