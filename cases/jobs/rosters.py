"""Rosters: one is read, or why it cannot be; one that was agreed to is taken on."""

from functools import partial
from typing import Any

from cases.actions.rosters import READ_ROSTER, TAKE_ROSTER
from cases.actions.taking_rosters import take_on
from cases.importing.sheets import read_stored
from cases.models import Roster, RosterState
from teledent.jobs.registry import Effect, job
from teledent.kit import clock

PROCESS = "cases.events.sheet:read_roster"
PARKED = "It could not be read just now. Bring it in once more."
NOT_TAKEN = "It could not be taken on just now. Look at the rows and try again; nothing was taken on."


def set_aside(*, roster_id: int, **_: object) -> None:
    Roster.objects.filter(pk=roster_id, state=RosterState.QUEUED).update(state=RosterState.REFUSED, reason=PARKED)


def give_back(*, roster_id: int, **_: object) -> None:
    back = {"state": RosterState.READABLE, "taken_at": None, "taken_by": None, "reason": NOT_TAKEN}
    Roster.objects.filter(pk=roster_id, state=RosterState.TAKING).update(**back)


@job(READ_ROSTER, on_parked=set_aside)
def read_roster(*, roster_id: int, **_: object) -> Effect | None:
    roster = Roster.objects.filter(pk=roster_id, state=RosterState.QUEUED).select_related("file").first()
    if roster is None or roster.file is None:
        return None
    return partial(_write, roster_id, read_stored(roster.file.key, PROCESS))


def _write(roster_id: int, found: dict[str, Any]) -> None:
    """The effect: its rows, or the sentence."""
    queued = Roster.objects.filter(pk=roster_id, state=RosterState.QUEUED)
    if found["ok"]:
        queued.update(state=RosterState.READABLE, rows=found["rows"], ignored=found["ignored"])
    else:
        queued.update(state=RosterState.REFUSED, reason=found["sentence"][:300])


@job(TAKE_ROSTER, on_parked=give_back)
def take_roster(*, roster_id: int, **_: object) -> Effect | None:
    return partial(take_on, roster_id, at=clock.now())
