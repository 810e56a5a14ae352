"""Nothing that leaves the practice lets a few children be told apart, neither at once nor as what is left of the whole."""

from hypothesis import given
from hypothesis import strategies as st

from cases.indicators.small import LEAST, hidden_parts, is_safe, whole_is_hidden

numbers = st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
parts = st.lists(numbers, max_size=7)


def whole_of(found):
    return tuple(sum(column) for column in zip(*found, strict=True)) if found else (0, 0, 0)


@given(parts)
def test_what_is_told_holds_no_small_number(found):
    hidden = hidden_parts(found)
    told = [one for at, part in enumerate(found) if at not in hidden for one in part]
    assert all(one == 0 or one >= LEAST for one in told)


@given(parts)
def test_what_is_left_of_the_whole_is_of_two_parts_and_no_small_number(found):
    hidden = hidden_parts(found)
    if hidden and not whole_is_hidden(found, whole_of(found)):
        told = [part for at, part in enumerate(found) if at not in hidden]
        rest = [all_ - known for all_, known in zip(whole_of(found), whole_of(told), strict=True)]
        assert len(hidden) >= 2
        assert all(sum(found[at]) for at in hidden)
        assert is_safe(rest)


@given(parts)
def test_nothing_is_hidden_where_nothing_is_small(found):
    large = [tuple(one + LEAST for one in part) for part in found]
    assert not hidden_parts(large)
    assert not whole_is_hidden(large, whole_of(large))


def test_one_small_part_takes_the_next_smallest_with_it():
    assert hidden_parts([(3, 20), (9, 30), (40, 50)]) == {0, 1}


def test_two_small_parts_that_are_small_together_take_a_third():
    assert hidden_parts([(1, 10), (2, 10), (12, 30), (40, 50)]) == {0, 1, 2}


def test_a_single_school_that_is_small_hides_the_whole():
    assert whole_is_hidden([(2, 30)], (2, 30))
    assert not whole_is_hidden([(8, 30)], (8, 30))


def test_a_nought_is_told_and_a_part_without_children_hides_nobody():
    assert hidden_parts([(0, 30), (9, 30)]) == frozenset()
    assert whole_is_hidden([(0, 0), (3, 20)], (3, 20))
