"""Orders whose last day has passed say so (CO-3), by the clock of the site."""

from datetime import timedelta
from functools import partial

from cases.models import Order
from cases.moving import lock
from cases.order_moving import move_order
from teledent.jobs.registry import Effect, job
from teledent.kit import clock
from teledent.kit.decisions import Conflict

EVERY = timedelta(hours=1)


@job("cases.expire_orders", schedule=EVERY)
def expire_orders(**_: object) -> Effect | None:
    latest = clock.now().date() + timedelta(days=1)  # the day somewhere; each site's own is asked below
    late = list(
        Order.objects.run_out(latest).order_by("case_id", "pk").values_list("pk", "case_id", "case__site__time_zone")
    )
    return partial(_expire, late) if late else None


def _expire(late: list[tuple[int, int, str]]) -> None:
    at = clock.now()
    for pk, case_id, zone in late:
        if not Order.objects.run_out(clock.local_date(at, zone)).filter(pk=pk).exists():
            continue
        lock(case_id)
        try:
            move_order(Order.objects.get(pk=pk), "expire", person=None, at=at)
        except Conflict:
            continue  # a hygienist began it, or a dentist cancelled it, a moment ago
