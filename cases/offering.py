"""Which case a dentist is offered next: the most overdue one that she may read, from an index, however many wait."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from cases.models import Case
from cases.places import zones_of_states
from cases.readers import dentists_licences
from teledent.accounts.acting import Actor
from teledent.accounts.days import A_DAY
from teledent.kit import clock


def licensed_states(actor: Actor, *, at: datetime) -> list[str]:
    """States where she holds an active dentist's licence today, by postal code: the day of the patient's place, as the
    start and the signature ask it (RE-1).

    Where a state lies in two zones, it is today for all of its sites or she is not offered it.
    """
    near = dentists_licences().filter(credential__person=actor.person)
    near = near.filter(starts_on__lte=at.date() + A_DAY, ends_on__gte=at.date() - A_DAY)
    held = list(near.values_list("state", "starts_on", "ends_on"))
    zones = zones_of_states({state for state, _, _ in held}, actor.practice)
    return sorted(
        state for state, days in _days_in(zones, at).items() if all(_covered(held, state, day) for day in days)
    )


def _days_in(zones: Mapping[str, Collection[str]], at: datetime) -> dict[str, set[date]]:
    return {state: {clock.local_date(at, zone) for zone in places} for state, places in zones.items()}


def _covered(held: Iterable[tuple[str, date, date]], state: str, day: date) -> bool:
    return any(where == state and first <= day <= last for where, first, last in held)


def offered(actor: Actor, states: Sequence[str], *, at: datetime, most: int) -> list[Case]:
    """The first `most` cases that `actor` may start, in the order of the queue.

    One query a state: each walks its own part of the index and stops; together, the database would sort everything.
    """
    mine = Case.objects.filter(practice=actor.practice)
    found = [case for state in states for case in mine.readable_by(actor.person, state, at).waiting(at)[:most]]
    return sorted(found, key=lambda case: (case.due_at, case.pk))[:most]
