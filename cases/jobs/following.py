"""Work out anew where follow-ups stand: after a practice changed its numbers, and for cases signed before they were kept."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.db.models import Q

from cases.actions.following import KEEP
from cases.aftercare import keep_all
from cases.models import Signature
from teledent.jobs.queue import enqueue
from teledent.jobs.registry import Effect, job

AT_ONCE = 500  # rows of one transaction


@job(KEEP, schedule=timedelta(hours=6))
def keep_aftercare(*, practice_id: int | None = None, after: int = 0, **_: object) -> Effect | None:
    """A practice's signed cases, or those of anybody that have no row yet; in portions, each asking for the next."""
    which = Q(case__practice=practice_id) if practice_id else Q(case__aftercare__isnull=True)
    due = Signature.objects.filter(which, pk__gt=after).order_by("pk").values_list("pk", flat=True)
    ids = list(due[:AT_ONCE])
    return partial(_keep, ids, practice_id) if ids else None


def _keep(ids: Sequence[int], practice_id: int | None) -> None:
    keep_all(Signature.objects.filter(pk__in=ids))
    if len(ids) == AT_ONCE:
        enqueue(KEEP, practice_id=practice_id, after=ids[-1])
