"""A rule for days past at the front desk: which posted payments it would judge otherwise, and the act that does it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing.claims.facts import ClaimFacts
from billing.claims.lines import draft_claim
from billing.models import Claim, ClaimLine, PayerRule
from billing.payer_facts import dated_by_rule
from billing.rule_changes import change_to, ending_of, foresee, touched_by
from billing.terms import as_pure
from tests.billing import cast as money
from tests.billing.answers.conftest import bring  # noqa: F401
from tests.billing.answers.test_judged_by_rules import entered, paid_40_of_72
from tests.billing.test_payer_rules import saved
from tests.claims_pages.reading import text_of
from tests.claims_pages.test_payer_rules_pages import add


def judged_page(rita, rule):
    return rita.get(f"/claims/payer-rules/{rule.public_id}/judged/")


def test_the_rules_page_offers_what_it_would_judge_otherwise_and_one_act_does_it(rita, bring, sent):  # noqa: F811
    paid_40_of_72(bring, sent, "CO*45*32.00")
    rule = entered(sent.coverage.payer, allowed_amount=Decimal("60.00"), made_at=timezone.now() + timedelta(minutes=1))
    said = text_of(rita.get(f"/claims/payer-rules/{rule.public_id}/"))
    assert "What it would judge otherwise" in said
    assert "would be judged" not in said  # that is for the page behind it
    page = judged_page(rita, rule)
    assert sent.claim_id in text_of(page)
    assert "Underpaid, short by $20.00. Appeal. The schedule allows $60.00." in text_of(page)
    done = rita.post(
        f"/claims/payer-rules/{rule.public_id}/judged/", {"looked": page.context["look"].digest}, follow=True
    )
    assert "1 posted payment is judged by the rules of now." in text_of(done)
    claim = text_of(rita.get(f"/claims/{sent.public_id}/"))
    assert "Rita Castellane had the answers judged anew: paid in part" in claim


def test_what_was_not_shown_is_not_done(rita, client_of, bring, sent):  # noqa: F811
    paid_40_of_72(bring, sent, "CO*45*32.00")
    rule = entered(sent.coverage.payer, allowed_amount=Decimal("60.00"))
    address = f"/claims/payer-rules/{rule.public_id}/judged/"
    again = rita.post(address, {"looked": "another"})
    assert again.status_code == 409
    assert "Look again; nothing was changed." in text_of(again)
    assert "Judge it anew" not in text_of(client_of("olu").get(address))  # the manager looks on


def test_where_everything_comes_out_the_same_the_page_says_so(rita, desk):
    assert "Every payment posted before this rule comes out the same by it." in text_of(judged_page(rita, saved(desk)))


def test_a_rule_that_was_ended_is_not_ended_again_and_keeps_who_did(rita, desk):
    rule = saved(desk)
    address = f"/claims/payer-rules/{rule.public_id}/end/"
    said = {"last_day": "2026-06-30", "reason": "Benefit dropped"}
    rita.post(address, {**said, "looked": rita.post(address, said).context["looked"]})
    assert "End it" not in text_of(rita.get(f"/claims/payer-rules/{rule.public_id}/"))
    again = rita.post(address, {"last_day": "2026-03-31", "reason": "Another reason"})
    assert again.status_code == 409
    assert "Rita Castellane ended this rule already" in text_of(again)
    rule.refresh_from_db()
    assert (rule.valid_until, rule.ended_because) == (date(2026, 6, 30), "Benefit dropped")


def test_a_rule_in_its_place_leaves_who_ended_it_and_why(rita, desk):
    rule = saved(desk, valid_from=date(2026, 1, 1))
    PayerRule.objects.filter(pk=rule.pk).update(
        ended_at=money.AT, ended_name="Olu Adeyemi", ended_because="Benefit dropped", valid_until=date(2026, 6, 30)
    )
    saved(desk, valid_from=date(2026, 3, 1), valid_until=date(2026, 6, 30))
    rule.refresh_from_db()
    assert (rule.valid_until, rule.ended_name, rule.ended_because) == (
        date(2026, 2, 28),
        "Olu Adeyemi",
        "Benefit dropped",
    )


def seen_the_day_before(claim):
    """As if the child was seen a day before the dentist signed."""
    before = claim.service_date - timedelta(days=1)
    claim.facts["case"]["day_seen"] = before.isoformat()
    Claim.objects.filter(pk=claim.pk).update(facts=claim.facts)
    return before


def test_a_change_of_what_dates_a_claim_is_foreseen(rita, desk):
    before = seen_the_day_before(money.ready_claim(desk))
    page = add(rita, desk, code="D9996", dos_basis="capture")
    assert f"Would be dated {before.day} Nov {before.year}." in text_of(page)
    assert "Would be dated" not in text_of(add(rita, desk, code="D9996", dos_basis="signed"))


def test_the_end_of_a_basis_is_foreseen_by_the_payers_own(desk):
    claim = money.ready_claim(desk)
    signed_on, before = claim.service_date, seen_the_day_before(claim)
    standing = PayerRule(
        payer=desk.cedar, code="D9996", covered="yes", dos_basis="capture", valid_from=date(2026, 1, 1)
    )
    facts = replace(ClaimFacts.from_json(claim.facts), payer_rules=(as_pure(standing),))
    claim.facts = dated_by_rule(facts).to_json()
    assert draft_claim(ClaimFacts.from_json(claim.facts), "dentist").service_date == before
    foreseen = foresee(claim, ending_of(standing, None))
    assert foreseen is not None
    assert foreseen.dated == signed_on


@pytest.mark.parametrize(("basis", "count"), [("signed", 1), ("", 0)])
def test_a_claim_dated_before_the_rule_is_touched_by_a_basis_on_the_day_of_its_signature(desk, basis, count):
    claim = money.ready_claim(desk)
    first = claim.service_date
    ClaimLine.objects.filter(claim=claim).update(service_date=first - timedelta(days=30))  # as by the day seen
    rule = PayerRule(payer=desk.cedar, code="D9996", covered="yes", dos_basis=basis, valid_from=first)
    assert touched_by(change_to(rule)).count() == count
