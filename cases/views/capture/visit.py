"""A treatment visit on its own case page: what it is under, what is done of it, and the case that ordered it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from cases import teeth
from cases.models import Case, Order
from cases.order_kinds import KINDS, is_done
from cases.order_states import UNDER_ORDER
from cases.record import order_facts
from cases.views.capture.forms import ReasonForm

if TYPE_CHECKING:
    from cases.views.capture.page import Live

WHY_BACK = ("The child left for the day", "The child did not tolerate it", "The tooth could not be kept dry")


@dataclass(frozen=True, slots=True)
class VisitOrder:
    """One order of the visit. `code` records it with one tap; without one it is done by a picture of `views`."""

    order: Order
    tooth: str
    done: bool
    code: str

    @property
    def back_form(self) -> ReasonForm:
        return ReasonForm(auto_id=f"back_{self.order.number}_%s")


def visit_orders(case: Case) -> QuerySet[Order]:
    return Order.objects.filter(visit=case, status__in=UNDER_ORDER).select_related("case")


def visit_context(case: Case, live: "Live") -> dict[str, Any]:
    """Empty for a case that is no visit."""
    if case.follows_id is None:
        return {"visit": None}
    rows = list(visit_orders(case))
    shown = [
        VisitOrder(
            order, teeth.name(order.tooth) if order.tooth else "", is_done(fact, live.record), KINDS[order.kind].code
        )
        for order, fact in zip(rows, order_facts(rows), strict=True)
    ]
    return {"visit": {"orders": shown, "origin": case.follows}}
