"""Whose day it is: a role begins and ends at midnight where its practice works, never at ours (UTC).

The day of a licence is another one: that of the place where the patient was (`cases.places`, RE-1).
"""

from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Subquery

from teledent.accounts.models import Membership, MembershipQuerySet, Practice, Site
from teledent.kit import clock

NO_SITE_YET = "UTC"
A_DAY = timedelta(days=1)  # more than any zone is away from UTC


def zone_of(practice: Practice | None) -> str:
    """The IANA zone of the practice's first site, UTC while it has none."""
    sites = Site.objects.filter(practice=practice).order_by("id")
    return sites.values_list("time_zone", flat=True).first() or NO_SITE_YET


def today_in(practice: Practice, at: datetime) -> date:
    """The day that it is for the practice at the instant `at`."""
    return clock.local_date(at, zone_of(practice))


def held_at(memberships: MembershipQuerySet, at: datetime) -> list[Membership]:
    """Those in force at the instant `at`, each by the day of its own practice. One query."""
    near = memberships.filter(starts_on__lte=at.date() + A_DAY)
    return [one for one in not_over_at(near, at) if one.starts_on <= _day_of(one, at)]


def not_over_at(memberships: MembershipQuerySet, at: datetime) -> list[Membership]:
    """In force at the instant `at` or beginning later. One query."""
    zone = Site.objects.filter(practice=OuterRef("practice")).order_by("id").values("time_zone")[:1]
    near = memberships.not_over(at.date() - A_DAY).annotate(zone=Subquery(zone))
    return [one for one in near if one.ends_on is None or one.ends_on >= _day_of(one, at)]


def _day_of(membership: Membership, at: datetime) -> date:
    return clock.local_date(at, getattr(membership, "zone", None) or NO_SITE_YET)
