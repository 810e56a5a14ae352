"""Dates and times as they stand on paper: unmistakable to a reader in another country, in words that depend on no
locale.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Moment:
    """An aware instant (``at``) and the IANA zone (``zone``) to print it in."""

    at: datetime
    zone: str


def day_text(day: date) -> str:
    """Like "May 12, 2026"."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year:04d}"


def moment_text(moment: Moment) -> str:
    """Like "May 12, 2026, 09:41:07 CDT (UTC-05:00)", in the moment's own zone."""
    return f"{day_text(local_time(moment).date())}, {clock_text(moment)} {zone_text(moment)}"


def clock_text(moment: Moment) -> str:
    """Like "09:41:07"."""
    return f"{local_time(moment):%H:%M:%S}"


def zone_text(moment: Moment) -> str:
    """Like "CDT (UTC-05:00)"; the offset alone where the zone has no letters of its own."""
    local = local_time(moment)
    offset, name = f"UTC{local:%z}", local.tzname() or ""
    offset = f"{offset[:6]}:{offset[6:8]}"
    if name == "UTC":
        return name
    return f"{name} ({offset})" if name.isalpha() else offset


def local_time(moment: Moment) -> datetime:
    """The instant on the clocks of the moment's zone.

    Raises ValueError for a time without a zone: a time that may mean two instants proves nothing.
    """
    if moment.at.utcoffset() is None:
        raise ValueError(f"The time {moment.at.isoformat()} has no zone, so it cannot be printed.")
    return moment.at.astimezone(ZoneInfo(moment.zone))
