"""Which authorisation covers a line, what is said where none does, and how its number goes out."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from billing.claims.authorised import Authorised, AuthorisedUnits, Service, cover, foreseen, lack_of, left_of, pooled
from billing.claims.facts import ClaimFacts, OnSiteService
from billing.claims.lines import draft_claim
from billing.claims.payer_rules import PayerRule
from billing.claims.rules import check
from billing.sheet_content import sheet_content
from tests.billing.claims.cast import DAY_SEEN, DAY_SIGNED, school_child
from tests.billing.x12.files import submission, text_of

days = st.dates(date(2026, 1, 1), date(2026, 3, 1))
codes, teeth = st.sampled_from(["D0140", "D1354"]), st.sampled_from(["", "A", "32"])
units = st.builds(
    lambda code, tooth, approved, used: AuthorisedUnits(code, tooth, approved, max(0, approved - used)),
    codes, teeth, st.integers(1, 3), st.integers(0, 3),
)  # fmt: skip
approvals = st.lists(
    st.builds(
        lambda number, first, length, rows: Authorised(
            f"PA-{number}", first, None if length is None else first + timedelta(days=length), tuple(rows), str(number)
        ),
        st.integers(1, 9), days, st.none() | st.integers(0, 30),
        st.lists(units, max_size=3, unique_by=lambda one: (one.code, one.tooth)),
    ),
    max_size=4, unique_by=lambda one: one.row,
)  # fmt: skip
services = st.lists(
    st.builds(Service, codes, days, teeth, st.integers(1, 2), holds_for=st.none() | st.integers(0, 40)), max_size=5
)


@given(approvals, services)
def test_what_covers_a_service_fits_it_and_no_unit_is_given_twice(known, asked):
    found, taken = cover(known, asked), Counter()
    assert len(found) == len(asked)
    for service, one in zip(asked, found, strict=True):
        if one is not None:
            last = one.last_day(service.holds_for)
            assert one.valid_from <= service.day <= (last or service.day)
            assert any(of.code == service.code and of.tooth in ("", service.tooth) for of in one.units)
            taken[one.row, service.code] += service.units
    for row, code in taken:
        (one,) = (one for one in known if one.row == row)
        assert taken[row, code] <= sum(of.left for of in one.units if of.code == code)


@given(approvals, services)
def test_the_first_service_is_covered_exactly_when_one_alone_would_cover_it(known, asked):
    if asked:
        alone = [cover([one], asked[:1])[0] for one in known]
        assert (cover(known, asked)[0] is not None) == any(alone)


@given(approvals, services)
def test_what_is_said_of_an_uncovered_service_is_so(known, asked):
    for service in asked:
        if cover(known, [service])[0] is not None:
            continue
        lack, nearest = lack_of(known, service)
        assert (nearest is None) == (lack == "none")
        if nearest is not None:
            holds = nearest.holds_on(service.day, service.holds_for)
            fits = any(of.code == service.code and of.tooth in ("", service.tooth) for of in nearest.units)
            assert {"other_tooth": not fits, "used_up": fits and holds, "ended": fits and not holds
                    and nearest.valid_from <= service.day, "not_begun": fits and service.day < nearest.valid_from}[lack]  # fmt: skip


@given(st.lists(units, max_size=4, unique_by=lambda one: (one.code, one.tooth)),
       st.dictionaries(st.tuples(codes, teeth), st.integers(0, 4)))  # fmt: skip
def test_units_left_and_units_used_come_to_what_was_approved(rows, used):
    left = left_of(rows, used)
    assert [(one.code, one.tooth, one.approved) for one in left] == [
        (one.code, one.tooth, one.approved) for one in rows
    ]
    assert all(0 <= one.left <= one.approved for one in left)
    if not used:
        assert all(one.left == one.approved for one in left)


@given(st.lists(units, max_size=4, unique_by=lambda one: (one.code, one.tooth)),
       st.dictionaries(st.tuples(codes, teeth), st.integers(0, 4)))  # fmt: skip
def test_no_unit_that_was_used_is_forgotten(rows, used):
    """While there are units of any tooth, all that was used of the code is off."""
    left = left_of(rows, used)
    for any_tooth in (one for one in left if not one.tooth and one.left):
        of_code = [one for one in left if one.code == any_tooth.code]
        spent = sum(count for (code, _), count in used.items() if code == any_tooth.code)
        assert sum(one.approved - one.left for one in of_code) == spent


def test_what_exceeds_a_named_tooth_is_taken_from_those_of_any():
    rows = (AuthorisedUnits("D1354", "A"), AuthorisedUnits("D1354", "", 3))
    assert [one.left for one in left_of(rows, {("D1354", "A"): 3})] == [0, 1]


def test_a_number_that_was_extended_is_one_sum_of_units():
    first = Authorised("PA-1", DAY_SEEN, DAY_SEEN, (AuthorisedUnits("D1354", "", 2, 2),), "1")
    longer = Authorised("PA-1", DAY_SEEN, None, (AuthorisedUnits("D1354", "", 1, 1),), "2")
    after, on_day = (Service("D1354", day, "A") for day in (DAY_SEEN + timedelta(days=1), DAY_SEEN))
    left = pooled((first, longer), {"PA-1": {("D1354", "A"): 2}})
    assert [one.units[0].left for one in left] == [1, 1]
    assert cover(left, (on_day, after)) == (left[0], None)  # one unit is left, whichever answer it is taken from
    assert cover(left, (after,)) == (left[1],)


def test_of_two_answers_of_one_day_the_later_is_named():
    told = [Authorised(name, DAY_SEEN, units=(AuthorisedUnits("D1354"),), row=name) for name in ("OLD", "NEW")]
    assert foreseen(told, Service("D1354", DAY_SEEN)) == told[1]


def test_a_day_past_the_calendar_is_its_last():
    late = Authorised("PA-1", date(9999, 12, 1), units=(AuthorisedUnits("D1354"),))
    assert late.last_day(90) == date.max


def test_one_for_this_tooth_and_the_one_that_runs_out_first_go_before():
    any_tooth = Authorised("PA-1", DAY_SEEN, units=(AuthorisedUnits("D1354"),), row="1")
    this_tooth = Authorised("PA-2", DAY_SEEN, units=(AuthorisedUnits("D1354", "A"),), row="2")
    sooner = Authorised("PA-3", DAY_SEEN, DAY_SEEN, (AuthorisedUnits("D1354"),), "3")
    known = (any_tooth, this_tooth, sooner)
    on_a, on_b = Service("D1354", DAY_SEEN, "A"), Service("D1354", DAY_SEEN, "B")
    assert cover(known, (on_a, on_b, on_b, on_b)) == (this_tooth, sooner, any_tooth, None)


def test_one_without_an_end_holds_for_the_days_of_the_payers_rule():
    open_ended = Authorised("PA-1", DAY_SIGNED - timedelta(days=30), units=(AuthorisedUnits("D0140"),), row="1")
    for days_held, rules in ((30, []), (29, ["PAY.authorisation-ended"])):
        row = PayerRule("D0140", "Manual", covered="yes", authorisation="always", authorisation_days=days_held)
        facts = replace(school_child(), payer_rules=(row,), authorised=(open_ended,))
        problems = check(facts, draft_claim(facts, "dentist"))
        assert [one.rule for one in problems] == rules
    assert "number PA-1 until 14 Sep 2026" in problems[0].sentence


# --- on the claim ---------------------------------------------------------------------------------------------------


def on_two_teeth(*authorised: Authorised) -> ClaimFacts:
    services = (OnSiteService("D0191", DAY_SEEN), *(OnSiteService("D1354", DAY_SEEN, tooth=one) for one in "AB"))
    fees = (*school_child().fees, replace(school_child().fees[0], code="D1354"))
    return replace(school_child(), services=services, fees=fees, authorised=authorised)


def approved(number: str, tooth: str = "") -> Authorised:
    units = AuthorisedUnits("D1354", tooth, approved=2 if not tooth else 1, left=2 if not tooth else 1)
    return Authorised(number, DAY_SEEN, units=(units,), row=number)


def segments_of(facts: ClaimFacts) -> list[str]:
    text = text_of(submission(facts, "hygienist"))
    wanted = ("REF*G1", "REF*6R", "REF*F8", "CLM", "LX", "NTE")
    return ["*".join(one.split("*")[:3]) for one in text.replace("\n", "").split("~") if one.startswith(wanted)]


def item_two(facts: ClaimFacts) -> str:
    sheet = sheet_content("TD1-000001-1", facts, draft_claim(facts, "hygienist"), attachments=())
    return next(item.value for item in sheet.before_lines[0].items if item.number == "2")


def test_one_number_stands_on_the_claim_and_on_no_line():
    facts = on_two_teeth(approved("pa-77"))
    written = segments_of(facts)
    assert [one for one in written if one.startswith("REF*G1")] == ["REF*G1*PA-77"]
    assert written.index("REF*G1*PA-77") < written.index("LX*1")
    assert item_two(facts) == "pa-77"


def test_two_numbers_stand_each_on_its_line_before_the_lines_own():
    facts = on_two_teeth(approved("PA-1", "A"), approved("PA-2", "B"))
    written = segments_of(facts)
    assert [one for one in written if one.startswith("REF*G1")] == ["REF*G1*PA-1", "REF*G1*PA-2"]
    assert written.index("LX*2") < written.index("REF*G1*PA-1") < written.index("LX*3") < written.index("REF*G1*PA-2")
    assert item_two(facts) == "PA-1 (line 2); PA-2 (line 3)"


def test_no_number_where_nothing_is_approved():
    assert not [one for one in segments_of(on_two_teeth()) if "G1" in one]
    assert item_two(on_two_teeth()) == ""
