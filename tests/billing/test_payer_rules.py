"""Keeping a payer's rules: what stands gives way, nothing is written over, and claims follow (CL-9, domain.md 2.1)."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from billing.actions.appealing import begin_appeal
from billing.actions.payer_rules import end_rule, save_rule
from billing.deadlines import redraw
from billing.models import Claim, PayerRule
from billing.payer_facts import services_before
from billing.rule_changes import change_to, foresee, touched_by
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused
from tests import cast
from tests.billing import cast as money
from tests.billing.answers.conftest import bring, sent  # noqa: F401
from tests.billing.answers.paper import Clp, Svc, check, file_of
from tests.billing.test_changing import correct, known

START = date(2026, 1, 1)


def rule(desk, code="D0140", **said) -> PayerRule:
    kept = {"valid_from": START, "source": "Provider manual", "verified_on": START, "covered": "yes", **said}
    return PayerRule(payer=kept.pop("payer", desk.cedar), code=code, **kept)


def saved(desk, code="D0140", **said) -> PayerRule:
    kept = save_rule(actor=desk.rita, rule=rule(desk, code, **said), at=cast.AT)
    money.run_jobs()
    return kept


def test_a_change_ends_the_old_row_on_the_day_before_and_keeps_its_words(desk):
    old = saved(desk, allowed_amount=Decimal("40.00"))
    new = saved(desk, valid_from=date(2026, 7, 1), allowed_amount=Decimal("45.00"))
    old.refresh_from_db()
    assert (old.valid_until, old.active, old.allowed_amount, old.ended_name) == (
        date(2026, 6, 30),
        True,
        40,
        "Rita Castellane",
    )
    assert (new.supersedes, new.made_by, new.active) == (old, desk.rita.person, True)


def test_a_row_from_the_very_same_day_sets_the_old_one_aside(desk):
    old, new = saved(desk), saved(desk, covered="no")
    old.refresh_from_db()
    assert (old.active, old.valid_until, new.supersedes) == (False, None, old)


def test_the_same_form_sent_twice_is_one_row(desk):
    public_id = uuid4()
    assert saved(desk, public_id=public_id) == saved(desk, public_id=public_id)
    assert PayerRule.objects.count() == 1


def test_a_form_that_was_saved_with_other_words_says_so_and_loses_nothing(desk):
    first = saved(desk, allowed_amount=Decimal("40.00"))
    with pytest.raises(Conflict, match="saved before with other words"):
        saved(desk, public_id=first.public_id, allowed_amount=Decimal("45.00"))
    assert PayerRule.objects.get().allowed_amount == 40


def test_what_somebody_else_changed_since_it_was_shown_is_not_set_aside(desk):
    saved(desk)
    hers = rule(desk, covered="no")
    shown = change_to(hers)
    theirs = saved(desk, age_max=20)
    with pytest.raises(Conflict, match="Somebody else changed a rule for D0140"):
        save_rule(actor=desk.rita, rule=hers, at=cast.AT, seen=shown)
    assert PayerRule.objects.get(active=True) == theirs


@pytest.mark.parametrize(("wrong", "field"), [
    ({"valid_from": date(2025, 7, 1)}, "valid_until"),  # it would still hold when the later one begins
    ({"verified_on": cast.AT.date() + timedelta(days=2), "valid_from": date(2026, 7, 1)}, "verified_on"),
    ({"source": "", "valid_from": date(2026, 7, 1)}, "source"),
])  # fmt: skip
def test_what_does_not_fit_is_refused_and_changes_nothing(desk, wrong, field):
    old = saved(desk)
    with pytest.raises(ValidationError) as refusal:
        saved(desk, **wrong)
    assert field in refusal.value.error_dict
    old.refresh_from_db()
    assert (PayerRule.objects.count(), old.valid_until, old.ended_at) == (1, None, None)


def test_rules_of_another_practice_are_not_hers(desk):
    elsewhere = money.build_desk(cast.build_world("Second "))
    with pytest.raises(Refused):
        saved(desk, payer=elsewhere.cedar)
    theirs = saved(elsewhere)
    with pytest.raises(Refused):
        end_rule(actor=desk.rita, rule=theirs, last_day=None, reason="Not true any more", at=cast.AT)


def test_a_rule_is_ended_or_set_aside_with_a_reason(desk):
    kept = saved(desk)
    end = {"actor": desk.rita, "rule": kept, "at": cast.AT}
    for wrong in ({"last_day": None, "reason": "x"}, {"last_day": date(2025, 1, 1), "reason": "Benefit dropped"}):
        with pytest.raises(ValidationError):
            end_rule(**end, **wrong)
    assert end_rule(**end, last_day=date(2026, 6, 30), reason="Benefit dropped").valid_until == date(2026, 6, 30)
    with pytest.raises(Conflict, match="Rita Castellane ended this rule already"):  # who ended it, and why, stays
        end_rule(**end, last_day=None, reason="Read the wrong manual")
    with pytest.raises(Conflict):
        end_rule(**end, last_day=None, reason="Read the wrong manual")


def test_a_claim_is_held_and_let_go_by_the_row_of_its_day(desk):
    claim = money.ready_claim(desk)
    held = saved(desk, covered="no")
    claim.refresh_from_db()
    problem = next(one for one in claim.problems if one["rule"] == "PAY.not-covered")
    assert (claim.status, problem["rests_on"]) == ("blocked", [str(held.public_id)])
    saved(desk, valid_from=claim.service_date)
    claim.refresh_from_db()
    assert (claim.status, claim.problems) == ("ready", [])


def test_what_a_change_touches_and_does_is_told_before(desk):
    claim, other = money.ready_claim(desk), money.ready_claim(desk)
    saved(desk, valid_from=START, valid_until=claim.service_date - timedelta(days=1))
    planned = rule(desk, valid_from=claim.service_date, age_max=3)
    change = change_to(planned)
    assert set(touched_by(change)) == {claim, other}
    assert "age on the date of service" in foresee(claim, change).against[0]
    later = rule(desk, valid_from=claim.service_date + timedelta(days=1))
    assert not touched_by(change_to(later))
    assert not touched_by(change_to(rule(desk, plan="MC")))
    claim.refresh_from_db()
    assert claim.status == "ready"  # looking changes nothing


def test_the_days_of_a_row_go_before_the_profiles(desk):
    claim = money.ready_claim(desk)
    saved(desk, filing_days=30)
    claim.refresh_from_db()
    assert claim.due_on == claim.file_by == claim.service_date + timedelta(days=30)  # the profile says 90


def test_a_row_may_date_the_dentists_claim(desk):
    claim = money.ready_claim(desk)
    saved(desk, "D9996", dos_basis="capture")
    claim.refresh_from_db()
    assert claim.service_date == claim.case.day_seen


def test_a_sent_claim_follows_changed_limits_and_its_appeal_the_row(desk, bring, sent):  # noqa: F811
    saved(desk, appeal_days=20, appeal_signed_by="front_desk")
    lines = [Svc("D0140", "72.00", "0", ["CO*119*72.00"], f"{sent}-1"), Svc("D9996", "0", "0", control=f"{sent}-2")]
    bring(file_of(check(Clp(str(sent), "72.00", "0", lines))))
    denied = Claim.objects.get(pk=sent.pk)
    assert (denied.status, denied.due_on) == ("denied", denied.answered_on + timedelta(days=20))
    saved(desk, valid_from=denied.service_date, appeal_days=45, appeal_signed_by="front_desk")
    denied.refresh_from_db()
    assert denied.due_on == denied.answered_on + timedelta(days=45)
    appeal = begin_appeal(actor=desk.rita, claim=denied, at=money.LATER)
    told = clock.local_date(
        denied.answered_at, denied.case.site.time_zone
    )  # when it was heard here, on the site's calendar
    assert (appeal.signature, appeal.deadline) == ("front_desk", told + timedelta(days=45))


def test_redrawing_takes_as_many_queries_for_many_claims(desk, django_assert_max_num_queries):
    for _ in range(3):
        money.ready_claim(desk)
    saved(desk, filing_days=30)
    with django_assert_max_num_queries(6):
        redraw(Claim.objects.filter(coverage__payer=desk.cedar))


@pytest.mark.parametrize(
    "change", [{"status": "rejected"}, {"void_wanted_at": cast.AT, "void_because": "The wrong child"}]
)
def test_what_was_rejected_or_is_to_be_voided_counts_in_no_limit(desk, sent, change):  # noqa: F811
    again = money.signed(desk, patient=sent.case.patient)
    before = services_before(again, None, ())
    Claim.objects.filter(pk=sent.pk).update(**change)
    assert len(services_before(again, None, ())) == len(before) - sent.lines.count() < len(before)


def test_a_limit_counts_other_claims_and_not_the_one_that_is_corrected(desk, sent):  # noqa: F811
    saved(desk, frequencies=[{"count": 1, "period": 6, "unit": "month"}])
    correction = correct(desk, known(sent))
    assert "PAY.frequency" not in [one["rule"] for one in correction.problems]
    again = money.signed(desk, patient=sent.case.patient)
    money.run_jobs()
    second = money.claims_of(again)["dentist"]
    assert "PAY.frequency" in [one["rule"] for one in second.problems]
    done = second.facts["done_before"][0]
    dentist = sent.draft["rendering"]
    assert (done["rendering_npi"], done["site"]) == (dentist["npi"], sent.facts["site"]["name"])
