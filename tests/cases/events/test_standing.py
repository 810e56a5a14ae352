"""Nobody is counted twice and nobody drops out; what is known of a family is never more than it said."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cases.events.standing import (
    GONE,
    NEEDED,
    Agreed,
    Answer,
    CaseThere,
    Standing,
    agreed,
    scopes_in_force,
    standing,
    tally,
)
from cases.models.consent import Scope
from cases.states import Status

DAY = date(2026, 12, 3)
days = st.integers(-400, 400).map(lambda ahead: DAY + timedelta(days=ahead))
answers = st.builds(Answer, st.booleans(), st.booleans(), days, st.none() | days)
said = st.dictionaries(st.sampled_from(sorted(Scope.values)), answers)
cases = st.lists(st.builds(CaseThere, st.sampled_from(Status), st.booleans()), max_size=3)
children = st.lists(st.tuples(st.sampled_from(["", "absent", "refused"]), cases, st.sampled_from(Agreed)))

YES = Answer(True, False, DAY - timedelta(days=30), DAY + timedelta(days=200))
NO = Answer(False, False, DAY - timedelta(days=30))
OLD = Answer(True, False, DAY - timedelta(days=400), DAY - timedelta(days=1))


@given(children)
def test_every_child_stands_in_one_place(found):
    counted = tally(standing(mark, there, family) for mark, there, family in found)
    assert counted.expected == len(found) == counted.done + counted.absent + counted.refused + counted.unresolved
    assert 0 <= counted.begun <= counted.unresolved


@given(st.sampled_from(["", "absent", "refused"]), cases, st.sampled_from(Agreed))
def test_a_case_that_counts_says_more_than_any_mark(mark, there, family):
    found = standing(mark, there, family)
    counting = [one for one in there if one.status not in GONE]
    assert (found in (Standing.DONE, Standing.BEGUN)) == bool(counting)
    assert (found == Standing.DONE) == any(one.submitted for one in counting)


def test_a_withdrawn_case_leaves_the_child_where_she_was():
    gone = [CaseThere(Status.WITHDRAWN, True), CaseThere(Status.STOPPED, True)]
    assert standing("absent", gone, Agreed.GIVEN) == Standing.ABSENT
    assert standing("", gone, Agreed.REFUSED) == Standing.REFUSED
    assert standing("", gone, Agreed.MISSING) == Standing.EXPECTED


@given(said)
def test_consent_is_given_only_where_each_needed_part_holds_that_day(family):
    holds = all(scope in family and family[scope].in_force(DAY) for scope in NEEDED)
    refused = any(scope in family and family[scope].is_no for scope in NEEDED)
    assert (agreed(family, DAY) == Agreed.GIVEN) == (holds and not refused)
    assert (agreed(family, DAY) == Agreed.REFUSED) == refused
    assert set(scopes_in_force(family, DAY)) == {scope for scope, one in family.items() if one.in_force(DAY)}


def test_one_no_is_a_no_and_what_ran_out_is_no_refusal():
    whole = dict.fromkeys(NEEDED, YES)
    assert agreed(whole, DAY) == Agreed.GIVEN
    assert agreed(whole | {NEEDED[2]: NO}, DAY) == Agreed.REFUSED
    assert agreed(whole | {NEEDED[2]: OLD}, DAY) == Agreed.EXPIRED
    assert agreed({NEEDED[0]: YES}, DAY) == Agreed.PARTLY
    assert agreed({Scope.BILLING: YES}, DAY) == agreed({}, DAY) == Agreed.MISSING
