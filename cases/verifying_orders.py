"""Orders against the timeline: each counts since the event that tells of it, says what that says, and stands where the last left it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cases.models import Case, CaseEvent, Order
from cases.order_moving import given_content, named
from cases.order_states import ORDER_MOVES, OrderStatus
from teledent.kit import canonical

GIVEN, ISSUED = "order_given", "order_issue"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an order got: its status, the visit's label, who began it, and why it ended."""

    status: str = OrderStatus.OPEN
    visit: str = ""
    accepted_by: int | None = None
    ended_because: str = ""

    def after(self, event: CaseEvent) -> "Standing":
        name = event.kind.removeprefix("order_")
        if event.kind in (GIVEN, ISSUED):
            return Standing()
        moved = replace(self, status=str(ORDER_MOVES[name].target), visit=event.details.get("visit", self.visit))
        match name:
            case "accept":
                return replace(moved, accepted_by=event.person_id)
            case "give_back":
                return replace(moved, visit="", accepted_by=None)
            case "refuse" | "cancel":
                return replace(moved, ended_because=event.details["because"])
        return moved


def order_misfits(case: Case) -> Iterator[str]:
    births, standings = _told(CaseEvent.objects.filter(case=case, kind__startswith="order_").order_by("seq"))
    rows = {row.label: row for row in case.orders.select_related("visit")}
    for label in births.keys() - rows.keys():
        yield f"{case.label}: order {label} is gone, the timeline tells of it."
    for label, row in rows.items():
        if label in births:
            yield from _compared(case, row, births[label], standings[label])
        elif row.status != OrderStatus.DRAFTED:
            yield f"{case.label}: order {label} counts, and the timeline does not tell of it."


def _told(events: Iterable[CaseEvent]) -> tuple[dict[str, CaseEvent], dict[str, Standing]]:
    """By label, the event since which an order of this case counts, and where the last one left it.

    A visit's timeline tells of orders of another case too: those have no beginning here.
    """
    births: dict[str, CaseEvent] = {}
    standings: dict[str, Standing] = {}
    for event in events:
        label = event.details["order"]
        if event.kind in (GIVEN, ISSUED):
            births[label] = event
        if label in births:
            standings[label] = standings.get(label, Standing()).after(event)
    return births, standings


def _compared(case: Case, row: Order, birth: CaseEvent, standing: Standing) -> Iterator[str]:
    said = canonical.plain(named(row))
    same = {key: birth.details.get(key) for key in said} == said
    if not same or (row.counts_from, row.ordered_by_id) != (birth.at, birth.person_id) or not _as_signed(row, birth):
        yield f"{case.label}: order {row.label} was changed after it counted."
    now = Standing(row.status, row.visit.label if row.visit else "", row.accepted_by_id, row.ended_because)
    if now != standing:
        yield f"{case.label}: order {row.label} does not stand where the timeline left it."


def _as_signed(row: Order, birth: CaseEvent) -> bool:
    """One that was given by itself was signed by itself; the others stand in what the signature of their review froze."""
    if birth.kind == ISSUED:
        return row.review_id is not None
    content = given_content(row, licence=birth.details["licence"])
    return row.review_id is None and canonical.sha256_of(content) == birth.details["digest"]
