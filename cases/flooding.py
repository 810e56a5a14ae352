"""How often one address or one link may ask: counted in rows by the minute, so that no other store is needed."""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db.models import F, Sum

from cases.models import SendingTally

KEPT = timedelta(days=1)
WINDOW = timedelta(minutes=15)
LOOKED_FOR_MOST = 20  # links that were none, from one address in a window
ASKED_MOST = 240  # requests by one link in a minute: a fast line sends a part each quarter of a second


def of_address(address: str) -> str:
    """The address as a keyed hash: a row says nothing of who it was."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"sending:{address}".encode(), sha256).hexdigest()
    return f"from:{digest}"


def count_one(what: str, *, at: datetime) -> int:
    """Count one more of `what` in this minute; returns how many there are now. Rows of yesterday go."""
    minute = at.replace(second=0, microsecond=0)
    _, new = SendingTally.objects.get_or_create(what=what, minute=minute)
    if new:
        SendingTally.objects.filter(minute__lt=at - KEPT).delete()
    SendingTally.objects.filter(what=what, minute=minute).update(count=F("count") + 1)
    return SendingTally.objects.values_list("count", flat=True).get(what=what, minute=minute)


def looked_too_often(address: str, *, at: datetime) -> bool:
    """Whether so many links that were none came from this address that it has to wait."""
    rows = SendingTally.objects.filter(what=of_address(address), minute__gt=at - WINDOW)
    return (rows.aggregate(n=Sum("count"))["n"] or 0) >= LOOKED_FOR_MOST


def asks_too_often(link: str, *, at: datetime) -> bool:
    """Count a request by this link ("link:17"); whether it is one too many in its minute."""
    return count_one(link, at=at) > ASKED_MOST
