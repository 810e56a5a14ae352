"""A second read: asked, written blind, signed, compared with the review of record, and settled by the first reader (RE-2)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from cases.actions.comparing import compare_readings
from cases.actions.signing import add_addendum, confirm_signer
from cases.blinding import who_knows
from cases.consent_policies import consent_stands
from cases.models import About, Case, Notice, Review, SecondRead, Settlement, Submission
from cases.models.second import READ_SECOND
from cases.moving import lock, record_event
from cases.notices import tell, tell_of_second_urgency
from cases.permissions import has_captured, licence_decision, licence_of, may
from cases.places import day_at_patient_place, zone_of_patient_place
from cases.promises import refuse_promise
from cases.readers import readers_of, settlers_of
from cases.record import CaseRecord, read_record
from cases.second import CHOICES, HEADINGS, TEXTS, asking, content_of, settled_content
from cases.states import WITH_DENTISTS, Status
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person, Role
from teledent.kit import canonical
from teledent.kit.decisions import ALLOWED, Conflict, Decision, Refused, refuse, require
from teledent.kit.text import is_filler, printable

TEXT_MAX = 5000
STALE = (
    "This opinion was changed on another page meanwhile. Your last words were not saved: copy them before you reload."
)
SEEN = "{} has opened this case since it was signed: her opinion would not be blind."
CHANGED = (
    "Something in this case changed since you looked at it. Look once more; nothing was signed, and your text is kept."
)


def second_readers_of(case: Case, *, asked_by: Person, at: datetime) -> list[Person]:
    """Who may be asked: she may read the case, had no part in its review of record, also none that she handed over, has
    not seen what it says, and is not who asks, with the record before her."""
    readers = readers_of(case, at=at)
    others = {*_had_it(case), asked_by.pk, *who_knows(case, readers)}
    return [person for person in readers if person.pk not in others]


def _had_it(case: Case) -> set[int | None]:
    writers = Review.objects.filter(case=case).values_list("writer", flat=True)
    held = case.events.filter(kind__in=["start_review", "hand_over"]).values_list("person", flat=True)
    return {*writers, *held, case.reader_id}


@transaction.atomic
def ask_second_read(*, actor: Actor, case: Case, reader: Person, question: str, at: datetime) -> SecondRead:
    """Ask one dentist. Nothing waits for it: the review of record is signed and billed with or without it."""
    case = lock(case.pk)
    require(may(actor, "ask_second_read", case, at=at))
    if is_filler(question):
        raise Refused("Say what the second reader is to look at.")
    if reader not in second_readers_of(case, asked_by=actor.person, at=at):
        seen = reader.pk not in _had_it(case) and who_knows(case, [reader])
        why = SEEN if seen else "{} cannot give a second opinion on this case."
        raise Refused(f"{why.format(reader)} Choose another dentist.")
    _require_first_reader(case, reader, at=at)
    submission = case.submissions.order_by("-version")[0]
    read = SecondRead.objects.create(
        case=case,
        submission=submission,
        reader=reader,
        asked_by=actor.person,
        asked_at=at,
        question=printable(question)[:300],
    )
    details = {"reader": reader.name, "question": read.question}
    record_event(case.pk, "second_read_asked", person=actor.person, at=at, details=details)
    tell([reader], About.SECOND, case, key=_asked_key(read), at=at)
    return read


@transaction.atomic
def take_back_second_read(*, actor: Actor, read: SecondRead, reason: str, at: datetime) -> None:
    """Who asked, or a manager, asks no longer, while nothing is written. The timeline keeps both; she may then read it first."""
    case = lock(read.case_id)
    if is_filler(reason):
        raise Refused("Say why the second read is taken back; the timeline keeps it.")
    mine = SecondRead.objects.unwritten().filter(pk=read.pk)
    mine = mine if actor.has(Role.MANAGER) else mine.filter(asked_by=actor.person)
    if not mine.exists():
        raise Refused(
            "Only who asked, or a manager, takes a second read back, and only before anything is written in it."
        )
    mine.delete()
    Notice.objects.unread().filter(case=case, key=_asked_key(read)).delete()  # she need not come for it
    details = {"reader": read.reader.name, "reason": printable(reason)[:300], **asking(read)}
    record_event(case.pk, "second_read_taken_back", person=actor.person, at=at, details=details)


def unwritten_reads_of(actor: Actor, case: Case) -> list[SecondRead]:
    """Those that `actor` may take back."""
    asked = SecondRead.objects.unwritten().filter(case=case).select_related("reader")
    return list(asked if actor.has(Role.MANAGER) else asked.filter(asked_by=actor.person))


@transaction.atomic
def save_second_read(*, actor: Actor, read: SecondRead, version: int, at: datetime, **columns: str) -> int:
    """Save the draft; returns its new version. A stale page gets Conflict and writes nothing."""
    _own_open(actor, read)
    unknown = set(columns) - {*TEXTS, *CHOICES}
    if unknown:
        raise Refused(f"A second read has no field called {sorted(unknown)[0]!r}.")
    clean = {name: printable(value)[:TEXT_MAX] if name in TEXTS else value for name, value in columns.items()}
    for name, value in clean.items():
        setattr(read, name, value)
    read.full_clean(
        exclude=[f.name for f in SecondRead._meta.fields if f.name not in columns], validate_constraints=False
    )
    mine = SecondRead.objects.open().filter(pk=read.pk, reader=actor.person, version=version)
    if not mine.update(version=F("version") + 1, saved_at=at, **clean):
        raise Conflict(STALE)
    return version + 1


def shown_to_second(record: CaseRecord, submission: Submission) -> str:
    """Hash over what a second reader has before her: the version, and which of its pictures are in."""
    seen = [image.public_id for image in record.counted_images if image.is_in]
    return canonical.sha256_of({"version": submission.digest, "seen": seen})


def sign_second_read(
    *, actor: Actor, read: SecondRead, version: int, password: str, at: datetime, shown: str | None = None
) -> SecondRead:
    """Freeze the opinion under her licence. It makes no claim and moves no case; the two are compared once both are signed.

    `shown` is `shown_to_second` of the page that she looked at.
    """
    confirm_signer(actor, password, at=at)
    with transaction.atomic():
        case = lock(read.case_id)
        read = SecondRead.objects.select_for_update(of=("self",)).get(pk=read.pk)
        _own_open(actor, read)
        if read.version != version:
            raise Conflict(STALE)
        if case.status not in READ_SECOND:
            raise Refused(f"The case is {case.shown_status.lower()}: there is nothing to read a second time.")
        _require_whole(read)
        record, submission = read_record(case), case.submissions.order_by("-version")[0]
        _require_signable(actor, case, record, at=at)
        if shown is not None and shown != shown_to_second(record, submission):
            raise Refused(CHANGED)
        frozen = _frozen(actor, case, read, record, submission, at=at)
        if not SecondRead.objects.open().filter(pk=read.pk, version=version).update(**frozen):
            raise Conflict(STALE)
        details = {"digest": frozen["digest"], "version": submission.version, "licence": frozen["licence"]}
        record_event(case.pk, "second_read_signed", person=actor.person, at=at, details=details)
        tell_of_second_urgency(case, read.urgency, at=at)
        tell([read.asked_by], About.OPINION, case, key=f"opinion:{read.pk}", at=at)
        compare_readings(case.pk, at=at)
    read.refresh_from_db()
    return read


def may_settle(person: Person, case: Case, *, at: datetime) -> Decision:
    """The dentist who signed the review of record; once she reads for the practice no more, any who could have signed it."""
    if person in settlers_of(case, at=at):
        return ALLOWED
    return refuse(
        "The dentist who signed the review of record settles a difference; once she left, another who may read it."
    )


def settle(*, actor: Actor, read: SecondRead, text: str, by_addendum: bool, password: str, at: datetime) -> Settlement:
    """The first reader's word on a difference: an addendum where she changes her mind, else why she stays with it. Of one
    who left, `may_settle` says who speaks instead; the settlement bears the name of who wrote it."""
    confirm_signer(actor, password, at=at)
    with transaction.atomic():
        case = lock(read.case_id)
        require(may_settle(actor.person, case, at=at))
        open_one = SecondRead.objects.to_settle().filter(pk=read.pk).select_related("reader").first()
        if open_one is None:
            raise Conflict("There is nothing to settle here any more. Reload the page.")
        if is_filler(text):
            raise Refused("Say in words how the difference is settled.")
        refuse_promise(text)
        said = printable(text)[:TEXT_MAX]
        if by_addendum:
            add_addendum(actor=actor, case=case, text=said, password=password, at=at)
        row = Settlement(
            second_read=open_one,
            at=at,
            person=actor.person,
            person_name=actor.person.name,
            by_addendum=by_addendum,
            text=said,
        )
        row.digest = canonical.sha256_of(settled_content(row, open_one))
        row.save(force_insert=True)
        details = {"digest": row.digest, "addendum": by_addendum}
        record_event(case.pk, "second_read_settled", person=actor.person, at=at, details=details)
        tell([open_one.reader], About.SETTLED, case, key=f"settled:{open_one.pk}", at=at)
        return row


def _asked_key(read: SecondRead) -> str:
    return f"second:{read.pk}"


def _require_first_reader(case: Case, second: Person, *, at: datetime) -> None:
    """Somebody is left for the review of record, which the second reader never writes (RE-2)."""
    waits = case.status in WITH_DENTISTS or case.status == Status.NEEDS_INFO
    if waits and not any(person != second for person in readers_of(case, at=at)):
        raise Refused(f"Nobody but {second} may read this case. She reads it first; ask another dentist afterwards.")


def _require_signable(actor: Actor, case: Case, record: CaseRecord, *, at: datetime) -> None:
    """RE-1, CA-7 and CO-2, as for the review of record."""
    if has_captured(actor.person, case):
        raise Refused("You gathered part of this case yourself. Another dentist gives the second opinion.")
    day = day_at_patient_place(case, at)
    require(licence_decision(actor.person, case, day=day))
    if any(not image.is_in for image in record.counted_images):
        raise Refused(
            "Not every declared picture is in. Wait for it, or have the site strike it off; nothing was signed."
        )
    require(consent_stands(record, today=day, zone=zone_of_patient_place(case, case.site)))


def _frozen(
    actor: Actor, case: Case, read: SecondRead, record: CaseRecord, submission: Submission, *, at: datetime
) -> dict[str, Any]:
    licence = str(licence_of(actor.person, state=case.patient_state, day=day_at_patient_place(case, at)))
    content = canonical.plain(
        content_of(read, record, submission=submission, person_name=actor.person.name, licence=licence)
    )
    return {
        "signed_at": at, "submission": submission, "person_name": actor.person.name, "licence": licence, "content": content,
        "digest": canonical.sha256_of(content),
    }  # fmt: skip


def _own_open(actor: Actor, read: SecondRead) -> None:
    if read.reader_id != actor.person.pk:
        raise Refused("This second read is asked of another dentist.")
    if read.signed_at is not None:
        raise Refused("This second read is signed and does not change.")


def _require_whole(read: SecondRead) -> None:
    for name in (*TEXTS, *CHOICES):
        if is_filler(getattr(read, name)) if name in TEXTS else not getattr(read, name):
            raise Refused(f"Say this first: {HEADINGS[name].lower()}.")
    for name in TEXTS:
        refuse_promise(getattr(read, name))
