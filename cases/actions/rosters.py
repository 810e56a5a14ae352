"""A roster comes in: announced, read by a job, looked at row by row, and taken on once by another job."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cases.event_roster import children_on_file
from cases.events.comparing import LEAVE, NEW, Line, Taking, Verdict, compare
from cases.models import Roster, RosterState, ScreeningEvent
from cases.practice_permissions import may_at_site
from teledent.accounts.acting import Actor
from teledent.files.models import StoredFile
from teledent.jobs.queue import enqueue
from teledent.kit import canonical, clock
from teledent.kit.decisions import Conflict, Refused, require
from teledent.kit.spreadsheets import MOST_BYTES, TOO_LARGE
from teledent.kit.text import printable

READ_ROSTER, TAKE_ROSTER = "cases.read_roster", "cases.take_roster"
MEANWHILE = "What is on file changed since you looked. Look at the rows again; nothing was taken on."
NOT_OPEN = "This list was taken on, or could not be read; nothing of it changes any more."


@dataclass(frozen=True, slots=True)
class Preview:
    """Every row with what becomes of it, the children without a row, and what a person agrees to by `digest`."""

    lines: list[Line]
    without_row: int
    digest: str

    def count(self, verdict: Verdict) -> int:
        return sum(line.verdict == verdict for line in self.lines)

    @property
    def takings(self) -> list[tuple[int, Taking]]:
        return [(line.number, line.taking) for line in self.lines if line.taking]


@transaction.atomic
def announce_roster(
    *, actor: Actor, event: ScreeningEvent, public_id: UUID, name: str, size: int, sha256: str, at: datetime
) -> Roster:
    """A list of `event` is about to be sent. Announcing it again is the same list."""
    require(may_at_site(actor, "keep_roster", event.site))
    if event.cancelled_at is not None:
        raise Refused("This school day was called off; it takes no list any more.")
    if size > MOST_BYTES:
        raise Refused(TOO_LARGE)
    if known := Roster.objects.filter(public_id=public_id).first():
        if known.event_id != event.pk:
            raise Refused("This list was announced for another school day. Choose the file again.")
        return known
    return Roster.objects.create(
        public_id=public_id, event=event, name=printable(name).strip()[:200] or "Without a name", sha256=sha256, size=size,
        received_at=at, received_by=actor.person,
    )  # fmt: skip


def roster_arrived(roster: Roster, stored: StoredFile) -> None:
    """The announced bytes are whole: have them read. Only inside the transaction that makes them received."""
    if Roster.objects.filter(pk=roster.pk, state=RosterState.ANNOUNCED).update(state=RosterState.QUEUED, file=stored):
        enqueue(READ_ROSTER, roster_id=roster.pk)


def look_at(roster: Roster, *, at: datetime) -> Preview:
    """What the list would do as things stand; as many queries however many rows it has."""
    known = children_on_file(roster.event)
    today = clock.local_date(at, roster.event.site.time_zone)
    lines = compare([(number, row) for number, row in roster.rows], known, meant=roster.meant, today=today)
    named = {child.public_id for line in lines for child in (*([line.child] if line.child else []), *line.may_be)}
    without = sum(child.listed and child.public_id not in named for child in known)
    return Preview(lines, without, _digest(lines))


def _digest(lines: Iterable[Line]) -> str:
    said = [[line.number, canonical.plain(asdict(line.taking))] for line in lines if line.taking]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def say_who(*, actor: Actor, roster: Roster, meant: Mapping[str, str]) -> None:
    """Answer doubtful rows: row number to "new", "leave", or the public id of one of those it may be; "" asks again."""
    roster = _open(actor, roster)
    lines = {str(line.number): line for line in look_at(roster, at=clock.now()).lines}
    said = dict(roster.meant)
    for number, answer in meant.items():
        line = lines.get(number)
        allowed = {"", NEW, LEAVE, *(str(child.public_id) for child in line.may_be)} if line else set()
        if answer not in allowed:
            raise Refused("This row is of none of the children shown. Look at it again; nothing was kept.")
        said[number] = answer
    Roster.objects.filter(pk=roster.pk).update(meant={number: answer for number, answer in said.items() if answer})


@transaction.atomic
def take_roster(*, actor: Actor, roster: Roster, digest: str, at: datetime) -> None:
    """Have a job take on what was looked at; a second click finds it on its way. Raises Conflict when it is something else."""
    roster = _open(actor, roster, also=frozenset({RosterState.TAKING, RosterState.TAKEN}))
    if roster.state != RosterState.READABLE:
        return
    preview = look_at(roster, at=at)
    if preview.digest != digest:
        raise Conflict(MEANWHILE)
    if not preview.takings:
        raise Refused("Nothing of this list is to be taken on.")
    said = {"state": RosterState.TAKING, "digest": digest, "taken_at": at, "taken_by": actor.person, "reason": ""}
    Roster.objects.filter(pk=roster.pk).update(**said)
    enqueue(TAKE_ROSTER, dedupe=f"{TAKE_ROSTER}:{roster.pk}", roster_id=roster.pk)


def _open(actor: Actor, roster: Roster, *, also: frozenset[RosterState] = frozenset()) -> Roster:
    """The list under its lock, while a person may still answer it."""
    require(may_at_site(actor, "keep_roster", roster.event.site))
    Roster.objects.select_for_update(no_key=True).only("pk").get(pk=roster.pk)
    row = Roster.objects.select_related("event__site", "event__practice").get(pk=roster.pk)
    if row.event.cancelled_at is not None:
        raise Refused("This school day was called off; it takes no list any more.")
    if row.state not in {RosterState.READABLE, *also}:
        raise Refused(NOT_OPEN)
    return row
