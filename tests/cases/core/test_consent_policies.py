"""When consent covers a case (CO-1, CO-2): in force when it was gathered, and not taken back since."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.consent_policies import consent_stands, days_of_gathering, scopes_needed
from cases.models import Scope
from cases.record_facts import ServiceFact
from tests.cases.core.records import AT, a_consent, a_film, a_record, an_image

SEEN = date(2026, 11, 17)
ZONE = "America/Los_Angeles"


def with_screening(*answers, **changes):
    """A complete record whose family answered so for screening."""
    others = tuple(a_consent(scope) for scope in ("teledentistry", "photographs"))
    return a_record(consents=(*answers, *others), **changes)


def stands(record, today=SEEN):
    return consent_stands(record, today=today, zone=ZONE)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (a_consent(given=False), "refused or took back its consent to: screening"),
        (a_consent(withdrawn_at=AT), "refused or took back its consent to: screening"),
        (a_consent(valid_from=date(2026, 12, 1)), "No consent in force for: screening"),
        (a_consent(valid_until=date(2026, 11, 16)), "No consent in force for: screening"),
    ],
)
def test_consent_that_does_not_hold_on_the_day_seen_is_refused_with_its_name(answer, why):
    assert why in stands(with_screening(answer)).reason


def test_a_consent_that_runs_out_between_capture_and_signature_covers_what_was_gathered_under_it():
    record = with_screening(a_consent(valid_until=SEEN))
    assert stands(record, today=SEEN + timedelta(days=3))


@pytest.mark.parametrize("later", [{"given": False}, {"withdrawn_at": AT}])
def test_a_later_no_of_the_family_ends_it_though_it_was_in_force_on_the_day_seen(later):
    record = with_screening(a_consent(), a_consent(valid_from=SEEN + timedelta(days=1), **later))
    assert stands(record, today=SEEN)
    assert "took back" in stands(record, today=SEEN + timedelta(days=1)).reason


def test_a_picture_taken_again_on_a_later_day_needs_consent_on_that_day():
    again = an_image(captured_at=AT + timedelta(days=2))
    record = with_screening(a_consent(valid_until=SEEN + timedelta(days=1)), images=(an_image(), again))
    assert days_of_gathering(record, zone=ZONE) == (SEEN, SEEN + timedelta(days=2))
    assert "No consent in force for: screening" in stands(record, today=SEEN + timedelta(days=2)).reason


def test_a_film_that_was_brought_along_is_older_than_the_consent():
    brought = a_film(captured_at=AT - timedelta(days=400))
    assert days_of_gathering(a_record(images=(an_image(), brought)), zone=ZONE) == (SEEN,)


def test_the_newest_answer_counts():
    given, refused = a_consent(), a_consent(given=False, valid_from=date(2026, 10, 1))
    assert not a_record(consents=(given, refused)).consents_to(Scope.SCREENING, SEEN)
    assert a_record(consents=(given, refused)).consents_to(Scope.SCREENING, date(2026, 9, 15))


def test_a_renewal_that_begins_later_ends_nothing_today():
    now, renewed = a_consent(), a_consent(valid_from=date(2027, 9, 1), valid_until=date(2028, 8, 31))
    assert a_record(consents=(now, renewed)).consents_to(Scope.SCREENING, SEEN)


def test_a_service_takes_the_consent_to_that_treatment():
    done = ServiceFact("D1354", "LLD", 1, "Hana Okafor", "Standing order")
    assert Scope.SILVER_FLUORIDE in scopes_needed(a_record(services=(done,)))
    assert Scope.SILVER_FLUORIDE not in scopes_needed(a_record())


@given(st.integers(-30, 30), st.integers(0, 60), st.integers(0, 60))
def test_once_taken_back_nothing_brings_a_consent_to_life_but_a_newer_one(begins, lasts, later):
    begun = SEEN + timedelta(days=begins)
    answer = a_consent(valid_from=begun, valid_until=begun + timedelta(days=lasts))
    today = SEEN + timedelta(days=later)
    if stands(with_screening(answer), today=today):
        assert begun <= SEEN <= begun + timedelta(days=lasts)
        assert not stands(with_screening(replace(answer, withdrawn_at=AT)), today=today)
