"""Nothing that leaves the practice lets a few children be told apart, neither at once nor as what is left of the whole."""

from functools import cache
from itertools import combinations, product

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.indicators.figures import Child, group, groups_by
from cases.indicators.sheet import HEAD, Sheet, lines
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


# --- the whole file, by somebody who sets up every equation that it holds -------------------------------------------------

VALUES = ("yes", "no", "cannot")
DECAYS = [(untreated, treated) for untreated in VALUES for treated in VALUES]
CELLS = [(*decay, free) for decay in DECAYS for free in VALUES]
PLACES = [(school, grade) for school in range(3) for grade in ("K", "3")]
OF_DECAY = {
    "Untreated decay": lambda cell: cell[0], "Treated decay": lambda cell: cell[1],
    "Caries experience": lambda cell: "yes" if "yes" in cell[:2] else "no" if cell[:2] == ("no", "no") else "cannot",
}  # fmt: skip
SAID = {**OF_DECAY, "Sealants on primary molars": lambda cell: cell[2]}  # the last has nothing to do with decay
few_and_many = st.sampled_from([0, 0, 0, 1, 2, 4, 5, 6, 9, 30])
GROUPS = len(PLACES) * len(DECAYS)


def practice(sizes, values):
    """Children by place and cell: each group of one place and decay has one value of the free indicator."""
    numbers = np.zeros((GROUPS, len(VALUES)), dtype=int)
    numbers[range(GROUPS), [VALUES.index(value) for value in values]] = sizes
    return numbers.ravel()


anyhow = st.lists(few_and_many, min_size=GROUPS, max_size=GROUPS)
few_without = st.tuples(*(  # many whose teeth were seen, and few whose were not: those who were counted are hidden alone
    st.sampled_from([0, 1, 2, 30] if decay == ("cannot", "cannot") else [0, 30]) for _ in PLACES for decay in DECAYS
))  # fmt: skip
practices = st.builds(
    practice,
    anyhow | few_without,
    st.sampled_from([VALUES, ("yes", "no"), ("no",)]).flatmap(
        lambda some: st.lists(st.sampled_from(some), min_size=GROUPS, max_size=GROUPS)
    ),
)


def sheet_of(numbers):
    children = [
        Child(2026, school, grade, expected=True, screened=True, left_out=False, values=values_of(cell))
        for ((school, grade), cell), number in zip(product(PLACES, CELLS), numbers, strict=True) for _ in range(number)
    ]  # fmt: skip
    return Sheet(
        2026, group("All schools", children), groups_by(children, lambda one: f"School {one.school}"),
        groups_by(children, lambda one: f"Grade {one.grade}"),
    )  # fmt: skip


def values_of(cell):
    experience = OF_DECAY["Caries experience"](cell)
    said = {"untreated": cell[0], "treated": cell[1], "experience": experience, "primary_sealants": cell[2]}
    return {**said, "sealants": "not_applicable"}


@cache
def counts(name, cells):
    """The children of a part of the file who are in one of these cells, as ones in a row of all."""
    return np.array([
        float(name in ("All schools", f"School {school}", f"Grade {grade}") and cell in cells)
        for (school, grade), cell in product(PLACES, CELLS)
    ])  # fmt: skip


@cache
def asked_of(name):
    """The children of a part by any union of decays, and by what the free indicator says of them."""
    return np.array([
        counts(name, tuple((*decay, value) for decay in some for value in values))
        for size in range(1, len(DECAYS) + 1) for some in combinations(DECAYS, size)
        for values in (VALUES, ("yes", "no"), *((one,) for one in VALUES))
    ])  # fmt: skip


def equations(rows):
    for _, _, name, _, _, _, counted, indicator, _, number, of, _, without, _ in rows:
        if counted != "hidden":
            yield counts(name, tuple(CELLS)), counted
        if (say := SAID.get(indicator)) is None:
            continue
        having = {value: tuple(cell for cell in CELLS if say(cell) == value) for value in VALUES}
        if number != "hidden":
            yield counts(name, having["yes"]), number
        if of != "hidden":
            yield counts(name, having["yes"] + having["no"]), of
        if without != "hidden":
            yield counts(name, having["cannot"]), without


# what is told hides one school beside the smallest, and who was counted hides another: the rest of each gave away one child
TWO_PARTNERS = practice([{15: 5, 16: 1, 25: 5, 50: 5}.get(at, 0) for at in range(GROUPS)], ["no"] * GROUPS)


@settings(max_examples=60, deadline=None)
@example(TWO_PARTNERS)
@given(practices)
def test_no_few_children_can_be_worked_out_of_all_that_the_file_says(numbers):
    """Where nobody is, nobody is in any part of it either: such cells are known to be empty."""
    rows = [row for row in lines(sheet_of(numbers)) if len(row) == len(HEAD)][1:]
    known = list(equations(rows))
    for row, said in known:
        assert row @ numbers == int(said)
    if not known:
        return
    asked = np.concatenate([asked_of(name) for name in sorted({row[2] for row in rows})])
    empty = np.any([row > 0 for row, said in known if int(said) == 0] or [numbers < 0], axis=0)
    told, asked, numbers = np.array([row for row, _ in known])[:, ~empty], asked[:, ~empty], numbers[~empty]
    _, strengths, basis = np.linalg.svd(told, full_matrices=False)
    basis = basis[strengths > 1e-9]
    follows = np.abs(asked - asked @ basis.T @ basis).max(axis=1, initial=0) < 1e-7
    found = asked[follows] @ numbers
    assert not ((found > 0) & (found < LEAST)).any()


def test_what_two_indicators_say_does_not_give_away_the_third():
    """Untreated 10 of 42, experience 12 of 42: two children have fillings and nothing else."""
    sizes = [0] * GROUPS
    for at, number in ((0, 0), (1, 10), (3, 2), (4, 30), (18 + 1, 40), (18 + 3, 40), (18 + 4, 40)):
        sizes[at] = number
    rows = lines(sheet_of(practice(sizes, ["no"] * GROUPS)))
    told = {(row[2], row[7]): row[9] for row in rows if len(row) == len(HEAD)}
    assert {told["School 0", indicator] for indicator in OF_DECAY} == {"hidden"}


def test_of_how_many_one_indicator_says_something_does_not_tell_how_many_another_does_not():
    """In each school two of 42 have no value of decay, and nobody is without one of the free indicator."""
    sizes = [0] * GROUPS
    for school in range(3):
        for at, number in ((4, 40), (8, 2)):
            sizes[school * 18 + at] = number
    rows = [row for row in lines(sheet_of(practice(sizes, ["no"] * GROUPS))) if len(row) == len(HEAD)]
    free = {row[2]: (row[6], *row[9:13]) for row in rows if row[7] == "Sealants on primary molars"}
    assert free["School 0"] == ("hidden", "0", "hidden", "hidden", "hidden")
    assert free["All schools"] == ("126", "0", "126", "0.0", "0")
