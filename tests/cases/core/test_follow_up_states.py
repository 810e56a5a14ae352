"""No state of a follow-up is forgotten, and what the steps add up to follows from the table alone."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from cases.follow_up import GIVE_UP, LABELS, MOVES, NEXT, OWNERS, State, Taken, is_proven, standing, target_of
from cases.follow_up_dates import Promise, again_on, due_at, is_urgent
from cases.models import FollowUpStep, Outcome
from cases.views.after.worklist import CHIPS

AT = datetime(2026, 11, 17, 20, tzinfo=UTC)  # noon in Oregon
ZONE = "America/Los_Angeles"


def after(*steps, told=False, most_tries=3, booked_for=AT):
    taken = [Taken(step, AT, booked_for if step == "booked" else None) for step in steps]
    return standing(taken, told_when_signed=told, most_tries=most_tries)


def test_every_state_has_an_owner_a_label_a_next_step_and_a_chip():
    assert set(OWNERS) == set(LABELS) == set(NEXT) == set(CHIPS) == set(State)


def test_every_step_stands_in_the_table_and_no_source_twice():
    assert {entry.name for entry in MOVES} == {*FollowUpStep.values, GIVE_UP}
    pairs = [(entry.name, source) for entry in MOVES for source in entry.sources]
    assert len(pairs) == len(set(pairs))


def test_every_state_but_the_first_is_led_to():
    assert {entry.target for entry in MOVES} == set(State) - {State.PENDING}


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([], "pending"),
        (["letter"], "sent"),
        (["letter", "tried"], "tried"),
        (["tried", "letter", "tried", "tried"], "unreachable"),
        (["tried", "tried", "told", "tried"], "told"),
        (["told", "letter"], "told"),
        (["tried", "tried", "tried", "booked"], "booked"),
        (["booked", "missed"], "told"),
        (["missed"], "pending"),
        (["declined", "booked", "attended", "declined"], "attended"),
        (["attended", "tried", "letter", "told"], "attended"),
    ],
)
def test_what_the_steps_add_up_to(steps, state):
    assert after(*steps).state == state


def test_tries_count_since_the_family_was_last_reached():
    assert after("tried", "told", "tried", "tried").tries == 2
    assert after("tried", most_tries=1).state == State.UNREACHABLE


def test_told_in_the_review_needs_no_second_telling():
    assert after(told=True).state == State.TOLD


def test_only_a_visit_proves_a_visit():
    for steps in (line for length in range(4) for line in product(FollowUpStep.values, repeat=length)):
        now = after(*steps, most_tries=2)
        assert (now.state == State.ATTENDED) == ("attended" in steps), steps
        assert (now.booked_for is not None) == (now.state == State.BOOKED), steps
        assert (target_of(now.state, "missed") is None) == (now.state != State.BOOKED), steps


def test_a_recall_is_done_when_the_family_knows_and_nothing_else_is():
    assert {state for state in State if is_proven(Outcome.RECALL, state)} == {"sent", "told", "booked", "attended"}
    for outcome in (Outcome.IN_PERSON, Outcome.REFER, Outcome.EMERGENCY):
        assert {state for state in State if is_proven(outcome, state)} == {"attended"}


def due(*steps, urgent=False, outcome="in_person", outcome_by=None, booked_for=None, **promise):
    now = after(*steps, booked_for=booked_for)
    return due_at(
        now, urgent=urgent, outcome=outcome, outcome_by=outcome_by, signed_at=AT, zone=ZONE, promise=Promise(**promise)
    )


def test_urgent_within_hours_others_within_weeks_where_the_patient_is():
    assert due(urgent=True) == AT + timedelta(hours=48)
    assert due(urgent=True, urgent_hours=24) == AT + timedelta(hours=24)
    assert due().astimezone(UTC) == datetime(2026, 12, 30, 7, 59, tzinfo=UTC)  # 29 December, 23:59 in Oregon
    assert due(other_weeks=1).astimezone(UTC) == datetime(2026, 11, 25, 7, 59, tzinfo=UTC)


def test_the_dentists_earlier_day_counts_and_a_later_one_does_not():
    assert due(outcome_by=date(2026, 11, 20)).astimezone(UTC) == datetime(2026, 11, 21, 7, 59, tzinfo=UTC)
    assert due(outcome_by=date(2027, 3, 1)) == due()


def test_an_appointment_is_due_on_its_day_and_nothing_when_settled():
    assert due("booked", booked_for=AT + timedelta(days=90)) == AT + timedelta(days=90)
    assert due("attended") is None
    assert due("letter", outcome="recall") is None
    assert due("letter") is not None


@pytest.mark.parametrize(
    ("urgency", "outcome"), [("emergency", "in_person"), ("urgent", "refer"), ("early", "emergency")]
)
def test_who_is_urgent(urgency, outcome):
    assert is_urgent(urgency, outcome)
    assert not is_urgent("early", "refer")


@pytest.mark.parametrize(
    ("seen", "again", "on"),
    [
        (date(2026, 11, 17), "year", date(2027, 11, 17)),
        (date(2028, 2, 29), "year", date(2029, 2, 28)),
        (date(2026, 11, 17), "school_year", date(2027, 8, 1)),
        (date(2026, 7, 31), "school_year", date(2026, 8, 1)),
        (date(2026, 8, 1), "school_year", date(2027, 8, 1)),
    ],
)
def test_when_a_child_is_looked_at_again(seen, again, on):
    assert again_on(seen, Promise(again=again)) == on
