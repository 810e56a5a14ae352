"""By when what was advised should happen, and when a child is looked at again. Pure; the practice's numbers come in."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cases.follow_up import Standing, State, is_settled
from cases.models.case import Urgency
from cases.models.followup import Again
from cases.models.review import Outcome
from teledent.kit import clock


@dataclass(frozen=True, slots=True)
class Promise:
    """What a practice promises: an urgent child seen in so many hours, any other in so many weeks; when tries are enough."""

    urgent_hours: int = 48
    other_weeks: int = 6
    most_tries: int = 3
    again: str = Again.YEAR
    school_year_starts: int = 8  # month


def is_urgent(urgency: str, outcome: str) -> bool:
    return urgency in (Urgency.EMERGENCY, Urgency.URGENT) or outcome == Outcome.EMERGENCY


def due_at(
    now: Standing, *, urgent: bool, outcome: str, outcome_by: date | None, signed_at: datetime, zone: str, promise: Promise
) -> datetime | None:  # fmt: skip
    """When the next thing is late: the promise, or the dentist's own day where that is earlier; the appointment once made.

    None when nothing is left to do but to close.
    """
    if is_settled(outcome, now.state):
        return None
    if now.state == State.BOOKED and now.booked_for is not None:
        return now.booked_for
    promised = (
        signed_at + timedelta(hours=promise.urgent_hours)
        if urgent
        else _end_of(clock.local_date(signed_at, zone) + timedelta(weeks=promise.other_weeks), zone)
    )
    if outcome_by is None or outcome == Outcome.RECALL:  # a recall's day is that of the next look, not of the telling
        return promised
    return min(promised, _end_of(outcome_by, zone))


def again_on(day_seen: date, promise: Promise) -> date:
    """When the child is looked at again: a year after the day seen, or when the next school year begins."""
    if promise.again == Again.SCHOOL_YEAR:
        turn = date(day_seen.year, promise.school_year_starts, 1)
        return turn if day_seen < turn else turn.replace(year=turn.year + 1)
    last_of_february = (day_seen.month, day_seen.day) == (2, 29)
    return day_seen.replace(year=day_seen.year + 1, day=28 if last_of_february else day_seen.day)


def _end_of(day: date, zone: str) -> datetime:
    """The last minute of a day where the patient was."""
    return datetime.combine(day, time(23, 59), tzinfo=ZoneInfo(zone))
