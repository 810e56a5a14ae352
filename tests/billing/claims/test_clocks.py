"""The clocks of a claim, by hand and by properties: half-open days, nothing guessed, and the day that is kept."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.clocks import (
    MATTERS,
    NO_DAY,
    Desk,
    Due,
    Kind,
    Limits,
    Standing,
    State,
    clocks_of,
    due_of,
    kinds_for,
    last_day,
    needs_a_person,
)  # fmt: skip
from billing.states import SENT, Status

DAY = date(2026, 11, 20)
LIMITS = Limits(filing=90, correction=60, appeal=180, answer=30)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
limit = st.none() | st.integers(0, 32767)
standings = st.builds(
    Standing, st.sampled_from(Status), *[st.none() | days] * 4, st.sampled_from(["", "correction", "void"])
)
limits = st.tuples(limit, limit, limit, limit).map(lambda drawn: Limits(*drawn))


def one(kind, standing, today, given_limits=LIMITS):
    return next(clock for clock in clocks_of(standing, given_limits, today=today) if clock.kind == kind)


@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        (Status.DRAFT, {Kind.FILING}), (Status.BLOCKED, {Kind.FILING}), (Status.READY, {Kind.FILING}),
        (Status.REJECTED, {Kind.FILING}), (Status.EXPORTED, {Kind.ANSWER}), (Status.ACCEPTED, {Kind.ANSWER}),
        (Status.DENIED, {Kind.CORRECTION, Kind.APPEAL}), (Status.PART_PAID, {Kind.CORRECTION, Kind.APPEAL}),
        (Status.PAID, set()), (Status.CLOSED_ZERO, set()), (Status.NOT_BILLED, set()), (Status.STOPPED, set()),
    ],
)  # fmt: skip
def test_each_status_has_its_clocks(status, kinds):
    assert set(kinds_for(Standing(status))) == kinds


@pytest.mark.parametrize(
    ("after", "left", "state"),
    [(0, 90, State.RUNNING), (82, 8, State.RUNNING), (83, 7, State.SOON), (90, 0, State.SOON), (91, -1, State.PASSED)],
)
def test_the_last_day_still_counts_and_the_next_is_too_late(after, left, state):
    clock = one(Kind.FILING, Standing(Status.BLOCKED, service_on=DAY), DAY + timedelta(days=after))
    assert (clock.due, clock.days_left, clock.state) == (date(2027, 2, 18), left, state)


def test_a_denied_claim_has_both_clocks_from_the_answer_and_the_nearer_is_kept():
    denied = Standing(Status.DENIED, DAY, DAY, DAY + timedelta(days=10))
    assert one(Kind.CORRECTION, denied, DAY).due == date(2027, 1, 29)
    assert one(Kind.APPEAL, denied, DAY).due == date(2027, 5, 29)
    assert one(Kind.FILING, denied, DAY).state == State.OFF
    assert due_of(denied, LIMITS) == Due(Desk.ACT, date(2027, 1, 29), Kind.CORRECTION)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.BLOCKED, Status.READY, Status.REJECTED])
def test_a_correction_that_waits_runs_from_the_answer_to_the_claim_that_it_corrects(status):
    correction = Standing(status, DAY, None, DAY + timedelta(days=10), changes="correction")
    assert one(Kind.CORRECTION, correction, DAY).due == date(2027, 1, 29)
    assert one(Kind.FILING, correction, DAY).state == State.OFF
    assert due_of(correction, LIMITS).kind == Kind.CORRECTION
    assert (
        one(Kind.CORRECTION, correction, DAY, Limits(filing=90)).state == State.UNKNOWN
    )  # no other limit is taken for it


def test_a_correction_of_a_claim_that_nobody_judged_can_only_be_filed_in_time():
    correction = Standing(Status.READY, DAY, changes="correction")
    assert due_of(correction, LIMITS) == Due(Desk.NOBODY, date(2027, 2, 18), Kind.FILING)


@pytest.mark.parametrize(("status", "due"), [
    (Status.READY, Due(Desk.NOBODY, DAY, Kind.VOID)), (Status.REJECTED, Due(Desk.ACT, DAY, Kind.VOID)),
    (Status.EXPORTED, Due(Desk.WAIT, DAY + timedelta(days=33), Kind.ANSWER)), (Status.ACCEPTED, Due(Desk.NOBODY, None, None)),
])  # fmt: skip
def test_a_void_is_never_filed_nor_appealed_and_once_taken_on_it_is_done(status, due):
    void = Standing(status, DAY, DAY + timedelta(days=3), DAY, DAY, changes="void")
    assert due_of(void, LIMITS) == due


@given(standings, limits)
def test_filing_and_correction_never_run_together(standing, given_limits):
    assert not {Kind.FILING, Kind.CORRECTION} <= set(kinds_for(standing))


def test_a_limit_that_nobody_stated_is_said_to_be_unknown():
    clock = one(Kind.APPEAL, Standing(Status.DENIED, DAY, DAY, DAY), DAY, Limits())
    assert (clock.due, clock.days_left, clock.state) == (None, None, State.UNKNOWN)
    assert due_of(Standing(Status.DENIED, DAY, DAY, DAY), Limits()) == Due(Desk.ACT, NO_DAY, Kind.CORRECTION)


def test_an_answer_dated_at_the_end_of_time_is_no_day():
    assert last_day(Kind.APPEAL, Standing(Status.DENIED, answered_on=date.max), LIMITS) is None


def test_a_claim_to_be_voided_is_due_on_the_day_that_was_asked_for():
    paid = Standing(Status.PAID, DAY, DAY, DAY, void_wanted_on=DAY)
    assert due_of(paid, LIMITS) == Due(Desk.ACT, DAY, Kind.VOID)


def test_an_unanswered_claim_needs_somebody_on_the_day_after_the_payers_time():
    due = due_of(Standing(Status.ACCEPTED, DAY, DAY), LIMITS)
    assert not needs_a_person(due, DAY + timedelta(days=30))
    assert needs_a_person(due, DAY + timedelta(days=31))


@given(standings, limits, days)
def test_what_is_kept_is_the_earliest_of_what_is_shown(standing, given_limits, today):
    shown = clocks_of(standing, given_limits, today=today)
    due = due_of(standing, given_limits)
    known = [clock.due for clock in shown if clock.due is not None]
    matter = [clock for clock in shown if clock.state != State.OFF]
    assert {clock.kind for clock in matter} == set(kinds_for(standing))
    assert due.on == (min(known) if known else NO_DAY if matter else None)
    assert (due.kind is None) == (due.on is None)
    assert due.desk == Desk.NOBODY or due.on is not None


@given(standings, limits, days, st.integers(0, 4000))
def test_time_only_runs_down(standing, given_limits, today, later):
    before = clocks_of(standing, given_limits, today=today)
    after = clocks_of(standing, given_limits, today=today + timedelta(days=later))
    for first, second in zip(before, after, strict=True):
        assert first.due == second.due
        if first.days_left is not None:
            assert second.days_left == first.days_left - later
        if first.state == State.PASSED:
            assert second.state == State.PASSED


@given(standings, limits, days)
def test_the_state_says_what_the_days_say(standing, given_limits, today):
    for clock in clocks_of(standing, given_limits, today=today):
        if clock.days_left is None:
            assert clock.state in (State.UNKNOWN, State.OFF)
        else:
            assert clock.state == (
                State.PASSED if today > clock.due else State.SOON if clock.days_left <= 7 else State.RUNNING
            )


@given(standings, limits, days)
def test_whoever_is_owed_nothing_and_sent_nothing_false_is_no_work(standing, given_limits, today):
    wanted = standing.void_wanted_on and standing.changes != "void" and standing.status in SENT
    idle = standing.status not in MATTERS and not wanted
    assert not idle or not needs_a_person(due_of(standing, given_limits), today)
