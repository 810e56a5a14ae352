"""Numbers that a clearinghouse gave to attachments that were sent to it ahead (NEA#..., DXC..., CHC#...): the claim names
them in the place of ours, so that the payer finds what it has."""

import re
from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from billing.attachments import planned_attachments
from billing.models import AttachmentKind, Claim
from billing.moving import record_event, write
from billing.permissions import may
from billing.states import CHECKED
from cases.moving import lock
from teledent.accounts.acting import Actor
from teledent.kit.decisions import Refused, require
from teledent.kit.text import is_filler, printable

NUMBER = re.compile(r"[A-Z0-9][A-Z0-9#-]{1,48}[A-Z0-9]", re.ASCII)
SHAPE = "3 to 50 letters, digits, hyphens and number signs, as the clearinghouse shows it: NEA#12345678."
TAKEN = (
    "Claim {claim} bears this number, for another case. Look it up again; if it is right here, say below why that claim "
    "bears it."
)


@transaction.atomic
def name_attachments(
    *, actor: Actor, claim: Claim, numbers: Mapping[str, str], at: datetime, shared_because: str = ""
) -> Claim:
    """Keep the clearinghouse's number of each kind (PWK01) of attachment; blank: ours goes out. One number may hold both.

    A number that a claim of another case bears, and that was not stopped or taken back, needs `shared_because`; the
    timeline keeps it. Raises Refused once the claim went out, and
    ValidationError with the kind whose number is no number, or another case's.
    """
    require(may(actor, "work_claims"))
    lock(claim.case_id)
    claim = Claim.objects.get(pk=claim.pk, practice=actor.practice)
    if claim.status not in CHECKED:
        raise Refused(
            "This claim is not being worked on any more; nothing was changed. What went out keeps its numbers."
        )
    kinds = {str(one.kind) for one in planned_attachments(claim)}
    given = {kind: _read(kind, text) for kind, text in numbers.items() if kind in kinds and text.strip()}
    others = {kind: other for kind, number in given.items() if (other := _another_with(claim, number))}
    if others and is_filler(shared_because):
        raise ValidationError({kind: TAKEN.format(claim=other) for kind, other in others.items()})
    if given != claim.attachment_numbers:
        write(claim, attachment_numbers=given)
        details: dict[str, object] = {"numbers": sorted(set(given.values()))}
        if others:
            shared = sorted({other.claim_id for other in others.values()})
            details |= {"shared_with": shared, "reason": printable(shared_because).strip()[:300]}
        record_event(claim, "attachment_numbers", person=actor.person, at=at, details=details)
    return claim


def _read(kind: str, text: str) -> str:
    number = "".join(text.split()).upper()
    if not NUMBER.fullmatch(number):
        raise ValidationError({kind: SHAPE})
    return number


def _another_with(claim: Claim, number: str) -> Claim | None:
    """A claim of another case that bears the number and still counts: what was stopped or taken back holds none."""
    bears = Q(pk__in=[])
    for kind in AttachmentKind.values:
        bears |= Q(**{f"attachment_numbers__{kind}": number})
    return Claim.objects.live().filter(bears, practice=claim.practice_id).exclude(case=claim.case_id).first()
