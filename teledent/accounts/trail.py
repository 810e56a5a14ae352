"""The trail of access: who looked at what and when. Ids and names of things, never their contents (164.312(b))."""

from datetime import datetime, timedelta
from uuid import UUID

from teledent.accounts.acting import Actor
from teledent.accounts.models import AccessEvent, Person, Practice

ONCE_PER = timedelta(minutes=5)


def record_read(actor: Actor, *, noun: str, public_id: UUID, at: datetime) -> None:
    """A reading, once per person, thing and five minutes: a page with nine pictures is one reading of the case."""
    _record_once("read", actor, noun=noun, public_id=public_id, at=at)


def record_ahead(actor: Actor, *, noun: str, public_id: UUID, at: datetime) -> None:
    """Fetched into her browser's memory before she opens it; as often as a reading, which it does not replace."""
    _record_once("ahead", actor, noun=noun, public_id=public_id, at=at)


def record_denial(actor: Actor, *, noun: str, public_id: UUID | None, at: datetime) -> None:
    """A gate or a role said no; as often as a reading."""
    _record_once("denied", actor, noun=noun[:30], public_id=public_id, at=at)


def _record_once(verb: str, actor: Actor, *, noun: str, public_id: UUID | None, at: datetime) -> None:
    since = at - ONCE_PER
    if not AccessEvent.objects.seen_since(person=actor.person, verb=verb, noun=noun, public_id=public_id, since=since):
        record(verb, noun=noun, public_id=public_id, person=actor.person, practice=actor.practice, at=at)


def record(
    verb: str,
    *,
    noun: str,
    public_id: UUID | None,
    person: Person | None,
    practice: Practice | None,
    at: datetime,
) -> None:
    """Any other access worth keeping: original, export, changed, denied, sign-in. `person` None: nobody was signed in."""
    AccessEvent.objects.create(at=at, person=person, practice=practice, verb=verb, noun=noun, public_id=public_id)
