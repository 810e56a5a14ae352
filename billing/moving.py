"""The only writer of a claim's status, and the only writer of its timeline.

A move is one transaction: compare-and-set on status and revision, and the event. Every function here runs inside the
caller's transaction.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from billing.deadlines import drawn
from billing.models import Claim, ClaimEvent
from billing.states import LABELS, MOVES, Status
from cases.models import Case
from cases.moving import SYSTEM_NAME
from teledent.accounts.models import Person
from teledent.kit import canonical
from teledent.kit.decisions import Conflict

CHECK = "billing.check_claims"  # the job that checks many: a move may let other claims be sent, or hold them


@transaction.atomic
def move_claim(
    claim: Claim,
    name: str,
    *,
    person: Person | None,
    at: datetime,
    details: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Claim:
    """Make the move `name` and write its event; `changes` are further columns of the same compare-and-set.

    The claim given is brought up to date and returned. Raises Conflict when it changed meanwhile: nothing was written.
    """
    entry = MOVES[name]
    expected = Status(claim.status)
    if expected not in entry.sources:
        raise Conflict(
            f"This claim is now {LABELS[expected].lower()}. Reload the page to see how it stands; nothing was changed."
        )
    if entry.target != claim.status:  # whatever it slept for, this is something else
        changes = {"snoozed_until": None, "snoozed_because": "", **changes}
    write(claim, status=entry.target, **changes)
    record_event(claim, name, person=person, at=at, details=details)
    return claim


def lock_cases(cases: QuerySet[Case]) -> list[str]:
    """Lock these cases in one order, so that whoever locks many waits and never ties; their statuses, read under the lock."""
    rows = Case.objects.select_for_update(of=("self",)).filter(pk__in=cases.values("pk")).order_by("pk")
    return list(rows.values_list("status", flat=True))


def write(claim: Claim, **changes: Any) -> None:
    """Change columns of a claim as it was read, by compare-and-set, and its deadline with them.

    Only inside a transaction; raises Conflict.
    """
    changes |= {"revision": claim.revision + 1, **drawn(claim, changes)}
    same = Claim.objects.filter(pk=claim.pk, status=claim.status, revision=claim.revision)
    if not same.update(**changes):
        raise Conflict("Somebody else changed this claim a moment ago. Reload the page; nothing was changed.")
    for column, value in changes.items():
        setattr(claim, column, value)


def record_event(
    claim: Claim, kind: str, *, person: Person | None, at: datetime, details: Mapping[str, Any] | None = None
) -> ClaimEvent:
    """Append one event to the claim's timeline."""
    return ClaimEvent.objects.create(
        claim=claim,
        kind=kind,
        at=at,
        person=person,
        person_name=person.name if person else SYSTEM_NAME,
        details=canonical.plain(details or {}),
    )
