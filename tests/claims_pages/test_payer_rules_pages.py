"""A payer's rules at the front desk: what a change touches is shown before it is saved, and a claim names what it rests on."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.actions.payer_rules import save_schedule
from billing.claims.schedule import parse_schedule
from billing.models import PayerRule
from billing.rule_examples import EXAMPLES
from tests import cast
from tests.billing import cast as money
from tests.billing.test_payer_rules import saved
from tests.claims_pages.reading import text_of

TYPED = {
    "code": "D0140", "plan": "", "valid_from": "2026-01-01", "valid_until": "", "source": "Provider manual, page 12",
    "verified_on": "2026-11-02", "covered": "yes", "asynchronous": "unknown", "new_patient": "unknown",
    "patient_initiated": "unknown", "patient_billable": "unknown", "epsdt": "unknown", "counts_as_evaluation": "unknown",
    "authorisation": "unknown", "narrative_counts": "unknown", "external_review": "unknown",
}  # fmt: skip


def typed(**said):
    return {"public_id": str(PayerRule().public_id), **TYPED, **said}


def add(rita, desk, **said):
    return rita.post(f"/claims/payers/{desk.cedar.public_id}/rules/add/", typed(**said), follow=True)


def test_a_rule_is_typed_as_a_biller_says_it(rita, desk):
    page = add(
        rita, desk, companions="d0120 3-20, D0170", forbidden_same_day="D0150 D0180", places="02,10", limit1_count="1",
        limit1_period="6", limit1_unit="month", limit1_scope="provider", limit1_shared="D0150", attachments=["photograph"],
        allowed_amount="48.50", age_min="0",
    )  # fmt: skip
    rule = PayerRule.objects.get()
    assert rule.companions[0] == {"code": "D0120", "age_min": 3, "age_max": 20}
    assert rule.frequencies == [
        {"count": 1, "period": 6, "unit": "month", "scope": "provider", "shared_with": ["D0150"], "starts_month": 1}
    ]
    said = text_of(page)
    for sentence in (
        "D0120 (3 to 20 years); D0170", "once in 6 months for each dentist, together with D0150", "D0150, D0180", "$48.50",
        "Age from 0", "Provider manual, page 12", "2 Nov 2026",
    ):  # fmt: skip
        assert sentence in said


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"source": ""}, "Fill this in."),
    ({"verified_on": ""}, "Fill this in."),
    ({"verified_on": "2126-01-01"}, "This day has not come yet."),
    ({"valid_until": "2025-01-01"}, "The last day lies before the first."),
    ({"companions": "D0120 always"}, "is no code with ages"),
    ({"companions": "D0120 20-3"}, "The ages of D0120 end before they begin."),
    ({"companions": "D0140"}, "D0140 is no companion of itself."),
    ({"limit1_count": "1"}, "The unit is one of"),
    ({"limit2_period": "6"}, "Say how many and in which period"),
    ({"limit1_shared": "D0150"}, "Say how many and in which period"),
    ({"filing_days": "0"}, "At least 1 day."),
    ({"limit2_unit": "month"}, "The count is a whole number"),
    ({"limit1_count": "1", "limit1_unit": "day", "limit1_shared": "exam"}, "Codes that share the limit"),
    ({"places": "2"}, "Places of service are two digits each"),
    ({"modifiers": "GQ, 95, A1, A2, A3"}, "A line holds 4 modifiers."),
    ({"age_min": "9", "age_max": "3"}, "The ages end before they begin."),
    ({"filing_days": "99999999999"}, "less than or equal to 3660"),
    ({"limit1_count": "1", "limit1_unit": "month", "limit1_starts": "13"}, "Select a valid choice."),
    ({"valid_from": "0001-01-01", "covered": "perhaps"}, "Select a valid choice."),
    ({"code": "D7777"}, "Select a valid choice."),
    ({"public_id": "no"}, "Enter a valid UUID."),
])  # fmt: skip
def test_what_makes_no_sense_is_said_beside_its_field_and_the_rest_stays(rita, desk, wrong, sentence):
    answer = add(rita, desk, **{"diagnoses_allowed": "K02, Z01.2", **wrong})
    assert (answer.status_code, PayerRule.objects.count()) == (422, 0)
    assert sentence in text_of(answer)
    assert 'value="K02, Z01.2"' in answer.content.decode()


def test_what_it_touches_is_seen_before_it_is_saved_and_after_a_change_seen_anew(rita, desk):
    claim = money.ready_claim(desk)
    first = add(rita, desk, age_max="3")
    said = text_of(first)
    assert "This touches 1 open claim" in said
    assert f"{claim.claim_id} " in said
    assert "Would be held." in said
    assert PayerRule.objects.count() == 0
    looked = first.context["looked"]
    assert "This touches 1 open claim" in text_of(add(rita, desk, age_max="4", looked=looked))
    assert PayerRule.objects.count() == 0
    again = typed(age_max="3")
    page = rita.post(f"/claims/payers/{desk.cedar.public_id}/rules/add/", again)
    rita.post(f"/claims/payers/{desk.cedar.public_id}/rules/add/", {**again, "looked": page.context["looked"]})
    assert PayerRule.objects.get().age_max == 3


def test_a_neighbour_of_d9996_listed_as_its_companion_is_asked_about_first(rita, desk):
    first = add(rita, desk, code="D9996", companions="D0140, D9310, D9910")
    said = text_of(first)
    assert "D9310 is for a consultation asked for by another practitioner" in said
    assert "D9910 is for a desensitising treatment" in said
    assert PayerRule.objects.count() == 0
    again = typed(code="D9996", companions="D0140, D9310")
    looked = rita.post(f"/claims/payers/{desk.cedar.public_id}/rules/add/", again).context["looked"]
    rita.post(f"/claims/payers/{desk.cedar.public_id}/rules/add/", {**again, "looked": looked})
    assert PayerRule.objects.get().companions[1]["code"] == "D9310"


def test_a_change_begins_with_the_row_and_asks_anew_when_it_was_verified(rita, desk):
    old = saved(
        desk, companions=[{"code": "D0120", "age_min": 3, "age_max": None}], frequencies=[{"count": 2, "unit": "day"}]
    )
    page = rita.get(f"/claims/payer-rules/{old.public_id}/change/").content.decode()
    assert 'value="D0120 3-"' in page
    assert 'name="limit1_count" value="2"' in page
    answer = rita.post(
        f"/claims/payer-rules/{old.public_id}/change/",
        typed(code="D0170", plan="MC", valid_from="2026-07-01"),
        follow=True,
    )
    assert "another row took its place" in text_of(answer)
    new = PayerRule.objects.get(supersedes=old)
    assert (new.code, new.plan, new.valid_from) == ("D0140", "", date(2026, 7, 1))  # a change is of the same code


def test_a_new_rule_that_puts_another_aside_is_shown_first_though_it_touches_no_claim(rita, desk):
    standing, said = saved(desk, age_max=20), typed(covered="no")
    address = f"/claims/payers/{desk.cedar.public_id}/rules/add/"
    page = rita.post(address, said)
    assert f"/claims/payer-rules/{standing.public_id}/" in page.content.decode()
    assert PayerRule.objects.get() == standing
    rita.post(address, {**said, "looked": page.context["looked"]})
    assert PayerRule.objects.get(active=True).covered == "no"


def test_a_change_of_what_somebody_else_changed_in_the_meantime_is_shown_first(rita, desk):
    old = saved(desk)
    address = f"/claims/payer-rules/{old.public_id}/change/"
    hers = typed(covered="no")
    theirs = saved(desk, age_max=20)
    page = rita.post(address, hers)
    assert "It is not the rule that you began with" in text_of(page)
    newest = saved(desk, age_max=18)
    again = rita.post(address, {**hers, "looked": page.context["looked"]})
    assert "It is not the rule that you began with" in text_of(again)
    assert PayerRule.objects.get(active=True) == newest != theirs
    seen = {**hers, "looked": again.context["looked"]}
    for _ in range(2):  # the same form twice is one row
        assert rita.post(address, seen).status_code == 302
    other = rita.post(address, {**seen, "age_max": "12"})
    assert other.status_code == 409
    assert "saved before with other words" in text_of(other)
    assert 'name="age_max" value="12"' in other.content.decode()


def test_ending_a_rule_says_what_is_not_known_any_more(rita, desk):
    rule = saved(desk)
    end = {"last_day": "2026-06-30", "reason": "The benefit was dropped"}
    for wrong in ("9999-12-31", "2020-01-01", "30 June"):
        assert rita.post(f"/claims/payer-rules/{rule.public_id}/end/", {**end, "last_day": wrong}).status_code == 422
    page = rita.post(f"/claims/payer-rules/{rule.public_id}/end/", end)
    assert "From 1 Jul 2026 nothing will be known" in text_of(page)
    done = rita.post(
        f"/claims/payer-rules/{rule.public_id}/end/", {**end, "looked": page.context["looked"]}, follow=True
    )
    assert "Rita Castellane: The benefit was dropped" in text_of(done)


def test_the_list_marks_what_nobody_has_verified_for_a_year(rita, client_of, desk):
    saved(desk, verified_on=date(2024, 1, 1), valid_from=date(2024, 1, 1))
    address = f"/claims/payers/{desk.cedar.public_id}/rules/"
    assert "Check again" in text_of(rita.get(address))
    saved(desk, valid_from=cast.AT.date() + timedelta(days=2000), verified_on=date(2026, 11, 2))
    said = text_of(rita.get(address))
    assert "begins later" in said
    assert "Check before use" in said
    assert "Check before use" not in text_of(client_of("olu").get(address))  # the manager reads
    assert "2 rules" in text_of(rita.get("/claims/payers/"))


def test_lists_take_the_same_queries_however_many_rules_there_are(rita, desk):
    first = saved(desk)
    addresses = [
        f"/claims/payers/{desk.cedar.public_id}/rules/",
        f"/claims/payer-rules/{first.public_id}/",
        "/claims/payers/",
    ]
    rita.get("/claims/payers/")  # the first page of a day asks for more
    few = [queries_of(rita, address) for address in addresses]
    for month in range(2, 9):
        saved(desk, valid_from=date(2026, month, 1))
        saved(desk, "D0170", valid_from=date(2026, month, 1))
    assert [queries_of(rita, address) for address in addresses] == few


def queries_of(client, address):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.key)
def test_an_example_fills_the_form_and_needs_a_source_and_a_day_of_ones_own(example, desk):
    rule = PayerRule(payer=desk.cedar, code=example.code, valid_from=date(2026, 1, 1), **example.says)
    rule.made_at, rule.made_by, rule.made_name = cast.AT, desk.rita.person, "Rita"
    with pytest.raises(ValidationError) as refusal:
        rule.full_clean(validate_constraints=False)
    assert set(refusal.value.error_dict) == {"source", "verified_on"}


def test_an_example_is_marked_and_saves_nothing_by_itself(rita, desk):
    address = f"/claims/payers/{desk.cedar.public_id}/rules/add/?example=texas-steps"
    page = rita.get(address)
    assert "Check before use." in text_of(page)
    assert 'value="D0120 3-20, D0140 0-20"' in page.content.decode()
    assert rita.post(address, typed(code="D9995", source="", verified_on="")).status_code == 422
    assert PayerRule.objects.count() == 0


def test_a_claim_names_the_rule_its_source_and_that_it_is_old(rita, desk):
    claim = money.ready_claim(desk)
    rule = saved(desk, covered="no", verified_on=date(2024, 2, 3), source="Bulletin 7")
    page = rita.get(f"/claims/{claim.public_id}/")
    assert (
        "By the payer's rule for D0140 from 1 Jan 2026 : Bulletin 7, verified 3 Feb 2024; check it again ."
        in text_of(page)
    )
    assert f"/claims/payer-rules/{rule.public_id}/" in page.content.decode()


PRICES = {"valid_from": "2026-07-01", "covered": "yes", "source": "Fee schedule 2026", "verified_on": "2026-11-02"}


def test_a_list_of_amounts_is_shown_line_by_line_and_then_saved_as_rules(rita, desk):
    kept = saved(desk, allowed_amount="40.00", age_max=20)
    saved(desk, "D9996", allowed_amount="0.00")
    claim = money.ready_claim(desk)
    address = f"/claims/payers/{desk.cedar.public_id}/rules/amounts/"
    shown = {**PRICES, "rows": "code,allowed\r\nD0140,48.50\r\nD0170,31\r\nD9996,0"}  # as a browser sends a text area
    page = rita.post(address, shown)
    said = text_of(page)
    for sentence in (
        "2 changes, 1 open claim touched", "D0140 line 2 $40.00 $48.50 Changes", "D0170 line 3 not known $31.00 A new rule",
        "D9996 line 4 $0.00 $0.00 As it stands",
    ):  # fmt: skip
        assert sentence in said
    assert PayerRule.objects.count() == 2
    assert "2 rules are saved" in text_of(rita.post(address, {**shown, "looked": page.context["looked"]}, follow=True))
    new = PayerRule.objects.get(supersedes=kept)
    assert (new.age_max, str(new.allowed_amount)) == (20, "48.50")
    assert (new.source, new.verified_on) == ("Fee schedule 2026; all else: Provider manual", kept.verified_on)
    assert PayerRule.objects.get(code="D0170").source == "Fee schedule 2026"
    money.run_jobs()
    claim.refresh_from_db()
    assert claim.facts["payer_rules"][0]["allowed_amount"] == "48.50"


def test_a_list_is_shown_anew_where_a_rule_changed_since_it_was_looked_at(rita, desk):
    address = f"/claims/payers/{desk.cedar.public_id}/rules/amounts/"
    shown = {**PRICES, "rows": "D0140,48.50"}
    looked = rita.post(address, shown).context["looked"]
    kept = saved(desk, allowed_amount="40.00")
    page = rita.post(address, {**shown, "looked": looked})
    assert "D0140 line 1 $40.00 $48.50 Changes" in text_of(page)
    assert PayerRule.objects.get() == kept
    rita.post(address, {**shown, "looked": page.context["looked"]})
    assert PayerRule.objects.filter(supersedes=kept).exists()


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"rows": "D0140,48.50\nD017,31"}, "Line 2: “D017” is no code"),
    ({"rows": ""}, "Fill this in."),
    ({"rows": "D0140,48", "source": ""}, "Fill this in."),
    ({"rows": "D0140,48", "verified_on": "2126-01-01"}, "This day has not come yet."),
])  # fmt: skip
def test_a_list_with_a_fault_saves_nothing_and_stays(rita, desk, wrong, sentence):
    answer = rita.post(f"/claims/payers/{desk.cedar.public_id}/rules/amounts/", {**PRICES, **wrong})
    assert (answer.status_code, PayerRule.objects.count()) == (422, 0)
    assert sentence in text_of(answer)


def test_a_list_ends_before_the_rule_that_begins_later(rita, desk):
    saved(desk, valid_from=date(2027, 1, 1))
    prices = parse_schedule("D0140,48.50")[0]
    said = {
        "valid_from": date(2026, 7, 1),
        "covered": "yes",
        "source": "Fee schedule",
        "verified_on": date(2026, 11, 2),
    }
    (rule,) = save_schedule(actor=desk.rita, payer=desk.cedar, prices=prices, said=said, at=cast.AT)
    assert rule.valid_until == date(2026, 12, 31)


def test_a_list_prices_the_row_that_judges_the_payers_own_kind_of_plan(rita, desk):
    own = saved(desk, plan=desk.cedar.filing_code, allowed_amount="40.00", age_max=20)
    any_plan = saved(desk, allowed_amount="48.50")
    page = rita.post(f"/claims/payers/{desk.cedar.public_id}/rules/amounts/", {**PRICES, "rows": "D0140,48.50"})
    assert "D0140 line 1 $40.00 $48.50 Changes" in text_of(page)
    prices, said = parse_schedule("D0140,48.50")[0], {**PRICES, "valid_from": date(2026, 7, 1)}
    (rule,) = save_schedule(
        actor=desk.rita, payer=desk.cedar, prices=prices, said={**said, "verified_on": date(2026, 11, 2)}, at=cast.AT
    )
    any_plan.refresh_from_db()
    assert (rule.supersedes, rule.plan, rule.age_max, any_plan.valid_until) == (own, own.plan, 20, None)


def priced(desk, count: int, *, at=cast.AT) -> int:
    """Queries that a list of so many lines asks, the first half of which has a rule already."""
    codes = [f"X{number:04d}" for number in range(count)]
    for code in codes[: count // 2]:
        saved(desk, code, allowed_amount="40.00")
    prices, faults = parse_schedule("\n".join(f"{code},48.50" for code in codes))
    assert not faults
    said = {
        "valid_from": date(2026, 7, 1),
        "covered": "yes",
        "source": "Fee schedule",
        "verified_on": date(2026, 11, 2),
    }
    with CaptureQueriesContext(connection) as asked:
        made = save_schedule(actor=desk.rita, payer=desk.cedar, prices=prices, said=said, at=at)
    rules = PayerRule.objects.filter(payer=desk.cedar)
    assert rules.in_use().filter(allowed_amount="48.50").count() == len(made) == count
    ended = rules.filter(allowed_amount="40.00", valid_until=date(2026, 6, 30), ended_name="Rita Castellane")
    assert ended.count() == count // 2
    return len(asked)


def test_a_list_asks_as_many_queries_for_sixteen_lines_as_for_two(desk):
    few = priced(desk, 2)
    other = money.build_desk(cast.build_world("Second "))
    assert priced(other, 16) == few
