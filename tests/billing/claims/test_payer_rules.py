"""The grammar of frequency limits, and which dated row stands (domain.md 2.1)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.claims.authorised import Authorised, AuthorisedUnits
from billing.claims.facts import ClaimFacts
from billing.claims.lines import draft_claim, is_epsdt
from billing.claims.payer_rules import (
    SCOPES,
    UNITS,
    Companion,
    DoneBefore,
    Frequency,
    NotAFrequencyError,
    PayerRule,
    dos_basis_of,
    parse_frequencies,
    parse_frequency,
    rule_for,
    strictest_limits,
)
from billing.claims.rules import check, may_be_sent
from billing.outcomes.classify import Adjustment, Answer, Outcome, judge
from billing.terms import terms_for
from tests.billing.claims.cast import DAY_SEEN, DAY_SIGNED, DENTIST, PAYER, SCHOOL, school_child, with_coverage
from tests.billing.x12.files import submission, text_of

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
limits = st.builds(
    Frequency,
    st.integers(1, 12),
    st.integers(1, 60),
    st.sampled_from(UNITS),
    st.sampled_from(SCOPES),
    st.lists(st.from_regex(r"D[0-9]{4}", fullmatch=True), unique=True, max_size=3).map(tuple),
    st.integers(1, 12),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["count", "period", "unit", "x"]), inner)
    ),
    max_leaves=6,
)


@given(limits)
def test_a_limit_reads_back_as_it_was_written(limit: Frequency):
    raw = {name: getattr(limit, name) for name in Frequency.__slots__}
    assert parse_frequency({**raw, "shared_with": list(limit.shared_with)}) == limit


@given(anything)
def test_whatever_is_typed_is_read_or_refused_with_a_sentence(raw: object):
    said = ""
    try:
        parse_frequencies(raw)
    except NotAFrequencyError as problem:
        said = str(problem)
    assert said == "" or said.endswith(".")


@pytest.mark.parametrize("raw", [
    {"count": 0, "period": 1, "unit": "day"}, {"count": True, "unit": "day"}, {"count": 1, "unit": "week"},
    {"count": 1, "unit": "day", "scope": "family"}, {"count": 1, "unit": "day", "shared_with": ["0120"]},
    {"count": 1, "unit": "day", "each": 2}, {"count": 1, "unit": "day", "shared_with": "D0120"}, "once", None,
])  # fmt: skip
def test_an_impossible_limit_is_refused(raw: object):
    with pytest.raises(NotAFrequencyError):
        parse_frequency(raw)


@given(limits, days, days)
def test_two_services_meet_whichever_is_asked_first_and_each_meets_itself(limit: Frequency, one: date, other: date):
    assert limit.meet(one, other) == limit.meet(other, one)
    assert limit.meet(one, one)


@given(limits, days, st.integers(0, 4000))
def test_a_longer_period_never_counts_less(limit: Frequency, day: date, earlier: int):
    longer = replace(limit, period=limit.period + 1)
    before = day - timedelta(days=earlier)
    assert longer.meet(before, day) or not limit.meet(before, day)


@pytest.mark.parametrize(("limit", "day", "first"), [
    (Frequency(1, 6, "month"), date(2026, 8, 31), date(2026, 3, 1)),
    (Frequency(1, 6, "month"), date(2026, 9, 15), date(2026, 3, 16)),
    (Frequency(1, 1, "calendar_year"), date(2026, 9, 15), date(2026, 1, 1)),
    (Frequency(1, 2, "calendar_year"), date(2026, 9, 15), date(2025, 1, 1)),
    (Frequency(1, 1, "benefit_year", starts_month=10), date(2026, 9, 15), date(2025, 10, 1)),
    (Frequency(1, 1, "benefit_year", starts_month=9), date(2026, 9, 15), date(2026, 9, 1)),
    (Frequency(10, 1, "day"), date(2026, 9, 15), date(2026, 9, 15)),
    (Frequency(1, 1, "lifetime"), date(2026, 9, 15), date.min),
])  # fmt: skip
def test_the_first_day_that_counts(limit: Frequency, day: date, first: date):
    assert limit.first_day(day) == first
    assert limit.meet(first, day)
    if first > date.min:
        assert not limit.meet(first - timedelta(days=1), day)


def ruled(*limits: Frequency, done: tuple[DoneBefore, ...] = (), **said: object) -> ClaimFacts:
    row = PayerRule("D0140", "An invented manual", covered="yes", frequencies=limits, **said)  # type: ignore[arg-type]
    return replace(school_child(), payer_rules=(row,), done_before=done)


def said(facts: ClaimFacts) -> list[str]:
    return [problem.rule for problem in check(facts, draft_claim(facts, "dentist"))]


BEFORE = DAY_SIGNED - timedelta(days=30)


@pytest.mark.parametrize(("scope", "done", "over"), [
    ("patient", DoneBefore("D0140", BEFORE, here=False), True),
    ("facility", DoneBefore("D0140", BEFORE, here=False), False),
    ("facility", DoneBefore("D0140", BEFORE), True),
    ("provider", DoneBefore("D0140", BEFORE, rendering_npi=DENTIST.npi), True),
    ("provider", DoneBefore("D0140", BEFORE, rendering_npi="1999999984"), False),
    ("location", DoneBefore("D0140", BEFORE, site=SCHOOL.name), True),
    ("location", DoneBefore("D0140", BEFORE, site="Elsewhere"), False),
    ("patient", DoneBefore("D0150", BEFORE), True),
    ("patient", DoneBefore("D0120", BEFORE), False),
])  # fmt: skip
def test_a_limit_counts_within_its_scope_and_its_shared_codes(scope, done, over):
    facts = ruled(Frequency(1, 6, "month", scope, ("D0150",)), done=(done,))
    assert said(facts) == (["PAY.frequency"] if over else [])


def test_over_the_limit_asks_for_an_authorisation_and_takes_one():
    facts = ruled(Frequency(1, 6, "month"), done=(DoneBefore("D0140", BEFORE),), authorisation="over_limit")
    assert said(facts) == ["PAY.frequency", "PAY.authorisation"]
    approved = Authorised("PA-77", DAY_SEEN, units=(AuthorisedUnits("D0140"),), row="1")
    assert said(replace(facts, authorised=(approved,))) == ["PAY.frequency"]


def test_unknown_is_amber_and_never_a_block():
    facts = replace(school_child(), payer_rules=(PayerRule("D0140", "Nobody asked"),))
    problems = check(facts, draft_claim(facts, "dentist"))
    assert [problem.rule for problem in problems] == ["PAY.unknown"]
    assert may_be_sent(problems)


def test_the_row_of_the_day_stands_and_that_of_the_plan_goes_first():
    old = PayerRule("D0140", "old", valid_from=date(2025, 1, 1), valid_until=date(2025, 12, 31))
    new = PayerRule("D0140", "new", valid_from=date(2026, 1, 1))
    own = PayerRule("D0140", "own", plan="MC", valid_from=date(2026, 1, 1))
    rows = (old, new, own)
    assert rule_for(rows, "D0140", plan="CI", day=date(2025, 12, 31)) is old
    assert rule_for(rows, "D0140", plan="CI", day=date(2026, 1, 1)) is new
    assert rule_for(rows, "D0140", plan="MC", day=date(2026, 1, 1)) is own
    assert rule_for(rows, "D0140", plan="CI", day=date(2024, 12, 31)) is None
    assert rule_for(rows, "D0120", plan="CI", day=date(2026, 1, 1)) is None


def test_a_rule_for_the_add_on_names_its_companions_instead_of_the_profile():
    row = PayerRule("D9996", "An invented manual", covered="yes", companions=(Companion("D0120"),))
    assert said(replace(school_child(), payer_rules=(row,))) == ["CL-5.companion"]


def test_facts_with_rows_are_read_back_the_same():
    facts = ruled(Frequency(1, 6, "month"), done=(DoneBefore("D0140", BEFORE),), allowed_amount=Decimal("60.00"))
    assert ClaimFacts.from_json(facts.to_json()) == facts


def test_a_payment_is_judged_by_the_schedule_and_says_which():
    row = PayerRule("D0140", "Fee list", allowed_amount=Decimal("60.00"), valid_from=date(2026, 1, 1))
    terms = terms_for(row, quantity=2, charge=Decimal("144"), in_medicaid=False, is_child=True)
    assert (terms.expected, terms.schedule) == (Decimal("120.00"), "Payer rule D0140 from 1 Jan 2026: Fee list")
    short = judge(Answer(Decimal("144"), Decimal("90"), (Adjustment("CO", "45", Decimal("54")),)), terms)
    assert (short.outcome, short.short_by) == (Outcome.UNDERPAID, Decimal("30.00"))


@pytest.mark.parametrize(
    ("answer", "child", "billable"), [("yes", False, True), ("yes", True, False), ("unknown", False, False)]
)
def test_a_patient_is_billed_only_where_that_is_known_and_never_a_medicaid_child(answer, child, billable):
    row = PayerRule("D0140", "Manual", patient_billable=answer)
    terms = terms_for(row, quantity=1, charge=None, in_medicaid=True, is_child=child)
    assert terms.patient_billable is billable


@pytest.mark.parametrize("said", [{"epsdt": "yes"}, {"plan": "MC"}])
def test_a_row_alone_may_say_that_a_child_is_in_medicaid(said):
    row = PayerRule("D0140", "Manual", patient_billable="yes", **said)
    assert not terms_for(row, quantity=1, charge=None, in_medicaid=False, is_child=True).patient_billable
    assert terms_for(row, quantity=1, charge=None, in_medicaid=False, is_child=False).patient_billable


@pytest.mark.parametrize(("allowed", "charge", "paid", "adjusted", "outcome"), [
    ("14.82", "10.00", "10.00", (), Outcome.PAID),  # a payer pays the lesser of charge and schedule
    ("50.00", "60.00", "10.00", (("OA", "23", "50.00"),), Outcome.PAID),  # an earlier payer bore the rest
    ("50.00", "60.00", "10.00", (("OA", "23", "20.00"), ("CO", "45", "30.00")), Outcome.UNDERPAID),
    ("50.00", "50.00", "0.00", (("CO", "24", "50.00"),), Outcome.OTHER),  # capitation: no schedule is missed
])  # fmt: skip
def test_what_others_bear_and_what_was_not_charged_is_no_underpayment(allowed, charge, paid, adjusted, outcome):
    row = PayerRule("D0140", "Fee list", allowed_amount=Decimal(allowed))
    terms = terms_for(row, quantity=1, charge=Decimal(charge), in_medicaid=False, is_child=True)
    borne = tuple(Adjustment(group, reason, Decimal(amount)) for group, reason, amount in adjusted)
    assert judge(Answer(Decimal(charge), Decimal(paid), borne), terms).outcome == outcome


def test_companions_are_taken_at_their_ages_alone():
    row = PayerRule("D9996", "Manual", covered="yes", companions=(Companion("D0140", 0, 8), Companion("D0170")))
    facts = replace(school_child(), payer_rules=(row,))
    problem = check(facts, draft_claim(facts, "dentist"))[0]
    assert (problem.rule, problem.severity) == ("PAY.companion-age", "blocks")
    assert "D9996 beside D0140 (0 to 8 years)" in problem.sentence
    assert said(replace(facts, payer_rules=(replace(row, companions=(Companion("D0140", 3, 20),)),))) == []


def test_what_counts_as_an_evaluation_uses_up_the_limit_of_evaluations():
    counted = PayerRule("D0191", "Manual", covered="yes", counts_as_evaluation="yes")
    facts = ruled(Frequency(1, 6, "month"), done=(DoneBefore("D0191", BEFORE),))
    assert said(facts) == []
    assert said(replace(facts, payer_rules=(*facts.payer_rules, counted))) == ["PAY.frequency"]


@pytest.mark.parametrize(("answer", "expected"), [("yes", []), ("no", ["PAY.not-covered"])])
def test_a_dated_row_for_d9996_goes_before_what_the_profile_answers(answer, expected):
    row = PayerRule("D9996", "Manual", covered=answer)
    for profile in ("no", "unknown"):
        asked = with_coverage(school_child(), payer=replace(PAYER, takes_asynchronous=profile))
        assert said(replace(asked, payer_rules=(row,))) == expected


def test_a_finding_names_the_rows_that_it_rests_on():
    rows = (PayerRule("D0140", "A", row="a", covered="unknown"), PayerRule("D9996", "B", row="b", covered="yes"))
    facts = replace(school_child(), payer_rules=rows)
    assert [(one.rule, one.rests_on) for one in check(facts, draft_claim(facts, "dentist"))] == [
        ("PAY.unknown", ("a",))
    ]


def test_modifiers_stand_on_the_line_and_in_the_file():
    row = PayerRule("D9996", "Manual", covered="yes", modifiers=("GQ", "95"))
    facts = replace(school_child(), payer_rules=(row,))
    assert [line.modifiers for line in draft_claim(facts, "dentist").lines] == [(), ("GQ", "95")]
    assert "SV3*AD:D9996:GQ:95*0" in text_of(submission(facts, "dentist"))


def test_a_row_may_make_the_claim_a_check_up_of_childrens_medicaid():
    row = PayerRule("D0140", "Manual", covered="yes", epsdt="yes")
    facts = replace(school_child(), payer_rules=(row,))
    assert is_epsdt(facts, DAY_SIGNED)
    assert not is_epsdt(replace(facts, payer_rules=()), DAY_SIGNED)


def test_of_several_limits_the_shortest_holds_and_unknown_is_left_out():
    rows = (PayerRule("D0140", "A", filing_days=90, appeal_days=60), PayerRule("D9996", "B", filing_days=180))
    assert strictest_limits(rows) == {"filing": 90, "appeal": 60}
    assert strictest_limits(()) == {}


def test_the_first_code_whose_row_says_so_dates_the_claim():
    rows = (PayerRule("D9996", "A", dos_basis="capture"), PayerRule("D0140", "B", dos_basis="signed"))
    assert dos_basis_of(rows, ("D9996", "D0140"), plan="CI", day=DAY_SIGNED) == "capture"
    assert dos_basis_of(rows[1:], ("D9996", "D0140"), plan="CI", day=DAY_SIGNED) == "signed"
    assert dos_basis_of((), ("D9996",), plan="CI", day=DAY_SIGNED) == ""


def test_the_age_of_consent_is_asked_on_the_day_seen():
    given = DAY_SEEN - timedelta(days=364)  # a year ago on the day seen, and longer ago once the dentist signs
    facts = ruled(consent_months=12)
    consented = replace(facts.case, consents=replace(facts.case.consents, given_on=given))
    assert said(replace(facts, case=consented)) == []
    older = replace(consented, consents=replace(consented.consents, given_on=given - timedelta(days=1)))
    assert said(replace(facts, case=older)) == ["PAY.consent-age"]


@pytest.mark.parametrize(("day", "is_new"), [(DAY_SEEN, True), (DAY_SEEN - timedelta(days=1), False)])
def test_the_hygienists_claim_of_the_same_case_makes_nobody_a_patient_of_old(day, is_new):
    facts = ruled(done=(DoneBefore("D0191", day),), new_patient="no")
    assert said(facts) == (["PAY.new-patient"] if is_new else [])


@pytest.mark.parametrize(("here", "rule"), [(True, "PAY.same-day"), (False, "PAY.same-day-elsewhere")])
def test_what_another_practice_did_that_day_warns_and_holds_nothing(here, rule):
    facts = ruled(done=(DoneBefore("D0150", DAY_SIGNED, here=here),), forbidden_same_day=("D0150",))
    problems = check(facts, draft_claim(facts, "dentist"))
    assert [problem.rule for problem in problems] == [rule]
    assert may_be_sent(problems) is not here


@pytest.mark.parametrize(
    ("list_", "found"), [("diagnoses_allowed", []), ("diagnoses_forbidden", ["PAY.diagnosis-fit"])]
)
def test_diagnoses_are_compared_without_their_dots(list_, found):
    pointed = draft_claim(ruled(diagnosis_required=True), "dentist").diagnoses[0]
    assert "." in pointed
    assert said(ruled(diagnosis_required=True, **{list_: (pointed.replace(".", ""),)})) == found
