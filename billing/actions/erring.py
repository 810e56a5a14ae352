"""What was heard of a plan or of another practice stays readable when it is wrong: it is marked, in one way (CL-5, CL-7)."""

from datetime import datetime

from django.db.models import QuerySet

from billing.models import SeenElsewhere, Verification
from teledent.accounts.acting import Actor
from teledent.kit.decisions import Refused
from teledent.kit.text import is_filler, printable

WHY = "Say why this is wrong; the page goes on showing it."


def mark_in_error(
    rows: QuerySet[SeenElsewhere] | QuerySet[Verification], *, actor: Actor, reason: str, at: datetime
) -> bool:
    """Mark those of `rows` that stand; False where they were marked before: the first reason stands. Raises Refused.

    Only inside a transaction, by an action that asked whose they are.
    """
    if is_filler(reason):
        raise Refused(WHY)
    said = {"error_at": at, "error_by": actor.person, "error_reason": printable(reason).strip()[:200]}
    return bool(rows.filter(error_at__isnull=True).update(**said))
