"""Whatever a case and a payer's list say, none of D9996's neighbours takes its place, and its twin is never swapped in."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.claims.facts import ClaimFacts
from billing.claims.lines import ClaimDraft, ClaimLine, draft_claim, total_of
from billing.claims.neighbours import NEIGHBOURS, TREATMENTS, companion_doubts
from billing.claims.payer_rules import Companion, PayerRule
from billing.claims.rules import check, may_be_sent
from tests.billing.claims.cast import CODES, FEES, SERVICES, school_child, with_case, with_payer

KNOWN = frozenset(one.code for one in CODES)
neighbour = st.sampled_from(sorted(NEIGHBOURS))
kind = st.sampled_from(["screening", "emergency", "post_treatment", "second_opinion"])
use = st.sampled_from(["evaluation", "service", "screening", "encounter"])


def licensed(code: str, use: str) -> ClaimFacts:
    """A practice that imported the code with this use and has a fee for it."""
    entry = replace(CODES[0], code=code, kind=use)
    others = tuple(one for one in CODES if one.code != code)
    return replace(school_child(), codes=(*others, entry), fees=(*FEES, replace(FEES[0], code=code)))


def naming(facts: ClaimFacts, codes: set[str]) -> ClaimFacts:
    row = PayerRule("D9996", "An invented manual", covered="yes", companions=tuple(map(Companion, sorted(codes))))
    return replace(facts, payer_rules=(row,))


def rules_of(facts: ClaimFacts, draft: ClaimDraft) -> set[str]:
    return {problem.rule for problem in check(facts, draft)}


@given(neighbour, use, kind, st.sets(neighbour), st.sets(neighbour))
def test_a_neighbour_signed_as_the_evaluation_goes_out_only_as_a_second_opinion_that_the_payers_rule_names(
    code: str, use: str, kind: str, by_profile: set[str], by_rule: set[str]
):
    facts = with_case(licensed(code, use), evaluation_code=code, kind=kind)
    facts = with_payer(facts, companion_codes=tuple(sorted(by_profile)))
    facts = naming(facts, by_rule) if by_rule else facts
    draft = draft_claim(facts, "dentist")
    goes = code == "D9310" and kind == "second_opinion" and code in by_rule and use in ("evaluation", "encounter")
    assert may_be_sent(check(facts, draft)) == goes


def beside(draft: ClaimDraft, code: str, *, in_place: bool) -> ClaimDraft:
    added: ClaimLine = replace(draft.lines[1], code=code, number=3)
    lines = (draft.lines[0], added) if in_place else (*draft.lines, added)
    return replace(draft, lines=lines, total=total_of(lines))


@given(st.sampled_from(sorted(TREATMENTS)), use, kind, st.booleans())
def test_a_treatment_on_the_dentists_claim_is_refused_in_place_of_d9996_and_beside_it(
    code: str, use: str, kind: str, in_place: bool
):
    facts = with_case(licensed(code, use), kind=kind)
    said = check(facts, beside(draft_claim(facts, "dentist"), code, in_place=in_place))
    (told,) = [problem for problem in said if problem.rule == "CL-5.treatment"]
    assert told.blocks
    assert f"{code} is for {NEIGHBOURS[code]}" in told.sentence
    assert ("CL-5.missing" in {problem.rule for problem in said}) == in_place


@given(st.sampled_from(sorted(TREATMENTS)))
def test_what_was_done_on_site_stands_on_the_hygienists_claim(code: str):
    facts = replace(licensed(code, "service"), services=(*SERVICES, replace(SERVICES[0], code=code)))
    assert check(facts, draft_claim(facts, "hygienist")) == ()


def test_a_consultation_on_the_hygienists_claim_warns_and_does_not_hold_it():
    facts = replace(licensed("D9310", "service"), services=(replace(SERVICES[0], code="D9310"),))
    (said,) = check(facts, draft_claim(facts, "hygienist"))
    assert (said.rule, said.severity) == ("CL-5.consultation-on-site", "warns")


def test_without_the_payers_rule_a_consultation_is_no_companion_though_the_profile_lists_it():
    facts = with_payer(
        with_case(licensed("D9310", "evaluation"), evaluation_code="D9310", kind="second_opinion"),
        companion_codes=("D9310",),
    )
    assert rules_of(facts, draft_claim(facts, "dentist")) == {"CL-5.companion", "CL-5.consultation-records"}


@pytest.mark.parametrize(("record", "claimed"), [("D9996", "D9995"), ("D9995", "D9996")])
def test_the_twin_of_what_the_record_carries_is_refused_and_the_swap_is_named(record: str, claimed: str):
    facts = with_case(school_child(), encounter_code=record)
    draft = draft_claim(facts, "dentist")
    swapped = replace(draft, lines=(draft.lines[0], replace(draft.lines[1], code=claimed)))
    (told,) = [problem for problem in check(facts, swapped) if problem.rule == "CL-5.swapped"]
    assert told.blocks
    assert f"says {claimed}" in told.sentence
    assert f"the record carries {record}" in told.sentence
    assert "CL-5.missing" not in rules_of(facts, swapped)


@given(st.sampled_from(["D9995", "D9996"]), st.sampled_from(["D9995", "D9996"]), use)
def test_how_care_was_delivered_never_stands_on_the_hygienists_claim(record: str, code: str, use: str):
    facts = with_case(licensed(code, use), encounter_code=record)
    facts = replace(facts, services=(*SERVICES, replace(SERVICES[0], code=code)))
    assert "CL-4.dentist-line" in rules_of(facts, draft_claim(facts, "hygienist"))


@given(st.sets(st.sampled_from(sorted(KNOWN | NEIGHBOURS.keys()))))
def test_whoever_lists_a_neighbour_as_a_companion_is_told_once_of_each(codes: set[str]):
    doubts = companion_doubts(sorted(codes))
    assert [doubt[:5] for doubt in doubts] == sorted(codes & NEIGHBOURS.keys())


def test_no_evaluation_and_neither_teledentistry_code_is_a_neighbour():
    assert not NEIGHBOURS.keys() & {"D0140", "D0170", "D0171", "D9995", "D9996"}
