"""The only writer of a status, and the only writer of the timeline.

A move is one transaction: compare-and-set on the status, the event, and whatever other rooms asked to run with it
(`after_move`). Every function here runs inside the caller's transaction.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cases.models.case import Case
from cases.models.timeline import CaseEvent
from cases.states import LABELS, MOVES, Status
from teledent.accounts.models import Person
from teledent.kit import canonical
from teledent.kit.decisions import Conflict

SYSTEM_NAME = "Teledent"
MoveHook = Callable[[Case, datetime], None]
EventHook = Callable[[int, datetime], None]
_hooks: dict[str, list[MoveHook]] = defaultdict(list)
_event_hooks: dict[str, list[EventHook]] = defaultdict(list)


def after_move(name: str, hook: MoveHook) -> None:
    """Let another room act in the same transaction as the move `name`; filled by its `AppConfig.ready`."""
    if name not in MOVES:
        raise ValueError(f"No move is called {name!r}.")
    if hook not in _hooks[name]:
        _hooks[name].append(hook)


def after_event(kind: str, hook: EventHook) -> None:
    """Let another room act, with the case's primary key, in the same transaction as an event that is no move."""
    if hook not in _event_hooks[kind]:
        _event_hooks[kind].append(hook)


def lock(case_id: int) -> Case:
    """The case row, read anew under the row's lock (PostgreSQL) or the one write lock (SQLite).

    Locked first and read after: in a statement that waits, PostgreSQL joins what stood there before the wait, and a case
    whose patient was merged meanwhile is not found at all.
    """
    Case.objects.select_for_update().only("pk").get(pk=case_id)
    return Case.objects.select_related("practice", "site", "patient").get(pk=case_id)


@transaction.atomic
def move_case(
    case: Case,
    name: str,
    *,
    person: Person | None,
    at: datetime,
    details: Mapping[str, Any] | None = None,
    name_of_nobody: str = "",
    **changes: Any,
) -> Case:
    """Make the move `name` and write its event; `changes` are further columns of the same compare-and-set.
    `name_of_nobody`: see `record_event`.

    Returns the case as it now stands. Raises Conflict when its status changed meanwhile: nothing was written.
    """
    entry = MOVES[name]
    expected = Status(case.status)
    if expected not in entry.sources:
        raise Conflict(
            f"This case is now {LABELS[expected].lower()}. Reload the page to see how it stands; nothing was changed."
        )
    won = Case.objects.filter(pk=case.pk, status=expected, lease_until=case.lease_until).update(
        status=entry.target, **changes
    )
    if not won:
        raise Conflict("Somebody else moved this case a moment ago. Reload the page; nothing was changed.")
    record_event(case.pk, name, person=person, at=at, details=details, name_of_nobody=name_of_nobody)
    moved = lock(case.pk)
    for hook in _hooks[name]:
        hook(moved, at)
    return moved


def record_event(
    case_id: int, kind: str, *, person: Person | None, at: datetime, details: Mapping[str, Any] | None = None,
    name_of_nobody: str = "",
) -> CaseEvent:  # fmt: skip
    """Append one event to the case's timeline, chained to the one before. Only inside a transaction.

    `name_of_nobody` is who did it where it is no person of the practice: who sends by a link.
    """
    head = Case.objects.select_for_update().only("pk", "timeline_count", "timeline_head").get(pk=case_id)
    event = CaseEvent(
        case_id=case_id,
        seq=head.timeline_count + 1,
        kind=kind,
        at=at,
        person=person,
        person_name=person.name if person else name_of_nobody or SYSTEM_NAME,
        details=canonical.plain(details or {}),
        previous=head.timeline_head,
    )
    event.digest = digest_of(event)
    event.save(force_insert=True)
    Case.objects.filter(pk=case_id).update(timeline_count=event.seq, timeline_head=event.digest)
    for hook in _event_hooks[kind]:
        hook(case_id, at)
    return event


def digest_of(event: CaseEvent) -> str:
    """SHA-256 over everything the event says, the hash of the one before included."""
    return canonical.sha256_of(
        {
            "case": event.case_id,
            "seq": event.seq,
            "kind": event.kind,
            "at": event.at,
            "person": event.person_id,
            "person_name": event.person_name,
            "details": event.details,
            "previous": event.previous,
        }
    )
