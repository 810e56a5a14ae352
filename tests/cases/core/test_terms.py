"""Turnaround and reading hours: pure, with the clock passed in."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.models import Kind, Urgency
from cases.terms import DEFAULTS, Terms, half_at, late_at, soon_at

OFFICE = {day: (time(8), time(17)) for day in range(5)}
TERMS = Terms(zone="America/Los_Angeles", hours=OFFICE, targets={("screening", "early"): timedelta(hours=30)})
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - zone follows


@given(MOMENTS, st.sampled_from(Kind.values), st.sampled_from(Urgency.values))
def test_a_case_is_due_by_its_own_target_or_the_default(at, kind, urgency):
    wanted = timedelta(hours=30) if (kind, urgency) == ("screening", "early") else DEFAULTS[urgency]
    assert TERMS.due_at(at, kind=kind, urgency=urgency) - at == wanted


@given(MOMENTS)
def test_the_next_reading_hour_is_the_first_moment_at_which_somebody_reads(at):
    opens = TERMS.next_reading(at)
    if TERMS.is_reading_time(at):
        assert opens is None
        return
    assert opens > at
    assert opens - at <= timedelta(days=3)
    assert TERMS.is_reading_time(opens)
    assert not TERMS.is_reading_time(opens - timedelta(seconds=1))


def test_friday_evening_waits_for_monday_morning():
    friday = datetime(2026, 11, 20, 18, 30, tzinfo=ZoneInfo("America/Los_Angeles"))
    assert TERMS.next_reading(friday) == datetime(2026, 11, 23, 8, tzinfo=ZoneInfo("America/Los_Angeles"))


def test_where_no_hours_are_kept_nobody_is_told_to_wait():
    assert Terms().next_reading(datetime(2026, 11, 20, 3, tzinfo=UTC)) is None


@given(MOMENTS, st.timedeltas(timedelta(minutes=15), timedelta(days=90)))
def test_half_comes_before_three_quarters_and_soon_lies_in_the_last_quarter(at, length):
    assert at < half_at(at, at + length) < late_at(at, at + length) < at + length
    assert abs(soon_at(at, at + length) - late_at(at, at + length)) <= timedelta(microseconds=2)


@pytest.mark.parametrize(("due_in", "kept"), [(40, 24), (5, 5), (-3, 0)])
def test_an_answer_is_kept_for_who_asked_but_never_past_its_due_time(due_in, kept):
    at = datetime(2026, 11, 20, 3, tzinfo=UTC)
    assert Terms().offered_until(at, due_at=at + timedelta(hours=due_in)) == at + timedelta(hours=kept)
