"""A payer holds what was taken for gone: a claim that was let go, or one whose void it turned away.

Its once-a-day codes are billed then (CL-5): no other claim of that day may go out until it is taken back.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from billing.claims.facts import ONCE_A_DAY
from billing.claims.rule import Problem
from billing.models import BilledOnce, Claim
from billing.moving import move_claim
from billing.states import CHECKED, Status
from teledent.accounts.models import Person
from teledent.kit.clock import day_in_words

TAKEN_ON_LATE = "The case was retracted, and the payer has the claim after all."
HELD_STILL = "CL-5.held-still"


def take_on_late(
    claim: Claim, *, person: Person | None, at: datetime, details: Mapping[str, Any] | None = None, **changes: Any
) -> None:
    """A claim that was let go is with the payer after all: it has its days again and is to be voided.

    Only inside a transaction that holds the case. Raises Conflict.
    """
    because = f"{TAKEN_ON_LATE}{take_days(claim, at=at)}"
    move_claim(
        claim, "accept_late", person=person, at=at, details=details, stopped_because="", void_wanted_at=at,
        void_because=because[:300], **changes,
    )  # fmt: skip


def take_days(claim: Claim, *, at: datetime) -> str:
    """Have `claim`, which may be a void, hold the once-a-day codes of its lines. One that has not gone out gives them up and
    is held; what was sent keeps them, and the sentence returned says so, after a space ("" of none).

    Only inside a transaction. Raises Conflict.
    """
    days = {(line.code, line.service_date) for line in claim.lines.all() if line.code in ONCE_A_DAY}
    BilledOnce.objects.bulk_create(
        (
            BilledOnce(practice=claim.practice, patient=claim.case.patient, code=code, service_date=day, claim=claim)
            for code, day in sorted(days)
        ),
        ignore_conflicts=True,  # another claim has it
    )
    found = BilledOnce.objects.filter(
        practice=claim.practice, patient=claim.case.patient, code__in=[code for code, _ in days],
        service_date__in=[day for _, day in days],
    ).exclude(claim=claim)  # fmt: skip
    rows = list(found.select_related("claim").order_by("service_date", "code"))
    unsent = [row for row in rows if row.claim.status in CHECKED]
    BilledOnce.objects.filter(pk__in=[row.pk for row in unsent]).update(claim=claim)
    _hold({row.claim_id: row.claim for row in unsent}.values(), claim, at=at)
    return "".join(map(_twice, (row for row in rows if row.claim.status not in CHECKED)))


def held_still(claim: Claim) -> Problem:
    """What stands against another claim of the day, while the payer holds `claim`, or the one that the void `claim` is about."""
    has = claim.replaces if claim.is_void else claim
    sentence = f"The payer holds claim {has} after all, so the same day would be billed twice. Take that back first: see claim {claim}."
    return Problem(HELD_STILL, "CL-5", "blocks", "lines", sentence)


def _hold(others: Iterable[Claim], claim: Claim, *, at: datetime) -> None:
    """Claims that were ready wait; the next check says the same from the rows. The next payer's claim shares the day."""
    for other in others:
        if other.status == Status.READY and other.follows_id is None:
            problems = [*other.problems, held_still(claim).to_json()]
            move_claim(other, "hold", person=None, at=at, details={"rules": [HELD_STILL]}, problems=problems)


def _twice(row: BilledOnce) -> str:
    if row.claim.follows_id is not None:
        return ""  # the next payer's claim shares the day anyway
    day = day_in_words(row.service_date)
    return f" Meanwhile claim {row.claim} bills {row.code} of {day}: the payer may count the day twice."
