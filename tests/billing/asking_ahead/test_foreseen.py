"""A line of an answer without money: whatever adds up is told to the cent, whatever does not is told of nobody."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.asking_ahead.answered import foresee, is_yes, why_not
from billing.outcomes.classify import Adjustment, Answer

cents = st.integers(0, 90_000).map(lambda amount: Decimal(amount).scaleb(-2))
reasons = st.sampled_from(
    [("OA", "101"), ("PI", "101"), ("PR", "1"), ("PR", "2"), ("CO", "45"), ("CO", "96"), ("PR", "204")]
)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """Adjustments that come to the charge: no money, each dollar with its reason."""
    told = tuple(Adjustment(*draw(reasons), draw(cents)) for _ in range(draw(st.integers(1, 5))))
    return Answer(
        sum((one.amount for one in told), Decimal(0)), Decimal(0), told, draw(st.sampled_from([(), ("N30",)]))
    )


@given(answers(), st.integers(1, 9))
def test_what_adds_up_is_told_to_the_cent(answer: Answer, units: int):
    told = foresee(answer, units=units)
    by_group = {(one.group, one.reason) for one in answer.adjustments if one.amount}
    assert told is not None
    assert told.would_pay == sum((one.amount for one in answer.adjustments if one.reason == "101"), Decimal(0))
    assert told.patient_share == sum(
        (one.amount for one in answer.adjustments if one.group == "PR" and one.reason != "101"), Decimal(0)
    )
    assert told.would_pay + told.patient_share <= answer.charge
    assert told.units in (0, units)
    assert told.in_part == (
        units > 1
        and bool(by_group & {("CO", "96"), ("PR", "204")})
        and not by_group <= {("CO", "96"), ("PR", "204"), ("CO", "45")}
    )
    if told.would_pay or by_group <= {("PR", "1"), ("PR", "2")}:
        assert told.units == units
        assert told.codes == ()
    elif by_group & {("CO", "96"), ("PR", "204")}:
        assert told.units == 0


@given(answers(), st.integers(1, 900).map(lambda amount: Decimal(amount).scaleb(-2)), st.sampled_from([1, -1]))
def test_a_cent_too_many_or_too_few_is_told_of_nobody(answer: Answer, off: Decimal, sign: int):
    assert foresee(replace(answer, charge=answer.charge + off * sign), units=1) is None


def test_one_line_that_is_taken_makes_a_yes_and_a_no_gives_its_codes():
    taken = foresee(Answer(Decimal(5), Decimal(0), (Adjustment("OA", "101", Decimal(5)),)), units=2)
    refused = foresee(Answer(Decimal(5), Decimal(0), (Adjustment("CO", "96", Decimal(5)),), ("N30",)), units=2)
    written_off = foresee(Answer(Decimal(5), Decimal(0), (Adjustment("CO", "45", Decimal(5)),)), units=2)
    assert (is_yes([refused, taken]), is_yes([refused, written_off])) == (True, False)
    assert why_not([refused, refused]) == "CO-96, N30"


def test_a_line_without_a_fee_is_taken_unless_a_reason_says_otherwise():
    told = foresee(Answer(Decimal(0), Decimal(0)), units=1)
    assert (told.units, told.would_pay) == (1, 0)


@pytest.mark.parametrize(
    "told",
    [
        (("OA", "101", "100000000"), ("CO", "45", "-99999999")),
        (("PR", "2", "100000000"), ("CO", "45", "-99999999")),
    ],
)
def test_more_than_a_row_can_hold_is_told_of_nobody(told):
    adjustments = tuple(Adjustment(group, reason, Decimal(amount)) for group, reason, amount in told)
    assert foresee(Answer(Decimal(1), Decimal(0), adjustments, allowed=Decimal(1)), units=1) is None
