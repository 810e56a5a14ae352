"""When it happened: stories count back from now, and keep to school days where they lie further back."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from billing.demonstration.stories import Story
from billing.demonstration.words import READINGS

FRESH = 30.0  # hours: what is younger keeps its exact distance from now
WAITING = frozenset({"submitted", "answered", "reading"})  # so does the queue, to have something due within hours
READ_AFTER = timedelta(hours=5)


@dataclass(frozen=True)
class Moments:
    """The instants of one case, in order. All aware, none later than now."""

    opened: datetime
    captured: datetime
    received: datetime
    submitted: datetime
    started: datetime
    signed: datetime
    later: datetime  # follow-up, retraction, end


def moments_of(story: Story, *, number: int, now: datetime, zone: str) -> Moments:
    """`number` is the story's place in the table: two children of one day are not seen in the same minute."""
    submitted = _submitted(story, number, now, ZoneInfo(zone))
    opened = submitted - timedelta(minutes=13)
    wait = timedelta(minutes=35) if story.urgency in ("emergency", "urgent") else READ_AFTER
    started = min(submitted + wait, now - timedelta(minutes=18))
    if story.ending == "reading" and not story.quirk:
        started = now - timedelta(minutes=4)
    signed = started + timedelta(minutes=8)
    return Moments(
        opened=opened,
        captured=opened + timedelta(minutes=3),
        received=opened + timedelta(minutes=6),
        submitted=submitted,
        started=started,
        signed=signed,
        later=min(signed + timedelta(hours=20), now - timedelta(minutes=2)),
    )


def _submitted(story: Story, number: int, now: datetime, zone: ZoneInfo) -> datetime:
    local = now.astimezone(zone)
    if story.today is not None:
        begin = datetime.combine(local.date(), time(8, 30) if local.hour >= 10 else time(0, 20), tzinfo=zone)
        moment = begin + max(local - begin, timedelta(0)) * story.today
    elif story.hours < FRESH or story.ending in WAITING:
        moment = local - timedelta(hours=story.hours)
    else:
        day = _school_day((local - timedelta(hours=story.hours)).date())
        moment = datetime.combine(day, time(8, 50), tzinfo=zone) + timedelta(minutes=number * 13 % 290)
    return _on_one_day(min(moment, local - timedelta(minutes=1))).astimezone(now.tzinfo)


def _school_day(day: date) -> date:
    """That day, or the Friday before it."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _on_one_day(submitted: datetime) -> datetime:
    """Capture and submission lie on one local day, whose date the file's own time must say."""
    opened = submitted - timedelta(minutes=13)
    return submitted if opened.date() == submitted.date() else submitted - timedelta(minutes=20)


def by_when(story: Story, moments: Moments) -> date:
    """The day that the reading names."""
    return (moments.signed + timedelta(days=READINGS[story.mouth].days)).date()
