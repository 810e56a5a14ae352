"""The clock is an argument everywhere (`at`); this is the one place that reads it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def now() -> datetime:
    """The current instant, aware, in UTC. Called at the edges only: views, commands, the worker."""
    return _standing.get() or datetime.now(tz=UTC)  # noqa: TID251


@contextmanager
def standing_at(instant: datetime) -> Iterator[None]:
    """Let the edges of this thread read `instant` while the block runs: the demonstration tells of last week."""
    before = _standing.set(instant)
    try:
        yield
    finally:
        _standing.reset(before)


def local_date(instant: datetime, zone: str) -> date:
    """The calendar day of an aware `instant` in the IANA time zone `zone`: the day people there would name (CL-1)."""
    return instant.astimezone(ZoneInfo(zone)).date()


def day_in_words(day: date) -> str:
    """Like "14 Mar 2018": unmistakable to a reader in another country."""
    return f"{day.day} {day:%b %Y}"
