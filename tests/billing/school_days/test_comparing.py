"""A sheet against what is on file: nothing lost, nothing doubled, and a row that may be another child's records nothing."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.claims.facts import Verified
from billing.school_days.columns import (
    AUTHORISATION,
    BORN,
    CHILD,
    COLUMNS,
    HOW,
    HOWS,
    MEMBER,
    NAME,
    NOTE,
    PAYER,
    PLAN,
    REFERENCE,
    SAID,
    TELE,
    TELES,
    UNTIL,
    WANTS,
    WHEN,
    cells_of,
)
from billing.school_days.comparing import Verdict, compare, left_out
from billing.school_days.standing import Child, Plan, Standing, Told, plan_on
from teledent.kit.csv_cells import day_in, said_in, text_cell

DAY, TODAY = date(2026, 12, 1), date(2026, 11, 29)
OLD = Told(Verified(date(2026, 11, 1), "phone"), "", "")
NEW = Told(Verified(date(2026, 11, 20), "portal", "covered", "not_needed"), "R-1", "-2 visits, =left")
MAYA_PLAN = Plan(UUID(int=11), "Cedar Mutual", "CM-1", date(2026, 1, 1), None, 30, (OLD, NEW))
MAYA = Child(UUID(int=1), "Maya Ortiz", date(2017, 3, 5), "3", "12", MAYA_PLAN)
BO = Child(
    UUID(int=2),
    "Bo Lindqvist",
    date(2018, 1, 1),
    "2",
    "4",
    replace(MAYA_PLAN, public_id=UUID(int=12), member_id="CM-2", told=()),
)
NILS = Child(UUID(int=3), "=Nils", date(2018, 1, 1), "2", "4", None)
ALL = [MAYA, BO, NILS]
LEARNED = {
    WHEN: "2026-11-28",
    HOW: "By phone",
    TELE: "Not covered",
    AUTHORISATION: "needed",
    REFERENCE: "77",
    NOTE: "'=SUM(1)",
}


def sheet(*changes, children=ALL):
    """Rows as they are handed out and read back, with cells of some of them changed: (child, {column: cell})."""
    rows = {child.public_id: handed_out(child) for child in children}
    for child, cells in changes:
        rows[child.public_id] |= cells
    return list(enumerate(rows.values(), 2))


def handed_out(child):
    return {name: text_cell(text) for name, text in cells_of(child, DAY).items()}


def compared(rows, children=ALL):
    return compare(rows, children, day=DAY, today=TODAY)


def only(*changes, child=BO):
    lines = {line.name: line for line in compared(sheet(*changes))}
    assert [line.verdict for name, line in lines.items() if name != child.name] == ["unchanged"] * 2
    return lines[child.name]


def test_a_sheet_that_comes_back_as_it_went_out_changes_nothing():
    assert {line.verdict for line in compared(sheet())} == {Verdict.UNCHANGED}


def test_what_was_learned_is_recorded_without_the_apostrophe_and_then_is_on_file():
    line = only((BO, LEARNED))
    assert line.verdict == Verdict.CHANGED
    assert line.record.plan == BO.plan.public_id
    assert line.record.told == Told(Verified(date(2026, 11, 28), "phone", "not_covered", "needed"), "77", "=SUM(1)")
    now = replace(BO, plan=replace(BO.plan, told=(line.record.told,)))
    again = compared(sheet((BO, LEARNED)), [MAYA, now, NILS])
    assert {one.verdict for one in again} == {Verdict.UNCHANGED}


def test_an_american_day_and_words_in_any_case_are_understood():
    line = only((BO, LEARNED | {WHEN: "11/28/2026", HOW: " by  PHONE ", TELE: "not_covered", AUTHORISATION: ""}))
    assert line.record.told.verified == Verified(date(2026, 11, 28), "phone", "not_covered", "unknown")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({WHEN: ""}, "Say when it was verified."),
        ({WHEN: "28.11.26"}, "“28.11.26” is no day; write it as 2026-01-31."),
        ({WHEN: "2026-11-30"}, "30 Nov 2026 has not come yet."),
        ({HOW: ""}, "Say how it was verified."),
        ({HOW: "By pigeon"}, "“By pigeon” is not known under “How”."),
        ({TELE: "perhaps"}, "“perhaps” is not known under “Teledentistry”."),
        ({NOTE: "n" * 301}, "“Note” holds 300 characters at most."),
        ({CHILD: ""}, "The row has no “Child key”."),
        ({CHILD: str(UUID(int=9))}, "No child of this school and year"),
        ({CHILD: "nonsense"}, "No child of this school and year"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(cells, sentence):
    line = only((BO, LEARNED | cells))
    assert line.verdict == Verdict.WRONG
    assert sentence in line.sentence


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({NAME: "Maya Ortiz"}, "Was a column sorted alone?"),
        ({BORN: "2017-03-05"}, "Was a column sorted alone?"),
        ({MEMBER: "CM-1"}, "The member id on file is CM-2."),
        ({PLAN: str(UUID(int=11))}, "The plan on file is another one now: Cedar Mutual, CM-2."),
    ],
)  # fmt: skip
def test_what_may_be_another_childs_is_doubtful(cells, sentence):
    line = only((BO, LEARNED | cells))
    assert (line.verdict, line.record) == (Verdict.DOUBTFUL, None)
    assert sentence in line.sentence


def test_a_child_twice_is_wrong_twice():
    rows = sheet((BO, LEARNED))
    lines = compared([*rows, (9, rows[1][1])])
    assert [line.number for line in lines if line.verdict == Verdict.WRONG] == [3, 9]


def test_a_child_without_a_plan_has_nothing_to_verify():
    line = only((NILS, LEARNED), child=NILS)
    assert line.verdict == Verdict.DOUBTFUL
    assert "Add the coverage" in line.sentence


def test_emptying_a_row_takes_nothing_back():
    line = only((MAYA, dict.fromkeys(SAID, "")), child=MAYA)
    assert line.verdict == Verdict.DOUBTFUL
    assert "kept" in line.sentence


def test_a_sheet_older_than_what_is_on_file_records_nothing():
    (line, *_) = compared(sheet(children=[replace(MAYA, plan=replace(MAYA_PLAN, told=(OLD,)))]))
    assert line.verdict == Verdict.UNCHANGED  # what it says was recorded once
    late = only((MAYA, LEARNED | {WHEN: "2026-11-10"}), child=MAYA)
    assert late.verdict == Verdict.DOUBTFUL
    assert "A newer verification, of 20 Nov 2026" in late.sentence


def test_another_end_of_the_plan_is_told_and_not_recorded():
    line = only((BO, LEARNED | {UNTIL: "2026-12-31"}))
    assert line.verdict == Verdict.CHANGED
    assert line.remark == "Plan until changed in the sheet: that is done on the plan's page."


def test_children_without_a_row_are_counted():
    assert left_out(sheet()[:1], ALL) == 2


words = st.text(st.sampled_from("ab =+-@|%,;'＝ñ"), max_size=12).map(lambda text: " ".join(text.split()))
told = st.builds(
    Told,
    st.builds(Verified, st.dates(date(2026, 1, 1), TODAY), *(st.sampled_from(list(words)) for words in (HOWS, TELES, WANTS))),
    words, words,
)  # fmt: skip


@given(st.lists(told, max_size=4), st.text(max_size=20))
def test_whatever_is_on_file_comes_back_unchanged(some, member):
    ordered = tuple(sorted(some, key=lambda one: one.verified.on))
    child = replace(MAYA, plan=replace(MAYA_PLAN, told=ordered, member_id=member))
    assert [line.verdict for line in compared(sheet(children=[child]), [child])] == [Verdict.UNCHANGED]


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=30)))
def test_any_cells_are_answered_and_only_a_changed_row_records(cells):
    (line,) = compared(sheet((MAYA, cells), children=[MAYA]), [MAYA])
    assert (line.record is not None) == (line.verdict == Verdict.CHANGED)
    assert line.sentence or line.verdict in (Verdict.CHANGED, Verdict.UNCHANGED)


@given(st.text(st.sampled_from("ab =+-@|%,;'＝\t\n"), max_size=20))
def test_the_apostrophe_comes_off_and_goes_on_again(text):
    cell = text_cell(text)
    assert text_cell(said_in(cell)) == cell
    if "'" not in text and not set(text) & set("\t\n"):
        assert said_in(cell) == text


@given(st.dates())
def test_a_day_is_read_as_either_sheet_writes_it(day):
    assert day_in(day.isoformat()) == day
    assert day_in(f"{day.month}/{day.day}/{day.year:04d}") == day


def test_the_plan_of_a_day_is_the_one_in_force_else_the_one_that_ends_last():
    first = replace(MAYA_PLAN, valid_until=date(2026, 6, 30))
    second = replace(MAYA_PLAN, public_id=UUID(int=13), valid_from=date(2026, 7, 1), valid_until=date(2026, 11, 30))
    assert plan_on([first, second], date(2026, 6, 30)) == first
    assert plan_on([first, second], date(2026, 7, 1)) == second
    assert plan_on([first, second], DAY) == second
    assert plan_on([], DAY) is None


@pytest.mark.parametrize(
    ("plan", "standing"),
    [
        (None, Standing.NONE),
        (replace(MAYA_PLAN, valid_until=DAY - timedelta(days=1)), Standing.LAPSED),
        (replace(MAYA_PLAN, valid_until=DAY), Standing.VERIFIED),
        (replace(MAYA_PLAN, valid_from=DAY + timedelta(days=1)), Standing.NOT_YET),
        (replace(MAYA_PLAN, told=()), Standing.UNVERIFIED),
        (replace(MAYA_PLAN, holds_for=10), Standing.OLD),
    ],
)  # fmt: skip
def test_how_a_plan_stands(plan, standing):
    assert replace(MAYA, plan=plan).standing(DAY) == standing


@pytest.mark.parametrize("cells", [{PAYER: "Other Mutual"}, {MEMBER: "CM-9"}])
def test_an_answer_about_another_payer_or_member_id_is_doubtful(cells):
    line = compared(sheet((MAYA, {**LEARNED, **cells})))[0]
    assert (line.verdict, line.record) == (Verdict.DOUBTFUL, None)


def test_what_was_marked_as_entered_in_error_does_not_come_back_with_the_sheet():
    rows = sheet()
    marked = replace(MAYA, plan=replace(MAYA_PLAN, told=(OLD,), mistaken=(NEW,)))
    line = compared(rows, [marked, BO, NILS])[0]
    assert line.verdict == Verdict.DOUBTFUL
    assert "entered in error" in line.sentence


def test_a_reference_that_a_spreadsheet_took_for_a_number_is_the_one_on_file():
    told = replace(NEW, reference="0045512")
    child = replace(MAYA, plan=replace(MAYA_PLAN, told=(OLD, told)))
    rows = sheet((child, {REFERENCE: "45512"}), children=[child])
    assert [line.verdict for line in compared(rows, [child])] == [Verdict.UNCHANGED]
