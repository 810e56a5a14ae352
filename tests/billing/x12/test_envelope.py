"""The envelope, and what the writer refuses rather than write half."""

from dataclasses import replace
from datetime import datetime
from itertools import islice, repeat
from typing import Any

import pytest

from billing.claims.lines import draft_claim
from billing.x12 import d837
from billing.x12.d837 import write_837d
from billing.x12.d837_claim import Attachment, ClaimSubmission
from billing.x12.segments import NotWritableError
from tests.billing.claims.cast import medicaid_child, school_child, with_coverage
from tests.billing.x12.files import ENVELOPE, submission, text_of


def test_isa_has_one_hundred_and_six_signs():
    first = next(write_837d(replace(ENVELOPE, readable=False), [submission(school_child())]))
    assert len(first) == 106
    assert first.startswith(
        "ISA*00*          *00*          *ZZ*RBSOH01        *ZZ*EXCLR01        *260921*1030*^*00501*"
    )
    assert first.endswith("*000000042*0*T*:~")


def test_production_is_said_in_isa15():
    assert "*0*P*:~" in text_of(submission(school_child()), usage="P")


def test_claims_are_written_as_they_come_and_not_kept():
    endless = repeat(submission(school_child()))
    assert len(list(islice(write_837d(ENVELOPE, endless), 500))) == 500


def test_a_file_of_too_many_claims_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(d837, "MAX_CLAIMS", 3)
    assert text_of(*repeat(submission(medicaid_child()), 3))
    with pytest.raises(NotWritableError, match="split the export"):
        text_of(*repeat(submission(medicaid_child()), 4))


def test_a_file_without_claims_is_refused():
    with pytest.raises(NotWritableError, match="without a claim"):
        text_of()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"coverage": None}, "without coverage"),
        ({"dentist": None}, "without a rendering provider"),
        ({"fees": ()}, "has no fee"),
    ],
)
def test_a_claim_that_no_check_would_pass_is_refused(changes: dict[str, Any], complaint: str):
    with pytest.raises(NotWritableError, match=complaint):
        text_of(submission(replace(school_child(), **changes)))


def test_a_member_id_of_nothing_but_delimiters_is_refused():
    with pytest.raises(NotWritableError, match="The member id is empty"):
        text_of(submission(with_coverage(school_child(), member_id="*:~")))


@pytest.mark.parametrize(
    "changes",
    [
        {"claim_id": "td26 17"},
        {"claim_id": "X" * 21},
        {"frequency": "7"},
        {"payer_claim_number": "1"},
        {"attachments": (Attachment("A1", "OZ"), Attachment("A1", "RB"))},
        {"attachments": tuple(Attachment(f"A{number:02d}", "OZ") for number in range(11))},
        {"attachments": (Attachment("a:1", "OZ"),)},
    ],
)
def test_an_impossible_submission_is_refused_when_it_is_made(changes: dict[str, Any]):
    facts = school_child()
    good: dict[str, Any] = {"claim_id": "TD26-1", "facts": facts, "draft": draft_claim(facts, "dentist")}
    assert ClaimSubmission(**good).claim_id == "TD26-1"
    with pytest.raises(ValueError, match=r"claim|attachment"):
        ClaimSubmission(**{**good, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"control_number": 0},
        {"group_number": 1_000_000_000},
        {"set_number": "12"},
        {"created_at": datetime(2026, 9, 21, 10, 30)},  # noqa: DTZ001 - the point of the test
    ],
)
def test_an_impossible_envelope_is_refused_when_it_is_made(changes: dict[str, Any]):
    with pytest.raises(ValueError, match=r"digits|time zone"):
        replace(ENVELOPE, **changes)


def test_an_id_that_is_too_wide_for_isa_is_refused():
    with pytest.raises(NotWritableError, match="15 signs"):
        text_of(submission(school_child()), sender_id="A" * 16)
