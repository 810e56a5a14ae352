"""The gates of what follows the signature: a row for this actor, or 404 (see `cases.access`)."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404

from cases.blinding import require_open_eyes_on
from cases.models import LetterLanguage, LetterRun, Referral, ReferralPlace, SchoolList
from teledent.accounts.acting import Actor
from teledent.accounts.models import Role, Site

Row = TypeVar("Row", bound=Model)


def _found(rows: "QuerySet[Row]", public_id: UUID) -> Row:
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise Http404("Nothing here by that name.")
    return row


def works_at(actor: Actor, site: Site) -> bool:
    """The front desk and managers at every site of the practice, a hygienist at hers."""
    return actor.has(Role.FRONT_DESK, Role.MANAGER) or actor.at_site(Role.HYGIENIST, site.pk)


def get_site_after(actor: Actor, public_id: UUID) -> Site:
    """A site whose follow-up is hers."""
    site = Site.objects.filter(practice=actor.practice, public_id=public_id).first()
    if site is None or not works_at(actor, site):
        raise Http404("No such site.")
    return site


def get_letter_run(actor: Actor, public_id: UUID) -> LetterRun:
    rows = LetterRun.objects.filter(practice=actor.practice)
    run = _found(rows.select_related("site", "case", "file", "requested_by", "handed_by", "practice"), public_id)
    if not works_at(actor, run.site):
        raise Http404("Nothing here by that name.")
    require_open_eyes_on(actor.person, run.letters.values("case"))
    return run


def get_letter_language(actor: Actor, code: str) -> LetterLanguage | None:
    return LetterLanguage.objects.filter(practice=actor.practice, code=code).first()


def get_school_list(actor: Actor, public_id: UUID) -> SchoolList:
    rows = SchoolList.objects.filter(practice=actor.practice)
    row = _found(rows.select_related("site", "file", "requested_by", "practice"), public_id)
    if not works_at(actor, row.site):
        raise Http404("Nothing here by that name.")
    require_open_eyes_on(actor.person, row.lines.values("case"))
    return row


def get_referral_place(actor: Actor, public_id: UUID) -> ReferralPlace:
    return _found(ReferralPlace.objects.filter(practice=actor.practice), public_id)


def get_referral(actor: Actor, public_id: UUID) -> Referral:
    """A referral of a case: whoever may see that case gets it through the case's own gate; this finds the row."""
    rows = Referral.objects.filter(case__practice=actor.practice)
    return _found(
        rows.select_related("case__practice", "case__site", "case__patient", "file", "requested_by", "sent_by"),
        public_id,
    )
