"""Orders of a review count from its signature and are part of what is signed; the database keeps them as they were."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from cases.actions import ordering, reviewing
from cases.models import Order, Review
from cases.order_states import OrderStatus
from cases.states import Status
from cases.verifying import misfits
from teledent.kit.decisions import Refused
from tests import cast

WHEN = cast.AT + timedelta(minutes=30)


@pytest.fixture
def drafted(world, disk):
    """A complete draft in which the plan's line is turned into an order."""
    case = cast.case_at(world, Status.IN_REVIEW)
    review = cast.write(world, case, cast.AT + timedelta(minutes=25))
    (order,) = ordering.draft_orders(
        actor=world.of("dev"), review=review, kind="silver_fluoride", line_id=review.plan.get().pk, at=WHEN
    )
    return case, order


def sign(world, case):
    review = Review.objects.get(case=case)
    return cast.signing.sign_review(
        actor=world.of("dev"), review=review, version=review.version, evaluation_code="D0140", no_live_contact=True,
        not_same_building=True, password=cast.PASSWORD, at=WHEN,
    )  # fmt: skip


def test_a_line_of_the_plan_gives_its_tooth_and_reason(drafted):
    _, order = drafted
    assert (order.tooth, order.reason, order.status) == ("LLD", "Decay seems to reach dentine", OrderStatus.DRAFTED)


def test_it_counts_from_the_signature_and_stands_in_what_was_signed(world, drafted):
    case, order = drafted
    signature = sign(world, case)
    order.refresh_from_db()
    assert (order.status, order.counts_from) == (OrderStatus.OPEN, WHEN)
    (signed,) = signature.content["review"]["orders"]
    assert (signed["label"], signed["kind"], signed["tooth"]) == (order.label, "silver_fluoride", "LLD")
    assert case.events.filter(kind="order_issue", details__order=order.label).exists()
    assert list(_without_bytes(case)) == []


def _without_bytes(case):
    """The tests' files have no bytes at rest; everything else of the record is looked at."""
    case.refresh_from_db()
    return (said for said in misfits(case) if "original" not in said and "gone" not in said)


def test_a_draft_that_nobody_signs_orders_nothing(world, drafted):
    case, order = drafted
    cast.reviewing.release_review(actor=world.of("dev"), case=case, at=WHEN)
    cast.withdraw(world, case, WHEN)
    order.refresh_from_db()
    assert order.status == OrderStatus.DRAFTED
    assert not Order.objects.live().exists()


def test_an_order_of_an_earlier_version_goes_on_in_the_draft_of_the_next(world, drafted):
    case, order = drafted
    dev, hana = world.of("dev"), world.of("hana")
    review = Review.objects.get(case=case)
    reviewing.request_info(actor=dev, review=review, asks=[reviewing.Ask("Since when?", field="complaint")], at=WHEN)
    item = case.requests.get().items.get()
    reviewing.answer_request(actor=hana, item=item, answer="Since Sunday", at=WHEN)
    case.refresh_from_db()
    cast.submitting.submit_case(actor=hana, case=case, at=WHEN)
    again = reviewing.start_review(actor=dev, case=case, at=WHEN)
    assert [one.pk for one in again.orders.all()] == [order.pk]


def test_the_page_of_another_version_adds_no_order(world, drafted):
    case, _ = drafted
    review = Review.objects.get(case=case)
    with pytest.raises(Refused):
        ordering.draft_orders(
            actor=world.of("dev"),
            review=review,
            kind="fluoride",
            reason="White spots",
            at=WHEN,
            version=review.version - 1,
        )


def test_a_dentist_without_a_licence_there_orders_nothing(world, signed_case):
    una = cast.Person.objects.create_user("una@example.org", cast.PASSWORD, name="Dr. Una Brandt")
    cast.Membership.objects.create(person=una, practice=world.practice, role="dentist", starts_on=cast.date(2026, 1, 1))
    world.people["una"] = una
    with pytest.raises(Refused, match="no active licence"):
        ordering.give_orders(
            actor=world.of("una"),
            case=signed_case,
            kind="fluoride",
            reason="White spots",
            password=cast.PASSWORD,
            at=WHEN,
        )


@pytest.fixture
def signed_case(world):
    return cast.case_at(world, Status.SIGNED)


def refused(statement, *parameters):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
    except DatabaseError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    "change",
    ["tooth = 'UL6'", "kind = 'sealant'", "reason = 'Other'", "valid_until = '2030-01-01'", "status = 'drafted'"],
)
def test_what_counts_is_not_changed_by_anybody(world, drafted, change):
    case, _ = drafted
    assert refused("UPDATE cases_order SET reason = 'Deep, and soft'") == ""
    sign(world, case)
    assert refused(f"UPDATE cases_order SET {change}")
    assert "never changes" in refused("DELETE FROM cases_order")
    assert refused("UPDATE cases_order SET status = 'refused', ended_because = 'The family says no'") == ""


def test_nothing_is_drafted_into_a_signed_review(world, drafted):
    case, _ = drafted
    sign(world, case)
    columns = "practice_id, case_id, review_id, kind, tooth, reason, valid_until, ordered_by_id, ordered_by_name, made_at, ended_because"
    statement = (
        f"INSERT INTO cases_order (public_id, number, status, {columns})"
        f" SELECT '00000000000000000000000000000009', 999, 'drafted', {columns} FROM cases_order"
    )
    assert "signed review" in refused(statement)
