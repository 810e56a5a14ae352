"""What a practice promises about reading, as frozen facts: pure once read, with the clock passed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cases.models import Kind, ReadingHours, ReadingTerms, Target, Urgency
from teledent.accounts.days import zone_of
from teledent.accounts.models import Practice

DEFAULTS: Mapping[str, timedelta] = {
    Urgency.EMERGENCY: timedelta(hours=2),
    Urgency.URGENT: timedelta(hours=24),
    Urgency.EARLY: timedelta(days=3),
    Urgency.ROUTINE: timedelta(days=7),
}
ANSWER_FIRST = timedelta(hours=24)
SOON = 4  # a case is due soon when a quarter of its time is left


@dataclass(frozen=True, slots=True)
class Terms:
    """Targets by kind and urgency, reading hours by weekday (none set: not kept), and how long an answer waits."""

    zone: str = "UTC"
    answer_first: timedelta = ANSWER_FIRST
    targets: Mapping[tuple[str, str], timedelta] = field(default_factory=dict)
    hours: Mapping[int, tuple[time, time]] = field(default_factory=dict)

    def target(self, kind: str, urgency: str) -> timedelta:
        return self.targets.get((kind, urgency), DEFAULTS[urgency])

    def due_at(self, submitted_at: datetime, *, kind: str, urgency: str) -> datetime:
        """When the family is to have its reading: from the first submission, and never paused (RE-8)."""
        return submitted_at + self.target(kind, urgency)

    def offered_until(self, at: datetime, *, due_at: datetime) -> datetime:
        """Until when an answered case is offered to who asked alone: never past the moment at which it is due."""
        return min(at + self.answer_first, max(at, due_at))

    def is_reading_time(self, at: datetime) -> bool:
        local = at.astimezone(ZoneInfo(self.zone))
        hours = self.hours.get(local.weekday())
        return not self.hours if hours is None else hours[0] <= local.time() < hours[1]

    def next_reading(self, at: datetime) -> datetime | None:
        """When dentists read again; None while they do, or where no hours are kept."""
        if self.is_reading_time(at):
            return None
        zone = ZoneInfo(self.zone)
        today = at.astimezone(zone).date()
        for ahead in range(8):
            day = today + timedelta(days=ahead)
            if hours := self.hours.get(day.weekday()):
                opens = datetime.combine(day, hours[0], tzinfo=zone).astimezone(at.tzinfo)
                if opens > at:
                    return opens
        return None


def read_terms(practice: Practice) -> Terms:
    """The practice's terms: three queries, a fourth where it has set none."""
    row = ReadingTerms.objects.filter(practice=practice).first()
    targets = Target.objects.filter(practice=practice)
    hours = ReadingHours.objects.filter(practice=practice)
    return Terms(
        zone=row.time_zone if row else zone_of(practice),
        answer_first=timedelta(hours=row.answer_first_hours) if row else ANSWER_FIRST,
        targets={(one.kind, one.urgency): timedelta(minutes=one.minutes) for one in targets},
        hours={one.weekday: (one.opens, one.closes) for one in hours},
    )


def soon_at(submitted_at: datetime, due_at: datetime) -> datetime:
    """From when a case is due soon."""
    return due_at - (due_at - submitted_at) / SOON


def half_at(submitted_at: datetime, due_at: datetime) -> datetime:
    """When half of its time has passed (RE-8): the next dentist is told of an emergency that nobody opened."""
    return submitted_at + (due_at - submitted_at) / 2


def late_at(submitted_at: datetime, due_at: datetime) -> datetime:
    """When three quarters have passed: then the manager is told too."""
    return submitted_at + (due_at - submitted_at) * 3 / 4


KINDS_AND_URGENCIES = [(kind, urgency) for kind in Kind.values for urgency in Urgency.values]
