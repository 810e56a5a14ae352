"""The only writer of a request's status: compare-and-set, and an event on its own timeline in the same transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from billing.authorisation_states import AUTHORISATION_LABELS, AUTHORISATION_MOVES, AuthorisationStatus
from billing.models import Authorisation, AuthorisationEvent
from cases.moving import SYSTEM_NAME
from teledent.accounts.models import Person
from teledent.kit import canonical
from teledent.kit.decisions import Conflict


@transaction.atomic
def move_authorisation(
    row: Authorisation,
    name: str,
    *,
    person: Person | None,
    at: datetime,
    details: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Authorisation:
    """Make the move `name` and write its event; `changes` are further columns of the same compare-and-set.

    The row given is brought up to date and returned. Raises Conflict when it changed meanwhile: nothing was written.
    """
    entry, now = AUTHORISATION_MOVES[name], AuthorisationStatus(row.status)
    if now not in entry.sources:
        raise Conflict(
            f"{row} is in the list as “{AUTHORISATION_LABELS[now].lower()}” now. Reload the page; nothing was changed."
        )
    changes |= {"status": entry.target, "revision": row.revision + 1}
    same = Authorisation.objects.filter(pk=row.pk, status=row.status, revision=row.revision)
    if not same.update(**changes):
        raise Conflict("Somebody else changed this request a moment ago. Reload the page; nothing was changed.")
    for column, value in changes.items():
        setattr(row, column, value)
    record_event(row, name, person=person, at=at, details=details)
    return row


def record_event(
    row: Authorisation, kind: str, *, person: Person | None, at: datetime, details: Mapping[str, Any] | None = None
) -> AuthorisationEvent:
    """Append one event to the timeline of a request."""
    return AuthorisationEvent.objects.create(
        authorisation=row, kind=kind, at=at, person=person, person_name=person.name if person else SYSTEM_NAME,
        details=canonical.plain(details or {}),
    )  # fmt: skip
