"""A payer's limits changed: the deadlines of its claims are drawn anew, those that were sent included."""

from billing.deadlines import REDRAW, redraw
from billing.models import Claim
from teledent.jobs.registry import Effect, job


@job(REDRAW)
def redraw_deadlines(*, payer_id: int, **_: object) -> Effect | None:
    """Done twice it changes nothing."""
    redraw(Claim.objects.filter(coverage__payer=payer_id))
    return None
