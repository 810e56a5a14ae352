"""Background work of accounts: mail that must not tell by its delay who has an account, and the sealing of the trail."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from teledent.accounts import trail
from teledent.accounts.links import mail_password_link
from teledent.accounts.models import AccessEvent, Person
from teledent.accounts.sealing import seal_next_batch, seals_file, write_heads
from teledent.jobs.queue import enqueue
from teledent.jobs.registry import Effect, job
from teledent.kit import clock

LINK_ONCE_PER = timedelta(minutes=5)


@transaction.atomic
def ask_for_password_link(*, person: Person | None, origin: str) -> None:
    """Queue the mail. For None a job that does nothing is queued too, so that both ask the same of the database."""
    name = person.public_id if person else "nobody"
    enqueue(
        "accounts.mail_password_link",
        dedupe=f"password-link:{name}",
        person=person.pk if person else None,
        origin=origin,
    )


@job("accounts.mail_password_link")
def mail_link(*, person: int | None, origin: str, **_: object) -> Effect | None:
    """Mail a link unless one went out in the last five minutes; the sending itself is kept on the trail."""
    asked = Person.objects.filter(pk=person or 0, is_active=True).first()
    at = clock.now()
    if asked is None or _was_sent(asked.public_id):
        return None
    mail_password_link(asked, origin=origin)
    return lambda: trail.record(
        "password-link", noun="person", public_id=asked.public_id, person=None, practice=None, at=at
    )


def _was_sent(public_id: UUID) -> bool:
    since = clock.now() - LINK_ONCE_PER
    return AccessEvent.objects.seen_since(
        person=None, verb="password-link", noun="person", public_id=public_id, since=since
    )


@job("accounts.seal_access_events", schedule=timedelta(minutes=10))
def seal_access_events(**_: object) -> Effect | None:
    """Seal what came in since the last run, and write the heads beside the database."""
    while seal_next_batch(at=clock.now()):
        pass
    write_heads(seals_file())
    return None
