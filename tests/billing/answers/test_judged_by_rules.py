"""Payments judged by the payer's dated rows, and the rows themselves (CL-9)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from billing.models import Claim, LineOutcome, PayerRule
from billing.terms import read_rules
from teledent.accounts.models import Person
from tests import cast
from tests.billing.answers.paper import Clp, Svc, check, file_of

START = date(2020, 1, 1)


def row(payer, code="D0140", **said) -> PayerRule:
    by = Person.objects.order_by("pk").first()
    kept = {
        "valid_from": START, "source": "An invented manual", "verified_on": START, "covered": "yes", "made_at": cast.AT,
        "made_by": by, "made_name": by.name, **said,
    }  # fmt: skip
    return PayerRule(payer=payer, code=code, **kept)


def paid_40_of_72(bring, sent, *reasons: str) -> None:
    line = Svc("D0140", "72.00", "40.00", list(reasons), f"{sent}-1")
    bring(file_of(check(Clp(str(sent), "72.00", "40.00", [line, Svc("D9996", "0", "0", control=f"{sent}-2")]))))


def outcome(sent: Claim, code: str = "D0140") -> LineOutcome:
    return LineOutcome.objects.get(claim=sent, line__code=code)


def test_less_than_the_schedule_is_underpaid_and_names_the_schedule(bring, sent):
    row(sent.coverage.payer, allowed_amount=Decimal("60.00")).save()
    paid_40_of_72(bring, sent, "CO*45*32.00")
    found = outcome(sent)
    assert (found.outcome, found.short_by, found.expected) == ("underpaid", Decimal("20.00"), Decimal("60.00"))
    assert found.judged_by == "Payer rule D0140 from 1 Jan 2020: An invented manual"


@pytest.mark.parametrize(
    "change",
    [{"active": False, "ended_at": cast.AT}, {"valid_until": date(2020, 12, 31)}, {"plan": "ZZ"}, {"code": "D0150"}],
)
def test_a_row_that_does_not_stand_judges_nothing(bring, sent, change):
    row(sent.coverage.payer, allowed_amount=Decimal("60.00"), **change).save()
    paid_40_of_72(bring, sent, "CO*45*32.00")
    assert (outcome(sent).outcome, outcome(sent).judged_by) == ("paid", "")


def test_a_part_of_another_service_closes_at_zero_only_by_a_rule(bring, sent):
    row(sent.coverage.payer, covered="inclusive").save()
    line = Svc("D0140", "72.00", "0", ["CO*97*72.00"], f"{sent}-1")
    bring(file_of(check(Clp(str(sent), "72.00", "0", [line, Svc("D9996", "0", "0", control=f"{sent}-2")]))))
    assert (outcome(sent).outcome, outcome(sent).step) == ("expected_zero", "close")


def test_the_rows_of_many_payers_take_one_query(sent, django_assert_num_queries):
    row(sent.coverage.payer).save()
    with django_assert_num_queries(1):
        book = read_rules([sent.coverage.payer_id, 0])
    assert book.rule_for(sent.coverage.payer_id, "D0140", plan="CI", day=START) is not None
    assert book.rule_for(0, "D0140", plan="CI", day=START) is None


def test_the_database_itself_refuses_a_second_open_row(sent):
    row(sent.coverage.payer).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        row(sent.coverage.payer, valid_from=START + timedelta(days=1)).save()


@pytest.mark.parametrize("wrong", [
    {"frequencies": [{"count": 1, "unit": "week"}]}, {"companions": [{"code": "0140"}]}, {"companions": ["D0120"]}, {"places": [11]},
    {"companions": [{"code": "D0140"}]}, {"companions": [{"code": "D0120", "age_min": 9, "age_max": 3}]}, {"companions": "D0120"},
    {"companions": [{"code": "D0120"}, {"code": "D0120", "age_min": 9}]}, {"modifiers": ["GQ", "95", "A1", "A2", "A3"]},
    {"modifiers": ["gq"]}, {"attachments": ["scan"]}, {"diagnoses_allowed": ["k02"]}, {"provider_types": ["dentist"]},
    {"age_min": 20, "age_max": 3}, {"source": ""}, {"valid_until": date(2019, 1, 1)}, {"forbidden_same_day": ["D0120", "D0120"]},
    {"verified_on": None}, {"channel": "fax"}, {"dos_basis": "upload"}, {"age_max": 131}, {"consent_months": 0},
])  # fmt: skip
def test_a_row_that_makes_no_sense_is_refused(sent, wrong):
    with pytest.raises(ValidationError):
        row(sent.coverage.payer, **wrong).full_clean()
