"""Blind until both are signed (RE-2): what of a case its second reader, and everybody else, may not see yet.

The second reader sees nothing of the first reading until she has signed her own, also where another role of hers opens
lists, letters and files that say it; nobody but her sees hers until both are.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from cases.models import Because, Case, SecondRead, Submission
from cases.order_states import ORDER_MOVES
from cases.states import READABLE_SIGNED
from teledent.accounts.models import AccessEvent, Person
from teledent.accounts.trail import ONCE_PER
from teledent.kit.decisions import Refused

BLIND = "You are asked for a second read of this case. What the first dentist wrote shows once you have signed your own opinion."
ALSO_BLIND = (
    "This names a case whose second read is asked of you: it says what the first dentist concluded. Sign your own opinion "
    "first, or let somebody else open it."
)

# Every kind of event is placed, on purpose, in one of the two; a kind in neither is not shown to a blind reader.
TELLING = frozenset(  # the conclusions, and all that follows from them
    {
        "sign", "urgency_raised", "addendum", "follow_up", "close", "retract", "second_read_differs", "second_read_settled",
        "letter_printed", "report_printed", "school_list", "referred", "referral_sent", "order_given", "answer_released",
        "answer_collected",
        *(f"order_{name}" for name in ORDER_MOVES),
    }
)  # fmt: skip
HARMLESS = frozenset(  # what was gathered, whose hands the case went through, and questions that are part of the record
    {
        "opened", "forwarded", "finished_on_device",
        "file_declared", "file_received", "file_examined", "file_refused", "file_held", "hold_lifted", "file_labelled",
        "file_struck", "file_moved_away", "file_moved_here", "file_copied_away", "file_copied_here", "held_file_accepted",
        "processing_failed", "service_recorded", "service_removed", "indicator_said", "indicator_taken_back",
        "consent_recorded", "consent_withdrawn", "consent_entered_wrongly", "submit", "withdraw",
        "call_back", "start_review", "hand_over", "release", "request_info", "question_answered", "escalated", "stop",
        "second_read_asked", "second_read_taken_back", "second_read_signed", "corrected", "patient_merged", "patient_unmerged",
    }
)  # fmt: skip


def is_blind(person: Person, case: Case) -> bool:
    return SecondRead.objects.hidden_from(person).filter(case=case).exists()


def require_open_eyes(person: Person, case: Case) -> None:
    """Before anything that quotes the first reading, or comes of a visit that it ordered. Raises Refused."""
    if is_blind(person, case):
        raise Refused(BLIND)
    if SecondRead.objects.visits_hidden_from(person).filter(pk=case.pk).exists():
        raise Refused(ALSO_BLIND)


def require_open_eyes_on(person: Person, cases: QuerySet[Any, Any]) -> None:
    """Before one file that quotes the readings of many cases, a query of their keys. Raises Refused."""
    reads = SecondRead.objects
    hidden, visits = (
        reads.hidden_from(person).filter(case__in=cases),
        reads.visits_hidden_from(person).filter(pk__in=cases),
    )
    if hidden.exists() or visits.exists():
        raise Refused(ALSO_BLIND)


def who_knows(case: Case, people: Collection[Person]) -> set[int | None]:
    """Primary keys of those of `people` who opened the case since it was signed, did something that tells its conclusions,
    or submitted a visit ordered on it: an opinion of theirs would not be blind. Three queries, none before the signature."""
    if case.signed_at is None:
        return set()
    # a page opened up to `ONCE_PER` before may have been loaded again after, which the trail tells only once
    since = case.signed_at - ONCE_PER
    opened = AccessEvent.objects.filter(noun="case", public_id=case.public_id, at__gte=since).exclude(verb="denied")
    told = case.events.filter(kind__in=TELLING)
    visits = Submission.objects.filter(case__follows=case, case__follows_because=Because.ORDER)
    known = (rows.filter(person__in=people) for rows in (opened, told, visits))
    return {person for rows in known for person in rows.values_list("person", flat=True)}


def shown_second_reads(case: Case) -> list[SecondRead]:
    """Signed second reads, once the review of record is signed too."""
    if case.status not in READABLE_SIGNED:
        return []
    signed = SecondRead.objects.filter(case=case, signed_at__isnull=False)
    return list(signed.select_related("settlement", "reader", "submission"))
