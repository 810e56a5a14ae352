"""CO-3: an order starts with consent of its scope that day, no allergy against it, the tooth said again, and in time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.signed import signed_record
from cases import teeth
from cases.actions import consenting, correcting, ordering, signing, treating
from cases.jobs import expiring
from cases.models import Case, Order
from cases.order_kinds import KINDS, allergy_against
from cases.order_policies import same_tooth
from cases.order_states import OrderStatus
from cases.record import signed_orders
from cases.record_facts import OrderFact
from cases.states import Status
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused
from tests import cast
from tests.orders.conftest import LATER, NONE_KNOWN, fill_visit


def test_an_order_with_everything_right_opens_a_visit_of_its_own(signed, give, start):
    order = give()
    visit = start(order)
    assert (visit.kind, visit.follows, visit.status) == ("treatment_visit", signed, Status.DRAFT)
    assert (order.status, order.visit) == (OrderStatus.ACCEPTED, visit)
    assert visit.answers["allergies"] == ["none_known"]
    for case in (signed, visit):
        assert case.events.filter(kind="order_accept", details__order=order.label).count() == 1


def test_without_consent_to_that_treatment_it_does_not_start(world, signed, give, start):
    order = give()
    consenting.withdraw_consent(
        actor=world.of("hana"), patient=signed.patient, scope="sealants", reason="The mother called", at=cast.AT
    )
    with pytest.raises(Refused, match="sealants"):
        start(order)
    assert start(give("fluoride", ""), tooth="").kind == "treatment_visit"


def test_a_consent_that_has_run_out_does_not_carry_a_treatment(signed, give, start):
    order = give(valid_until=date(2027, 10, 1))
    with pytest.raises(Refused, match="sealants"):
        start(order, at=cast.AT.replace(year=2027, month=9, day=15))


@pytest.mark.parametrize(
    "said", [{"allergies": ["resin"]}, {"allergies": ["other"], "allergies_text": "Reacted to Bisphenol once"}]
)
def test_an_allergy_against_it_said_today_stops_it(give, start, said):
    with pytest.raises(Refused, match="answered today"):
        start(give(), answers=said)


def test_an_allergy_on_file_stops_it_although_today_none_is_known(signed, give, start):
    Case.objects.filter(pk=signed.pk).update(answers={**signed.answers, "allergies": ["latex"]})
    with pytest.raises(Refused, match=signed.label):
        start(give())


def test_penicillin_is_no_reason_against_a_sealant(give, start):
    assert start(give(), answers={"allergies": ["penicillin"]})


def test_not_asked_is_not_none_known(give, start):
    with pytest.raises(Refused, match="allergies again"):
        start(give(), answers={"allergies": []})


@pytest.mark.parametrize("said", ["UL6", "", "LR6"])
def test_another_tooth_than_the_one_ordered_stops_it(give, start, said):
    with pytest.raises(Refused, match="another tooth"):
        start(give(), tooth=said)


@given(
    ordered=st.sampled_from(sorted(teeth.universal_by_key())),
    said=st.sampled_from(["", *sorted(teeth.universal_by_key())]),
)
def test_only_the_very_tooth_is_the_same(ordered, said):
    fact = OrderFact("TO-00001", "sealant", ordered, "", date(2027, 1, 1), "")
    assert bool(same_tooth(fact, said)) == (said == ordered)


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_allergy_of_a_kind_is_recognised_under_other_too(kind):
    for word in KINDS[kind].words:
        assert allergy_against(kind, {"allergies": ["other"], "allergies_text": f"{word.title()} rash"})
    assert allergy_against(kind, {"allergies": ["none_known"]}) == ""


def test_it_starts_on_its_last_day_and_not_on_the_one_after(give, start):
    order = give(valid_until=date(2026, 11, 20))
    last = clock.local_date(LATER + timedelta(days=1), "America/Los_Angeles")
    assert last == date(2026, 11, 20)
    with pytest.raises(Refused, match="ran out"):
        start(order, at=LATER + timedelta(days=2))
    assert start(order, at=LATER + timedelta(days=1))


def test_a_second_order_of_the_same_case_joins_the_visit_of_the_day(give, start):
    visit = start(give())
    assert start(give(tooth="UL6"), tooth="UL6") == visit
    assert start(give(tooth="LL6"), tooth="LL6", at=LATER + timedelta(days=1)) != visit


def test_a_second_tap_opens_no_second_visit(give, start):
    order = give()
    assert start(order) == start(order)


def test_a_hygienist_of_another_site_does_not_begin_it(world, give):
    with pytest.raises(Refused, match="do not work"):
        treating.start_visit(actor=world.of("bo"), order=give(), tooth="UR6", answers=NONE_KNOWN, at=LATER)


# --- what becomes of it ---------------------------------------------------------------------------------------------


def test_submitting_asks_for_what_was_done_and_then_fulfils_the_order(world, signed, give, start):
    order, other = give(), give(tooth="UL6")
    visit = start(order)
    start(other, tooth="UL6")
    fill_visit(world, visit)
    hana = world.of("hana")
    with pytest.raises(Refused, match=order.label):
        cast.submitting.submit_case(actor=hana, case=visit, at=LATER)
    treating.record_under_order(actor=hana, order=order, at=LATER)
    with pytest.raises(Refused, match=other.label):
        cast.submitting.submit_case(actor=hana, case=visit, at=LATER)
    treating.give_back(actor=hana, order=other, reason="The tooth could not be kept dry", at=LATER)
    cast.submitting.submit_case(actor=hana, case=visit, at=LATER)
    order.refresh_from_db()
    other.refresh_from_db()
    assert (order.status, other.status, other.visit) == (OrderStatus.DONE, OrderStatus.OPEN, None)
    (service,) = visit.submissions.get().content["services"]
    assert (service["code"], service["tooth"], service["order"]) == ("D1351", "UR6", order.label)
    assert signed.events.filter(kind="order_fulfil").count() == 1


def test_bitewings_are_fulfilled_by_their_picture(world, give, start):
    order = give("bitewings", "")
    visit = start(order, tooth="")
    fill_visit(world, visit)
    with pytest.raises(Refused, match=order.label):
        cast.submitting.submit_case(actor=world.of("hana"), case=visit, at=LATER)
    cast.put_file(visit, world.of("hana"), view="bitewing-left", at=LATER)
    cast.submitting.submit_case(actor=world.of("hana"), case=visit, at=LATER)
    order.refresh_from_db()
    assert order.status == OrderStatus.DONE


def test_a_visit_seen_after_the_last_day_is_not_submitted_under_the_order(world, give, start):
    visit = start(order := give(valid_until=date(2026, 11, 20)))
    fill_visit(world, visit)
    treating.record_under_order(actor=world.of("hana"), order=order, at=LATER)
    Case.objects.filter(pk=visit.pk).update(day_seen=date(2026, 11, 21))
    with pytest.raises(Refused, match="ran out"):
        cast.submitting.submit_case(actor=world.of("hana"), case=visit, at=LATER + timedelta(days=3))


def test_a_visit_whose_order_was_cancelled_is_not_submitted_under_it(world, signed, give, start):
    visit = start(order := give())
    fill_visit(world, visit)
    treating.record_under_order(actor=world.of("hana"), order=order, at=LATER)
    ordering.cancel_order(actor=world.of("dev"), order=order, reason="Treated elsewhere meanwhile", at=LATER)
    assert visit.events.filter(kind="order_cancel").exists()
    with pytest.raises(Refused, match="No order stands"):
        cast.submitting.submit_case(actor=world.of("hana"), case=visit, at=LATER)


@pytest.mark.parametrize("ends", [cast.withdraw, cast.stop])
def test_a_visit_that_ends_unsigned_frees_its_order(world, give, start, ends):
    visit = start(order := give())
    ends(world, visit, LATER)
    order.refresh_from_db()
    assert (order.status, order.visit) == (OrderStatus.OPEN, None)


def test_a_retraction_cancels_what_was_ordered(world, signed, give):
    order = give()
    signing.retract_case(
        actor=world.of("dev"), case=signed, reason="wrong_patient", explanation="This is another child", at=LATER
    )
    order.refresh_from_db()
    assert (order.status, order.ended_because) == (OrderStatus.CANCELLED, "The case was retracted.")


def test_an_order_runs_out_by_the_clock_of_its_site(monkeypatch, signed, give):
    order = give(valid_until=date(2026, 11, 20))
    for moment, status in (
        (LATER + timedelta(days=1, hours=13), "open"),
        (LATER + timedelta(days=1, hours=14), "expired"),
    ):
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)  # 23:43 and 00:43 in Oregon
        effect = expiring.expire_orders()
        if effect:
            effect()
        order.refresh_from_db()
        assert order.status == status
    assert signed.events.filter(kind="order_expire").count() == 1


def test_a_refused_order_keeps_its_reason_and_does_not_start(world, give, start):
    order = give()
    with pytest.raises(Refused, match="Say why"):
        treating.refuse_order(actor=world.of("hana"), order=order, reason="x", at=LATER)
    treating.refuse_order(actor=world.of("hana"), order=order, reason="The family says no", at=LATER)
    with pytest.raises(Conflict):
        start(order)
    order.refresh_from_db()
    assert order.ended_because == "The family says no"


def test_the_same_thing_is_not_ordered_twice_while_it_waits(give):
    give()
    with pytest.raises(Refused, match="ordered already"):
        give()


@pytest.mark.parametrize(("kind", "tooth"), [("sealant", ""), ("fluoride", "UR6"), ("sealant", "XX9")])
def test_a_kind_names_a_tooth_or_does_not(give, kind, tooth):
    with pytest.raises(Refused):
        give(kind, tooth)
    assert not Order.objects.exists()


def test_a_retracted_visit_is_corrected_under_the_same_order(world, give, start, as_person):
    order, hana = give(), world.of("hana")
    visit = start(order)
    fill_visit(world, visit)
    treating.record_under_order(actor=hana, order=order, at=LATER)
    cast.submitting.submit_case(actor=hana, case=visit, at=LATER)
    cast.start(world, visit, LATER)
    visit.refresh_from_db()
    cast.sign(world, visit, LATER)
    cast.retract(world, visit, LATER)
    made = correcting.open_corrected(
        actor=hana, case=visit, patient=visit.patient, pictures=[one.public_id for one in visit.assets.all()], at=LATER
    )
    order.refresh_from_db()
    assert (order.status, order.visit) == (OrderStatus.ACCEPTED, made)
    record = as_person("dev").get(f"/cases/{visit.public_id}/").content.decode()
    assert (
        "Done under its order: Seal upper right first molar" in record
    )  # what was signed, although the order is another visit's now
    signature = visit.signature
    assert signed_record(visit, signature).orders == signed_orders(signature.review.submission.content)
    assert [one.label for one in signed_record(visit, signature).orders] == [order.label]
    made.assets.update(state="examined", examined_at=LATER)
    cast.submitting.submit_case(actor=hana, case=made, at=LATER)
    order.refresh_from_db()
    assert order.status == OrderStatus.DONE
