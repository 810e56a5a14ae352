"""A claim keeps its facts as plain JSON and reads them back exactly, also years later."""

import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from billing.claims.authorised import Authorised, AuthorisedUnits
from billing.claims.facts import ClaimFacts
from billing.claims.lines import ClaimDraft, draft_claim
from billing.claims.plain import NotPlainError
from tests.billing.claims.cast import adult, medicaid_child, school_child, with_case

CAST = pytest.mark.parametrize("facts", [school_child(), adult(), medicaid_child()], ids=["child", "adult", "medicaid"])


@CAST
def test_facts_survive_a_trip_through_json_text(facts: ClaimFacts):
    assert ClaimFacts.from_json(json.loads(json.dumps(facts.to_json()))) == facts


@CAST
def test_a_draft_survives_a_trip_through_json_text(facts: ClaimFacts):
    draft = draft_claim(facts, "hygienist")
    assert ClaimDraft.from_json(json.loads(json.dumps(draft.to_json()))) == draft


def test_thawed_facts_make_the_same_claim():
    facts = ClaimFacts.from_json(school_child().to_json())
    assert draft_claim(facts, "dentist") == draft_claim(school_child(), "dentist")


def leaves(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return [leaf for inner in node.values() for leaf in leaves(inner)]
    return [leaf for inner in node for leaf in leaves(inner)] if isinstance(node, list) else [node]


def test_money_is_text_and_nothing_is_a_float():
    plain = school_child().to_json()
    assert plain["fees"][0]["amount"] == "82.00"
    assert {type(leaf) for leaf in leaves(plain)} == {str, bool, int, type(None)}


def test_facts_without_a_time_zone_are_refused():
    naive = with_case(school_child(), signed_at=datetime(2026, 9, 15, 12))  # noqa: DTZ001 - the point of the test
    with pytest.raises(TypeError, match="naive"):
        naive.to_json()


def test_a_field_that_came_later_takes_its_default_in_older_facts():
    plain = school_child().to_json()
    del plain["seen_elsewhere"]
    assert ClaimFacts.from_json(plain) == school_child()


def test_authorisations_are_frozen_with_the_facts_and_facts_from_before_had_none():
    units = (AuthorisedUnits("D0140", approved=2, left=1),)
    facts = replace(school_child(), authorised=(Authorised("PA-77", date(2026, 9, 1), None, units, "row"),))
    assert ClaimFacts.from_json(json.loads(json.dumps(facts.to_json()))) == facts
    assert ClaimFacts.from_json({**school_child().to_json(), "authorised": []}).authorised == ()


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [
        ("patient", None, "ClaimFacts.patient: an object was expected"),
        ("site", {"name": "School"}, "ClaimFacts.site: missing keys"),
        ("colour", "blue", r"unknown keys \['colour'\]"),
        ("fees", "none", "ClaimFacts.fees: a list was expected"),
        ("fees", [{"code": "D0140", "amount": "much"}], r"ClaimFacts.fees\[0\].amount: 'much' is no Decimal"),
        ("fees", [{"code": "D0140", "amount": 82.0}], "text was expected"),
        ("diagnoses", [{"code": "K02.9", "on_claim": 1}], "bool was expected"),
        ("images", [{"view": "frontal", "kind": "drawing", "sha256": ""}], "'drawing' is none of"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(key: str, value: Any, complaint: str):
    plain = {**school_child().to_json(), key: value}
    with pytest.raises(NotPlainError, match=complaint):
        ClaimFacts.from_json(plain)


def test_a_missing_required_key_is_refused_by_name():
    plain = school_child().to_json()
    del plain["practice"]
    with pytest.raises(NotPlainError, match=r"missing keys \['practice'\]"):
        ClaimFacts.from_json(plain)
