"""A roster never makes a child twice, never takes one child for another, and writes nothing over."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.events import columns as c
from cases.events.comparing import LEAVE, NEW, Known, Verdict, compare

TODAY = date(2026, 11, 29)
BORN = date(2018, 3, 14)


def child(number, given, family, born=BORN, **said):
    filled = dict.fromkeys(c.COLUMNS, "") | {name: value for name, value in said.items() if name in c.COLUMNS}
    return Known(
        UUID(int=number),
        given,
        family,
        filled[c.IN_USE],
        born,
        filled,
        tuple(said.get("guardians", ())),
        said.get("listed", False),
    )


MATEO = child(1, "Mateo", "Villanueva-Reyes", **{c.PUPIL: "AC-1", c.ROOM: "12", c.GRADE: "3"}, listed=True)
LUCIA = child(2, "Lucía", "Villanueva-Reyes", **{c.PUPIL: "AC-2"})  # his twin
OLD_PHONE = child(3, "Ana", "Costa", date(2017, 1, 2), **{c.PHONE: "555-0101", c.LANGUAGE: ""})
KNOWN = [MATEO, LUCIA, OLD_PHONE]


def row(given, family, born="3/14/2018", **more):
    return dict.fromkeys(c.COLUMNS, "") | {c.GIVEN: given, c.FAMILY: family, c.BORN: born} | more


def only(*rows, meant=None, known=KNOWN):
    lines = compare(list(enumerate(rows, 2)), known, meant=meant or {}, today=TODAY)
    return lines[0] if len(rows) == 1 else lines


def test_names_and_birth_date_together_are_the_child_however_they_are_written():
    line = only(row("MATEO", "villanueva-reyes", "2018-03-14", **{c.ROOM: "12", c.GRADE: "3"}))
    assert (line.verdict, line.child, line.taking) == (Verdict.SAME, MATEO, None)
    moved = only(row("Mateo", "Villanueva-Reyes", **{c.ROOM: "14", c.PUPIL: "ac-1"}))
    assert (moved.verdict, moved.changes) == (Verdict.CHANGED, ((c.ROOM, "12", "14"),))


@pytest.mark.parametrize(
    "said",
    [
        row("Matteo", "Villanueva-Reyes"),  # another spelling, or a brother born that day
        row("Mateo", "Villanueva"),  # a name that changed
        row("Mateo", "Villanueva-Reyes", "3/14/2017"),  # another birth date
        row("Joao", "Silva", "5/5/2016", **{c.PUPIL: "AC-1"}),  # a pupil id of somebody
        row("Mateo", "Villanueva-Reyes", **{c.PUPIL: "AC-9"}),  # the same in all but the id
        row("Mateo", "Villanueva-Reyes", **{c.PUPIL: "AC-2"}),  # his twin's id
    ],
)
def test_whatever_agrees_in_part_waits_for_a_person(said):
    line = only(said)
    assert (line.verdict, line.taking) == (Verdict.DOUBTFUL, None)
    assert MATEO in line.may_be
    as_new = only(said, meant={"2": NEW})
    assert (as_new.verdict, as_new.taking.child) == (Verdict.NEW, None)
    as_him = only(said, meant={"2": str(MATEO.public_id)})
    assert as_him.taking is None or as_him.taking.child == MATEO.public_id
    assert only(said, meant={"2": LEAVE}).verdict == Verdict.LEFT
    assert only(said, meant={"2": str(UUID(int=77))}).verdict == Verdict.DOUBTFUL  # nobody who was shown


def test_what_is_on_file_stays_and_what_is_empty_is_filled():
    line = only(row("Ana", "Costa", "1/2/2017", **{c.PHONE: "555-0999", c.LANGUAGE: "Portuguese", c.SEX: "Girl"}))
    assert line.taking.details == {c.LANGUAGE: "Portuguese", c.SEX: "F"}
    assert line.remarks == ("Phone on file is another and stays: 555-0101.",)


def test_half_an_address_is_none():
    whole = {c.STREET: "1 Elm", c.CITY: "Larkhaven", c.STATE: "washington", c.ZIP: "98662"}
    assert only(row("Nils", "Berg", "1/1/2019", **whole)).taking.details[c.STATE] == "WA"
    half = only(row("Nils", "Berg", "1/1/2019", **(whole | {c.ZIP: "9866"})))
    assert (half.taking.details, half.remarks[0][:11]) == ({}, "The address")


def test_the_same_child_twice_in_a_sheet_is_taken_on_from_neither_row():
    twice = only(row("Nils", "Berg", "1/1/2019"), row("NILS", "Berg", "1/1/2019", **{c.ROOM: "4"}))
    assert [line.verdict for line in twice] == [Verdict.WRONG, Verdict.WRONG]
    ids = only(row("Nils", "Berg", "1/1/2019", **{c.PUPIL: "7"}), row("Olga", "Dahl", "2/1/2019", **{c.PUPIL: "7"}))
    assert [line.verdict for line in ids] == [Verdict.WRONG, Verdict.WRONG]
    in_use = child(9, "Alexandra", "Kim", **{c.IN_USE: "Sasha"})
    both = only(row("Alexandra", "Kim"), row("Sasha", "Kim"), known=[in_use])
    assert [line.verdict for line in both] == [Verdict.WRONG, Verdict.WRONG]


def test_a_day_written_in_two_ways_is_one_day():
    twice = only(row("Zoe", "Zed", "3/14/2018"), row("Zoe", "Zed", "2018-03-14"))
    assert [line.verdict for line in twice] == [Verdict.WRONG, Verdict.WRONG]
    twins = only(row("Ada", "Okafor", "6/1/2019"), row("Chidi", "Okafor", "2019-06-01"))
    assert [line.remarks for line in twins] == [("A twin stands in the sheet too.",)] * 2


def test_a_spelling_that_was_merged_away_is_known():
    kept = replace(MATEO, was=(child(1, "Matteo", "Villanueva", date(2018, 3, 15)),))
    line = only(row("Matteo", "Villanueva", "3/15/2018"), known=[kept])
    assert (line.child, line.taking) == (kept, None)


@pytest.mark.parametrize("name", ["Na", "Ok", "Nil", "Li", "X", "O'"])
def test_short_names_are_names(name):
    assert only(row(name, name, "1/1/2019")).verdict == Verdict.NEW


def test_twins_that_are_both_new_are_two_children_and_say_so():
    lines = only(row("Amara", "Okafor", "6/1/2019"), row("Chidi", "Okafor", "6/1/2019"))
    assert [(line.verdict, line.remarks) for line in lines] == [(Verdict.NEW, ("A twin stands in the sheet too.",))] * 2


@pytest.mark.parametrize(
    "said",
    [
        row("", "Berg"), row("Nils", "-"), row("Nils", "Berg", ""), row("Nils", "Berg", "13/45/2018"), row("Nils", "Berg", "3/14/18"),
        row("Nils", "Berg", "1/1/2099"), row("Nils", "Berg", "1/1/1850"), row("Nils", "Berg", **{c.SEX: "yes"}),
        row("N" * 61, "Berg"), row("Nils", "Berg", **{c.ROOM: "the large room at the end"}),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_so_and_does_nothing(said):
    line = only(said)
    assert (line.verdict, line.taking) == (Verdict.WRONG, None)
    assert line.sentence.endswith(".")


names = st.sampled_from(["Mateo", "MATEO", "Lucia", "Ana", "Nils", "", "Chidi"])
families = st.sampled_from(["Villanueva-Reyes", "Villanueva", "Costa", "Berg", "x"])
born = st.sampled_from(["3/14/2018", "2018-03-14", "1/2/2017", "2/2/2022", "never"])
rows = st.lists(
    st.builds(
        lambda g, f, b, p, r: row(g, f, b, **{c.PUPIL: p, c.ROOM: r}), names, families, born,
        st.sampled_from(["", "AC-1", "AC-2", "Z"]), st.sampled_from(["", "4"]),
    ),
    max_size=8,
)  # fmt: skip
words = st.sampled_from(["", NEW, LEAVE, *(str(one.public_id) for one in KNOWN)])


@settings(max_examples=300)
@given(rows, st.lists(words, min_size=8, max_size=8))
def test_any_sheet_and_any_answers(sheet, answers):
    meant = {str(number): answer for number, answer in enumerate(answers, 2)}
    lines = compare(list(enumerate(sheet, 2)), KNOWN, meant=meant, today=TODAY)
    assert [line.number for line in lines] == list(range(2, 2 + len(sheet)))
    takings = [line.taking for line in lines if line.taking]
    onto = [one.child for one in takings if one.child]
    assert len(onto) == len(set(onto))
    for line in lines:
        if line.taking is None:
            continue
        if line.taking.child is None:  # a new patient is nobody on file, unless a person said so
            exact = [
                k
                for k in KNOWN
                if (k.given, k.family, k.born) == (line.taking.given, line.taking.family, line.taking.born)
            ]
            assert not exact or meant[str(line.number)] == NEW
        else:
            on_file = next(k for k in KNOWN if k.public_id == line.taking.child)
            assert not {column for column in line.taking.details if on_file.said[column]}
