"""Which case a dentist is offered next: the most overdue one that she may read, from an index, however many wait."""

from collections.abc import Sequence
from datetime import datetime

from cases.models import Case
from cases.readers import dentists_licences
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person
from teledent.kit import clock


def licensed_states(person: Person, *, at: datetime, zone: str) -> list[str]:
    """States where the person holds an active dentist's licence today, by postal code."""
    today = clock.local_date(at, zone)
    active = dentists_licences().filter(credential__person=person, starts_on__lte=today, ends_on__gte=today)
    return sorted(set(active.values_list("state", flat=True)))


def offered(actor: Actor, states: Sequence[str], *, at: datetime, most: int) -> list[Case]:
    """The first `most` cases that `actor` may start, in the order of the queue.

    One query a state: each walks its own part of the index and stops; together, the database would sort everything.
    """
    mine = Case.objects.filter(practice=actor.practice)
    found = [case for state in states for case in mine.readable_by(actor.person, state, at).waiting(at)[:most]]
    return sorted(found, key=lambda case: (case.due_at, case.pk))[:most]
