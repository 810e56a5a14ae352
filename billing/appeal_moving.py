"""The only writer of an appeal's status: compare-and-set, and an event on the claim's timeline in the same transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from billing.appeal_states import APPEAL_LABELS, APPEAL_MOVES, AppealStatus
from billing.models import Appeal
from billing.moving import record_event
from teledent.accounts.models import Person
from teledent.kit.decisions import Conflict


@transaction.atomic
def move_appeal(
    appeal: Appeal,
    name: str,
    *,
    person: Person | None,
    at: datetime,
    details: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Appeal:
    """Make the move `name` and write its event; `changes` are further columns of the same compare-and-set.

    The appeal given is brought up to date and returned. Raises Conflict when it changed meanwhile: nothing was written.
    """
    entry, now = APPEAL_MOVES[name], AppealStatus(appeal.status)
    if now not in entry.sources:
        raise Conflict(f"This appeal is now {APPEAL_LABELS[now].lower()}. Reload the page; nothing was changed.")
    write_appeal(appeal, status=entry.target, **changes)
    tell_claim(appeal, name, person=person, at=at, details=details)
    return appeal


def write_appeal(appeal: Appeal, **changes: Any) -> None:
    """Change columns of an appeal as it was read, by compare-and-set. Only inside a transaction; raises Conflict."""
    changes["revision"] = appeal.revision + 1
    same = Appeal.objects.filter(pk=appeal.pk, status=appeal.status, revision=appeal.revision)
    if not same.update(**changes):
        raise Conflict("Somebody else changed this appeal a moment ago. Reload the page; nothing was changed.")
    for column, value in changes.items():
        setattr(appeal, column, value)


def tell_claim(
    appeal: Appeal, name: str, *, person: Person | None, at: datetime, details: Mapping[str, Any] | None = None
) -> None:
    """One event of the appeal on the timeline of its claim."""
    said = {"move": name, "level": appeal.get_level_display(), **(details or {})}
    record_event(appeal.claim, "appeal", person=person, at=at, details=said)
