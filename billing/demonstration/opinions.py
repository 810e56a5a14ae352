"""When dentists read, and two second reads: one that differs and waits to be settled, one that is asked and open."""

from datetime import datetime, time, timedelta

from django.db import transaction

from billing.demonstration.gathering import case_id_of
from billing.demonstration.people import Cast
from billing.demonstration.stories import STORIES
from cases.actions.agreeing import save_terms
from cases.actions.second_reading import ask_second_read, save_second_read, sign_second_read
from cases.models import Case, Notice, SecondRead
from cases.states import BILLABLE

DIFFERS, OPEN = "theo", "isla"  # children whose signed case is read once more
FRESH = timedelta(hours=30)
OPINION = {
    "evaluation": "Both photographs at full size, without the first dentist's words.",
    "conclusions": "A deep dark cavity in the lower back tooth and a swelling of the gum below it that looks like an abscess.",
    "advice": "This child should be seen today, not within a day: fever or a swelling of the cheek would be a matter of hours.",
    "limits": "How far the infection has spread cannot be judged from photographs.",
    "urgency": "emergency", "sufficiency": "limited", "outcome": "emergency",
}  # fmt: skip


@transaction.atomic
def keep_hours(cast: Cast, *, at: datetime) -> None:
    """Dentists read on school days from seven to six; targets are the defaults."""
    save_terms(
        actor=cast.of("marisol"), targets={}, hours={day: (time(7), time(18)) for day in range(5)}, time_zone="America/Los_Angeles",
        answer_first_hours=24, at=at,
    )  # fmt: skip


@transaction.atomic
def read_twice(cast: Cast, *, password: str, at: datetime) -> None:
    """Safe to call again: a case that was asked about is passed over."""
    anders = cast.of("anders")
    for child, question in (
        (DIFFERS, "How soon does the lower left need to be seen?"),
        (OPEN, "Is there anything between the front teeth?"),
    ):
        case = _signed_case_of(cast, child)
        if case is None or case.second_reads.exists():
            continue
        read = ask_second_read(actor=cast.of("marisol"), case=case, reader=anders.person, question=question, at=at)
        if child == DIFFERS:
            _give_opinion(cast, read, password=password, at=at)


def _signed_case_of(cast: Cast, child: str) -> Case | None:
    told = [case_id_of(story) for story in STORIES if story.who == child]
    return Case.objects.filter(practice=cast.practice, public_id__in=told, status__in=BILLABLE).first()


def _give_opinion(cast: Cast, read: SecondRead, *, password: str, at: datetime) -> None:
    anders = cast.of("anders")
    version = save_second_read(actor=anders, read=read, version=read.version, at=at, **OPINION)
    sign_second_read(actor=anders, read=read, version=version, password=password, at=at)


def read_old_notices(cast: Cast, *, at: datetime) -> None:
    """What happened days ago was looked at then; what is fresh waits in the list."""
    Notice.objects.filter(practice=cast.practice, read_at__isnull=True, at__lt=at - FRESH).update(read_at=at)
