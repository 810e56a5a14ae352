"""Each rule of a request: what breaks it, and that a whole request breaks none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from billing.asking_ahead.plan import Planned, draft_request
from billing.asking_ahead.rules import OWN, REQUEST_RULES, REWORDED, SHARED, check_request
from billing.claims.facts import ClaimFacts
from billing.claims.rules import RULES
from billing.x12.d837_claim import ClaimSubmission
from tests.billing.claims.cast import (
    CASE,
    adult,
    medicaid_child,
    school_child,
    with_case,
    with_coverage,
    with_patient,
    with_payer,
    with_practice,
)
from tests.billing.x12.random_claims import requests

ASKED_ON = date(2026, 9, 21)
PLAN = (Planned("D1354", tooth="19"), Planned("D1206"))
Change = Callable[[ClaimFacts], ClaimFacts]

BROKEN: dict[str, tuple[tuple[Planned, ...], Change]] = {
    "ASK.nothing": ((), lambda facts: facts),
    "ASK.encounter": ((*PLAN, Planned("D9996")), lambda facts: facts),
    "ASK.tooth": ((Planned("D1354"),), lambda facts: facts),
    "ASK.one-tooth": ((Planned("D1354", tooth="A", quantity=2),), lambda facts: facts),
    "ASK.first-plan": (PLAN, lambda facts: with_coverage(facts, sequence="S")),
    "ASK.licence": (PLAN, lambda facts: with_case(facts, patient_state="WA")),
    "ASK.coverage-ends": (PLAN, lambda facts: with_coverage(facts, valid_until=date(2026, 10, 1))),
    "CO-1.bill": (PLAN, lambda facts: with_case(facts, consents=replace(CASE.consents, bill_insurance=False))),
    "CO-1.signature": (PLAN, lambda facts: with_case(facts, consents=replace(CASE.consents, signature_on_file=False))),
    "RE-5.ended": (PLAN, lambda facts: with_case(facts, status="RETRACTED")),
    "COV.missing": (PLAN, lambda facts: replace(facts, coverage=None)),
    "COV.dates": (PLAN, lambda facts: with_coverage(facts, valid_until=date(2026, 9, 20))),
    "COV.member-id": (PLAN, lambda facts: with_coverage(facts, member_id="")),
    "PAY.id": (PLAN, lambda facts: with_payer(facts, payer_id="")),
    "BILL.npi": (PLAN, lambda facts: with_practice(facts, npi="1234567890")),
    "PROV.taxonomy": (PLAN, lambda facts: replace(facts, dentist=replace(facts.dentist, taxonomy=""))),
    "FEE.missing": (PLAN, lambda facts: replace(facts, fees=())),
    "CD-1.valid": ((Planned("D1353", tooth="3"),), lambda facts: replace(facts, fees=(replace(facts.fees[0], code="D1353"),))),
    "CD-1.confirmed": (PLAN, lambda facts: replace(facts, codes=tuple(replace(one, confirmed=False) for one in facts.codes))),
    "LINE.tooth": ((Planned("D1354", tooth="77"), Planned("D1354", tooth="99")), lambda facts: facts),
    "PAT.address": (PLAN, lambda facts: with_patient(facts, address=replace(facts.patient.address, city=""))),
}  # fmt: skip


@pytest.mark.parametrize("made", [school_child, adult, medicaid_child])
def test_nothing_stands_against_a_whole_request(made: Callable[[], ClaimFacts]):
    facts = made()
    assert check_request(facts, draft_request(facts, PLAN, asked_on=ASKED_ON)) == ()


@pytest.mark.parametrize("rule", BROKEN)
def test_what_is_missing_is_said_alone(rule: str):
    planned, change = BROKEN[rule]
    facts = change(school_child())
    problems = check_request(facts, draft_request(facts, planned, asked_on=ASKED_ON))
    assert [problem.rule for problem in problems] == [rule]
    assert "date of service" not in problems[0].sentence
    assert "{what}" not in problems[0].sentence


def test_every_rule_taken_from_claims_exists_and_no_reworded_one_is_left_out():
    """An id that claims drop would silently drop a check here."""
    assert set(REWORDED) <= SHARED <= {rule.id for rule in RULES}
    ids = [rule.id for rule in REQUEST_RULES]
    assert len(set(ids)) == len(ids) == len(OWN) + len(SHARED)
    assert not [rule.id for rule in REQUEST_RULES if "the claim" in rule.sentence.casefold()]
    assert not [rule.id for rule in REQUEST_RULES if "date of service" in rule.sentence]


def test_an_evaluation_of_another_kind_of_visit_may_be_asked_for():
    """Only how care was delivered is never asked for; what would be done is."""
    facts = school_child()
    assert check_request(facts, draft_request(facts, (Planned("D0140"),), asked_on=ASKED_ON)) == ()


@given(requests())
@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
def test_a_request_that_passes_has_every_amount_and_its_day_is_the_day_of_asking(one: ClaimSubmission):
    if any(problem.blocks for problem in check_request(one.facts, one.draft)):
        return
    assert all(line.charge is not None and line.service_date == one.draft.service_date for line in one.draft.lines)
    assert one.draft.total == sum(line.charge for line in one.draft.lines)


def test_planned_care_of_a_patient_seen_at_home_is_given_at_the_practice():
    facts = with_case(school_child(), patient_at_home=True)
    draft = draft_request(facts, PLAN, asked_on=ASKED_ON)
    assert (draft.place_of_service, draft.service_facility) == ("11", None)


def test_a_payer_that_wants_diagnoses_gets_those_of_the_tooth():
    facts = medicaid_child()
    draft = draft_request(facts, PLAN, asked_on=ASKED_ON)
    assert draft.diagnoses == ("K02.62", "K02.52", "Z01.21")
    assert [line.pointers for line in draft.lines] == [(2, 3), (1, 2, 3)]
