"""How a sent claim ends when its correction or its void goes out, and what becomes of the days it held (CL-5)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from billing.models import BilledOnce, Claim
from billing.moving import move_claim
from billing.states import STANDING
from teledent.accounts.models import Person


def end_replaced(claim: Claim, by: Claim, *, person: Person | None, at: datetime, details: Mapping[str, Any]) -> None:
    """Inside the commit of the export that takes `by`: `claim` is replaced or voided, and its days move on.

    Raises Conflict when `claim` changed meanwhile: then nothing is exported.
    """
    name = "void" if by.is_void else "replace"
    move_claim(claim, name, person=person, at=at, details={**details, "claim": by.claim_id})
    _pass_on(claim, by)


def _pass_on(claim: Claim, by: Claim) -> None:
    """A correction takes over the days that it bills still; after a void another payer's claim of the same service keeps
    them, where one stands. Every other day is free again."""
    heir = _other_standing(claim, by) if by.is_void else by
    held = BilledOnce.objects.filter(claim=claim)
    if heir is not None:
        for row in held:
            if heir.lines.filter(code=row.code, service_date=row.service_date).exists():
                BilledOnce.objects.filter(pk=row.pk).update(claim=heir)
    held.delete()


def _other_standing(claim: Claim, void: Claim) -> Claim | None:
    same = Claim.objects.filter(case=claim.case_id, part=claim.part, status__in=STANDING)
    return same.exclude(pk__in=[claim.pk, void.pk]).exclude(frequency=void.frequency).order_by("pk").first()
