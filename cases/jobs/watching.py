"""The sweep over cases that wait: what is due, what is overdue, and emergencies that nobody opens (RE-8)."""

from datetime import timedelta

from cases.actions.watching import watch
from teledent.jobs.registry import Effect, job
from teledent.kit import clock


@job("cases.watch_due", schedule=timedelta(minutes=2))
def watch_due(**_: object) -> Effect | None:
    """Every case in a transaction of its own: one that cannot be told of holds up no other."""
    watch(at=clock.now())
    return None
