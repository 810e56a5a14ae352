"""The only writer of an order's status: one compare-and-set and its event, on the case and on the visit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cases.models.order import Order
from cases.moving import record_event
from cases.order_states import ORDER_LABELS, ORDER_MOVES, OrderStatus
from teledent.accounts.models import Person
from teledent.kit.decisions import Conflict


@transaction.atomic
def move_order(
    order: Order,
    name: str,
    *,
    person: Person | None,
    at: datetime,
    details: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Order:
    """Make the move `name` of an order whose case is locked; `changes` are columns of the same compare-and-set.

    Raises Conflict when it moved meanwhile: nothing was written.
    """
    entry, expected = ORDER_MOVES[name], OrderStatus(order.status)
    same = Order.objects.filter(pk=order.pk, status=expected, visit=order.visit_id)
    if expected not in entry.sources or not same.update(status=entry.target, **changes):
        now = ORDER_LABELS[OrderStatus(Order.objects.values_list("status", flat=True).get(pk=order.pk))].lower()
        raise Conflict(f"{order.label} is now: {now}. Reload the page; nothing was changed.")
    visits = {order.visit_id, getattr(changes.get("visit"), "pk", None)} - {None}
    for case_id in (order.case_id, *sorted(pk for pk in visits if pk)):
        record_event(case_id, f"order_{name}", person=person, at=at, details={**named(order), **(details or {})})
    order.refresh_from_db()
    return order


def given_content(order: Order, *, licence: str) -> dict[str, Any]:
    """What the hash of an order that a dentist gives by itself is over (CO-3)."""
    return {
        "case": order.case.label, "at": order.made_at, "person": order.ordered_by_name, **named(order), "licence": licence,
    }  # fmt: skip


def named(order: Order) -> dict[str, Any]:
    """How an event names an order."""
    return {
        "order": order.label, "kind": order.kind, "tooth": order.tooth, "reason": order.reason, "valid_until": order.valid_until,
    }  # fmt: skip
