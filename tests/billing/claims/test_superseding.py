"""A change of a payer's rule: whatever is entered, no two rows share a day, and what was said of earlier days stays."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from billing.claims.superseding import Span, supersede

FIRST = date(2026, 1, 1)
DAYS = 40


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


changes = st.lists(
    st.tuples(st.integers(0, DAYS), st.none() | st.integers(0, 12)).map(
        lambda one: (day(one[0]), None if one[1] is None else day(one[0] + one[1]))
    ),
    max_size=8,
)


def changed(standing: list[Span], said: int, first: date, last: date | None) -> list[Span]:
    """As the action does it: the row that gives way ends or is set aside, the new one is added; a clash changes nothing."""
    found = supersede(standing, first, last)
    if found.clash is not None:
        return standing
    others = [one for one in standing if one != found.gives_way]
    ended = [replace(found.gives_way, last=found.ends_on)] if found.gives_way and found.ends_on else []
    return [*others, *ended, Span(said, first, last)]


def said_on(rows: list[Span], at: date) -> list[int]:
    return [one.row for one in rows if one.holds_on(at)]


@given(changes)
def test_no_two_rows_ever_share_a_day_and_no_row_is_rewritten(entered):
    rows: list[Span] = []
    for said, (first, last) in enumerate(entered):
        rows = changed(rows, said, first, last)
        assert all(len(said_on(rows, day(number))) <= 1 for number in range(DAYS + 20))
        assert all(one.first == entered[one.row][0] for one in rows)
        assert all(one.last is None or one.first <= one.last for one in rows)


@given(changes)
def test_the_new_row_holds_on_its_days_and_earlier_days_keep_theirs(entered):
    rows: list[Span] = []
    for said, (first, last) in enumerate(entered):
        before, clashed = rows, supersede(rows, first, last).clash is not None
        rows = changed(rows, said, first, last)
        for at in (day(number) for number in range(DAYS + 20)):
            own = first <= at and (last is None or at <= last)
            assert said_on(rows, at) == ([said] if own and not clashed else said_on(before, at)) or (
                not own and at > first
            )


@given(changes)
def test_what_nobody_holds_any_more_is_told(entered):
    rows: list[Span] = []
    for said, (first, last) in enumerate(entered):
        before, found = rows, supersede(rows, first, last)
        rows = changed(rows, said, first, last)
        lost = [at for at in (day(n) for n in range(DAYS + 20)) if said_on(before, at) and not said_on(rows, at)]
        assert (lost[:1] or [None]) == [found.unknown_from] or (found.unknown_from is not None and not lost)
        assert found.clash is None or rows == before
