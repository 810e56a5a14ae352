"""Links by which a family sends its own pictures: made for one patient by the practice, revoked by it."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from cases import questionnaires
from cases.by_link.words import WORDS
from cases.merging import require_standing
from cases.models import BY_LINK, Patient, SendingLink
from cases.practice_permissions import may_at_site
from teledent.accounts.acting import Actor
from teledent.accounts.models import Site
from teledent.accounts.trail import record
from teledent.kit.decisions import Refused, require

TOKEN_BYTES = 32  # 256 bits
LONGEST = timedelta(days=14)
MADE_BEFORE = "This link was made already, and its address is shown once. Make another one."


@dataclass(frozen=True, slots=True)
class Made:
    """A link with its token, which is nowhere kept: whoever made it hands it over now."""

    link: SendingLink
    token: str


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_link(
    *, actor: Actor, patient: Patient, site: Site, kind: str, why: str, language: str, lasts: timedelta, asks_birth_date: bool,
    public_id: UUID, at: datetime,
) -> Made:  # fmt: skip
    """Make a link for a patient whom she has before her. The same `public_id` again is refused: a token is shown once."""
    require(may_at_site(actor, "send_links", site))
    if patient.practice_id != actor.practice.pk:
        raise Refused("This patient belongs to another practice.")
    if kind not in dict(BY_LINK) or why not in questionnaires.WHY or language not in WORDS:
        raise Refused("Choose what the pictures are for, why they are read later, and the language.")
    if not timedelta(0) < lasts <= LONGEST:
        raise Refused(f"A link lasts {LONGEST.days} days at most.")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = SendingLink(
        public_id=public_id, practice=actor.practice, site=site, patient=require_standing(patient), kind=kind, why=why,
        language=language, asks_birth_date=asks_birth_date, token_sha256=hash_of(token), made_by=actor.person, made_at=at,
        expires_at=at + lasts,
    )  # fmt: skip
    try:
        with transaction.atomic():
            link.save(force_insert=True)
    except IntegrityError:
        raise Refused(MADE_BEFORE) from None
    record("made", noun="link", public_id=link.public_id, person=actor.person, practice=actor.practice, at=at)
    return Made(link, token)


@transaction.atomic
def revoke_link(*, actor: Actor, link: SendingLink, at: datetime) -> None:
    """Shut a link at once, also while somebody is sending by it. What was sent stays; revoking twice is revoking once."""
    require(may_at_site(actor, "send_links", link.site))
    standing = SendingLink.objects.filter(pk=link.pk, revoked_at__isnull=True, sent_at__isnull=True)
    if not standing.update(revoked_at=at, revoked_by=actor.person):
        if SendingLink.objects.filter(pk=link.pk, sent_at__isnull=False).exists():
            raise Refused(
                "Everything was sent by this link already. The case is with the dentists; take it back there."
            )
        return
    record("revoked", noun="link", public_id=link.public_id, person=actor.person, practice=actor.practice, at=at)
