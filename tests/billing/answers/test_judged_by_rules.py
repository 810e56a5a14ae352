"""Payments judged by the payer's dated rows, and the rows themselves (CL-9)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.actions.judging_anew import judge_posted_anew, look_at
from billing.judging import otherwise
from billing.models import Claim, LineOutcome, PayerRule
from billing.terms import read_rules
from teledent.accounts.models import Person
from teledent.kit.decisions import Conflict, Refused
from tests import cast
from tests.billing import cast as money
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


def entered(payer, code="D0140", **said) -> PayerRule:
    """Entered after what was posted so far."""
    late = row(payer, code, **{"made_at": timezone.now() + timedelta(minutes=5), **said})
    late.save()
    return late


def look(desk, rule, after=0):
    return look_at(rule, person=desk.rita.person, at=money.LATER, after=after)


def test_a_rule_for_days_past_changes_no_posted_payment_until_somebody_confirms_it(bring, desk, sent):
    paid_40_of_72(bring, sent, "CO*45*32.00")
    sent.refresh_from_db()
    before = (sent.answered_on, sent.answered_at, sent.paid)
    rule = entered(sent.coverage.payer, allowed_amount=Decimal("60.00"))
    assert (outcome(sent).outcome, sent.status) == ("paid", "paid")
    seen = look(desk, rule)
    (one,) = seen.shown
    ((old, new),) = one.changed
    assert (old.outcome, new.outcome, new.short_by) == ("paid", "underpaid", Decimal("20.00"))
    assert outcome(sent).outcome == "paid"  # looking changes nothing
    assert (
        judge_posted_anew(actor=desk.rita, rule=rule, looked=seen.digest, at=timezone.now() + timedelta(hours=1)) == 1
    )
    sent.refresh_from_db()
    assert (outcome(sent).outcome, sent.status) == ("underpaid", "part_paid")
    assert (sent.answered_on, sent.answered_at, sent.paid) == before  # no answer came
    event = sent.events.last()
    assert (event.kind, event.person, event.details["anew"]) == (
        "pay_in_part", desk.rita.person, "D0140 from 1 Jan 2020: An invented manual",
    )  # fmt: skip
    assert look(desk, rule).shown == []


def test_what_changed_since_it_was_shown_is_shown_anew(bring, desk, sent):
    paid_40_of_72(bring, sent, "CO*45*32.00")
    rule = entered(sent.coverage.payer, allowed_amount=Decimal("60.00"))
    digest = look(desk, rule).digest
    PayerRule.objects.filter(pk=rule.pk).update(active=False, ended_at=timezone.now() + timedelta(minutes=9))
    entered(sent.coverage.payer, allowed_amount=Decimal("70.00"))
    with pytest.raises(Conflict, match="Look again"):
        judge_posted_anew(actor=desk.rita, rule=rule, looked=digest, at=money.LATER)
    assert outcome(sent).outcome == "paid"


@pytest.mark.parametrize("said", [
    {"allowed_amount": Decimal("40.00")}, {"code": "D0150"}, {"plan": "MC"}, {"made_at": cast.AT}, {"valid_from": date(2030, 1, 1)},
])  # fmt: skip
def test_a_rule_by_which_everything_comes_out_the_same_or_of_other_days_offers_nothing(bring, desk, sent, said):
    paid_40_of_72(bring, sent, "CO*45*32.00")
    LineOutcome.objects.filter(line__code="D0140").update(
        expected=Decimal("40.00")
    )  # as judged by a schedule of the same amount
    rule = entered(sent.coverage.payer, **{"allowed_amount": Decimal("40.00"), **said})
    assert look(desk, rule).shown == []


def test_a_rule_that_was_set_aside_offers_to_judge_without_it(bring, desk, sent):
    rule = row(sent.coverage.payer, allowed_amount=Decimal("60.00"))
    rule.save()
    paid_40_of_72(bring, sent, "CO*45*32.00")
    assert look(desk, rule).shown == []
    rule.active, rule.ended_at = False, timezone.now() + timedelta(minutes=5)
    rule.save()
    ((_, new),) = look(desk, rule).shown[0].changed
    assert (new.outcome, new.expected) == ("paid", None)


def test_looking_asks_as_much_for_two_claims_as_for_one(bring, desk, sent):
    other = money.ready_claim(desk, patient=cast.make_patient(desk.world, given="Ada"))
    money.exported(desk)
    for number, claim in enumerate((sent, other)):
        line = Svc("D0140", "72.00", "40.00", ["CO*45*32.00"], f"{claim}-1")
        clp = Clp(str(claim), "72.00", "40.00", [line, Svc("D9996", "0", "0", control=f"{claim}-2")])
        bring(file_of(check(clp, trace=f"CHK-{number}")), name=f"{number}.835")
    rule = entered(sent.coverage.payer, allowed_amount=Decimal("60.00"))

    def queries(many: int) -> int:
        claims = Claim.objects.filter(pk__in=[one.pk for one in (sent, other)[:many]])
        with CaptureQueriesContext(connection) as asked:
            assert len(otherwise(rule, claims, at=money.LATER)) == many
        return len(asked)

    assert queries(2) == queries(1)


def test_nobody_but_the_front_desk_has_payments_judged_anew(bring, desk, sent):
    paid_40_of_72(bring, sent, "CO*45*32.00")
    rule = entered(sent.coverage.payer, allowed_amount=Decimal("60.00"))
    with pytest.raises(Refused):
        judge_posted_anew(actor=desk.world.of("olu"), rule=rule, looked=look(desk, rule).digest, at=money.LATER)


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
