"""Blind until both are signed (RE-2): what of a case its second reader, and everybody else, may not see yet.

The second reader sees nothing of the first reading until she has signed her own; nobody but her sees hers until both are.
"""

from cases.models import Case, SecondRead
from cases.states import ENDED_UNSIGNED, READABLE_SIGNED, Status
from teledent.accounts.models import Person
from teledent.kit.decisions import Refused

TELLING = frozenset({"sign", "urgency_raised", "addendum", "follow_up", "second_read_differs", "close"})
BLIND = "You are asked for a second read of this case. What the first dentist wrote shows once you have signed your own opinion."


def is_blind(person: Person, case: Case) -> bool:
    """As long as she may sign it one day: what ended unsigned, or was retracted, is read a second time no more."""
    ended = case.status == Status.RETRACTED or case.status in ENDED_UNSIGNED
    return not ended and SecondRead.objects.open().filter(case=case, reader=person).exists()


def require_open_eyes(person: Person, case: Case) -> None:
    """Before anything that quotes the first reading. Raises Refused."""
    if is_blind(person, case):
        raise Refused(BLIND)


def shown_second_reads(case: Case) -> list[SecondRead]:
    """Signed second reads, once the review of record is signed too."""
    if case.status not in READABLE_SIGNED:
        return []
    signed = SecondRead.objects.filter(case=case, signed_at__isnull=False)
    return list(signed.select_related("settlement", "reader", "submission"))
