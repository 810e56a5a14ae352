"""What every file for a receiver goes by, whatever it holds: the receiver's next control number, taken once, and the cases
and consents that what it holds rests on."""

from collections.abc import Iterable
from datetime import datetime

from billing.composing import interchange_of
from billing.models import ControlNumber, Receiver
from billing.moving import lock_cases
from billing.x12.envelope import Interchange
from cases.models import Case, ConsentScope
from cases.states import BILLABLE
from teledent.kit.decisions import Conflict

Consents = frozenset[tuple[int, datetime | None]]


class NumberTaken(Exception):
    """Another file used the control number meanwhile; the job begins again with the next."""


def next_interchange(receiver: Receiver, *, zone: str, at: datetime) -> Interchange:
    """The envelope under the number that is next now; it is taken when the file is whole."""
    last = ControlNumber.objects.values_list("value", flat=True).get(receiver=receiver)
    return interchange_of(receiver, control_number=last + 1, zone=zone, at=at)


def take_number(receiver: Receiver, number: int) -> None:
    """Only in the transaction that keeps the file. Raises NumberTaken."""
    if not ControlNumber.objects.filter(receiver=receiver, value=number - 1).update(value=number):
        raise NumberTaken


def consents_of(patients: Iterable[int]) -> Consents:
    """How the consents of these patients stand, to be held against how they stand at the commit."""
    return frozenset(
        ConsentScope.objects.counting()
        .filter(consent__patient__in=list(patients))
        .values_list("pk", "withdrawn_at")
        .order_by()
    )


def require_signed(cases: Iterable[int]) -> None:
    """Read under the locks that retraction and withdrawal take too. Raises Conflict where one is not signed any more."""
    if Case.objects.filter(pk__in=list(cases)).exclude(status__in=BILLABLE).exists():
        raise Conflict("A case of this file is not signed any more.")


def lock_all(cases: Iterable[int]) -> None:
    lock_cases(Case.objects.filter(pk__in=list(cases)))
