"""How old what is owed is: five buckets of days, and the days of the calendar that each is today. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Bucket:
    """From `first` to `last` days old, both counted; None: without end."""

    key: str
    label: str
    first: int | None
    last: int | None

    def between(self, today: date) -> tuple[date | None, date | None]:
        """The earliest and the latest day that is as old as this today; None: without end."""
        earliest = today - timedelta(days=self.last) if self.last is not None else None
        return earliest, today - timedelta(days=self.first) if self.first is not None else None


BUCKETS = (
    Bucket("0-30", "0 to 30 days", None, 30),  # a day that has not come is no older than today
    Bucket("31-60", "31 to 60 days", 31, 60),
    Bucket("61-90", "61 to 90 days", 61, 90),
    Bucket("91-120", "91 to 120 days", 91, 120),
    Bucket("over-120", "Over 120 days", 121, None),
)
BY_KEY = {bucket.key: bucket for bucket in BUCKETS}
BASES = {"service": "service_date", "sent": "sent_on"}  # what an age counts from: a column of the claim
BASIS_LABELS = {"service": "From the day of service", "sent": "From the day it last went out"}


def bucket_of(day: date, today: date) -> Bucket:
    age = (today - day).days
    return next(bucket for bucket in BUCKETS if bucket.last is None or age <= bucket.last)
