"""The hygienist signs by submitting (CA-6), or takes the case back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from cases.actions.treating import lock_with_origin
from cases.consent_policies import consent_stands
from cases.counting import count_files
from cases.models import Case, Origin, Submission
from cases.moving import move_case
from cases.notices import tell_of_submission
from cases.permissions import licence_of, may
from cases.places import day_at_patient_place, zone_of_patient_place
from cases.policies import Step, blocking, checklist
from cases.readers import readers_of
from cases.record import CaseRecord, gathered, read_record
from cases.states import Status
from cases.terms import Terms, read_terms, soon_at
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person
from teledent.kit import canonical
from teledent.kit.decisions import Refused, require
from teledent.kit.text import is_filler, printable

STATEMENT = "submit-2026-11"
STATEMENT_TEXT = (
    "I gathered this myself or supervised it, on the day and at the place named here, with the family's consent; "
    "the pictures are of this patient; I send it to be read later by a dentist."
)

COMPLETED = "completed-2026-11"
COMPLETED_TEXT = (
    "The patient or the family sent this by a link; nobody of the practice was there. I looked through it and completed what "
    "was asked, with their consent; I send it to be read later by a dentist."
)

OF_OFFICE = "of-office-2026-12"
OF_OFFICE_TEXT = (
    "Another office sent this with its question; nobody of the practice was there. I looked through it and completed what was asked, "
    "with the family's consent; I send it to be read later by a dentist."
)

NOT_SENT = (
    "The family has not sent this yet, and only who has the link can. If it ran out or was revoked, withdraw this case and make a "
    "new link."
)


def statement_of(case: Case) -> tuple[str, str]:
    """Version and words of what a hygienist signs under: she did not gather what a family or another office sent."""
    return {Origin.LINK: (COMPLETED, COMPLETED_TEXT), Origin.OFFICE: (OF_OFFICE, OF_OFFICE_TEXT)}.get(
        Origin(case.origin), (STATEMENT, STATEMENT_TEXT)
    )


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs a version, and under which statement. A sender by a link is no person of the practice and has no licence."""

    name: str
    statement: str
    person: Person | None = None
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing that keeps a case from being submitted, and the place that mends it."""

    sentence: str
    mend: str


def is_with_practice(case: Case) -> bool:
    """A family's case is the family's until it sends it: nobody else says what it would have sent, and when it was whole."""
    return case.origin != Origin.LINK or case.sending_link.sent_at is not None


def what_stops(*, actor: Actor, case: Case, record: CaseRecord, day: date) -> tuple[Stop, ...]:
    """Everything that keeps this hygienist from submitting the case on `day`, most telling first; empty when nothing does."""
    missing = blocking(checklist(record), Step.SUBMIT)
    stops = [] if is_with_practice(case) else [Stop(NOT_SENT, "")]
    stops += [Stop(f"{line.label}: {line.note}{'' if line.note.endswith('?') else '.'}", line.mend) for line in missing]
    if case.day_seen > day:
        stops.append(Stop("The day seen lies in the future. Correct it.", "day_seen"))
    consent = consent_stands(record, today=day, zone=zone_of_patient_place(case, case.site))
    if not consent:
        stops.append(Stop(consent.reason, "consent"))
    if case.requests.filter(answered_at__isnull=True).exists():
        stops.append(
            Stop("Answer the dentist's questions first, or say that something cannot be supplied.", "questions")
        )
    if licence_of(actor.person, state=case.patient_state, day=day) is None:
        stops.append(
            Stop(
                f"You have no active licence in {case.patient_state}. A hygienist licensed there submits it.", "licence"
            )
        )
    return tuple(stops)


@transaction.atomic
def submit_case(*, actor: Actor, case: Case, at: datetime) -> Submission:
    """Freeze a version of what was gathered, under the hygienist's licence, and put the case before the dentists."""
    case = lock_with_origin(case)
    require(may(actor, "submit", case, at=at))
    day = day_at_patient_place(case, at)
    record = read_record(case)
    stops = what_stops(actor=actor, case=case, record=record, day=day)
    if stops:
        raise Refused(f"{stops[0].sentence} Nothing was submitted; everything you entered is kept.")
    licence = licence_of(actor.person, state=case.patient_state, day=day)
    signer = Signer(actor.person.name, statement_of(case)[0], actor.person, str(licence))
    return put_before_dentists(case, record, signer, at=at)


def put_before_dentists(case: Case, record: CaseRecord, signer: Signer, *, at: datetime) -> Submission:
    """Freeze the next version of a locked case and move it into the queue. Whether it may is judged by who calls this."""
    content = canonical.plain(gathered(record))
    times = _times(case, at=at)
    submission = Submission.objects.create(
        case=case, version=case.submissions.count() + 1, at=at, person=signer.person, person_name=signer.name,
        licence=signer.licence, statement=signer.statement, content=content, digest=canonical.sha256_of(content),
    )  # fmt: skip
    count_files(case.pk)
    moved = move_case(
        case, "submit", person=signer.person, at=at, name_of_nobody=signer.name,
        details={"version": submission.version, "digest": submission.digest, "licence": submission.licence, "why": case.answers.get("why")},
        lease_until=None, **times,
    )  # fmt: skip
    tell_of_submission(moved, submission, answered=case.status == Status.NEEDS_INFO, at=at)
    return submission


def _times(case: Case, *, at: datetime) -> dict[str, Any]:
    """When it is due, and for whom it is kept; nobody has opened this version, nor was told that it is late (RE-8)."""
    terms, first = read_terms(case.practice), case.submitted_at or at
    due = _due_at(case, terms, first)
    columns: dict[str, Any] = {
        "submitted_at": first, "due_at": due, "soon_at": soon_at(first, due), "review_started_at": None, "told_due": 0, "escalated": 0
    }  # fmt: skip
    if case.submitted_at is None:
        return columns
    had_it = case.reader if case.status == Status.NEEDS_INFO else case.offered_to
    keeper = had_it if had_it in readers_of(case, at=at) else None  # not for who left, or has no licence there any more
    columns |= {"offered_to": keeper, "offered_until": terms.offered_until(at, due_at=due) if keeper else None}
    if case.status == Status.NEEDS_INFO:
        with_site = at - case.asked_at if case.asked_at else timedelta(0)
        columns |= {"asked_at": None, "asked_for": case.asked_for + with_site}
    return columns


def _due_at(case: Case, terms: Terms, first: datetime) -> datetime:
    """By the practice's target from the first submission. What a family was promised stays, unless the case is of
    another urgency now: a target that was changed meanwhile counts for cases submitted after."""
    before = case.submissions.order_by("-version").first()
    if case.due_at and before and before.content.get("urgency") == case.urgency:
        return case.due_at
    return terms.due_at(first, kind=case.kind, urgency=case.urgency)


@transaction.atomic
def withdraw_case(*, actor: Actor, case: Case, reason: str, at: datetime) -> None:
    """Take the case back before it is signed. What was gathered stays readable."""
    case = lock_with_origin(case)
    require(may(actor, "withdraw", case, at=at))
    if is_filler(reason):
        raise Refused("Say why the case is withdrawn; the timeline keeps the reason.")
    move_case(case, "withdraw", person=actor.person, at=at, details={"reason": printable(reason)}, lease_until=None)


def is_provisional(case: Case) -> bool:
    """Whether an urgent case stands in the queue while originals are on their way (CA-7)."""
    return (
        case.status in (Status.SUBMITTED, Status.IN_REVIEW) and case.assets.counted().exclude(state="examined").exists()
    )
