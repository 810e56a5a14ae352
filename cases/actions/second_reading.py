"""A second read: asked, written blind, signed, compared with the review of record, and settled by the first reader (RE-2)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from cases.actions.comparing import compare_readings
from cases.actions.signing import add_addendum, confirm_signer, refuse_promise
from cases.models import About, Case, Review, SecondRead, Settlement, Signature
from cases.models.second import READ_SECOND
from cases.moving import lock, record_event
from cases.notices import tell
from cases.permissions import licence_decision, licence_of, may
from cases.places import day_at_patient_place
from cases.readers import readers_of
from cases.record import read_record
from cases.second import CHOICES, HEADINGS, TEXTS, content_of, settled_content
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person
from teledent.kit import canonical
from teledent.kit.decisions import Conflict, Refused, require
from teledent.kit.text import is_filler, printable

TEXT_MAX = 5000
STALE = "This opinion was changed on another page meanwhile. Reload to see it; your last words were not saved."


def second_readers_of(case: Case, *, at: datetime) -> list[Person]:
    """Who may be asked: she may read the case, and has no part in its review of record."""
    writers = set(Review.objects.filter(case=case).values_list("writer", flat=True))
    return [person for person in readers_of(case, at=at) if person.pk not in {*writers, case.reader_id}]


@transaction.atomic
def ask_second_read(*, actor: Actor, case: Case, reader: Person, question: str, at: datetime) -> SecondRead:
    """Ask one dentist. Nothing waits for it: the review of record is signed and billed with or without it."""
    case = lock(case.pk)
    require(may(actor, "ask_second_read", case, at=at))
    if is_filler(question):
        raise Refused("Say what the second reader is to look at.")
    if reader not in second_readers_of(case, at=at):
        raise Refused(f"{reader} cannot give a second opinion on this case. Choose another dentist.")
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
    tell([reader], About.SECOND, case, key=f"second:{read.pk}", at=at)
    return read


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


def sign_second_read(*, actor: Actor, read: SecondRead, version: int, password: str, at: datetime) -> SecondRead:
    """Freeze the opinion under her licence. It makes no claim and moves no case; the two are compared once both are signed."""
    confirm_signer(actor, password, at=at)
    with transaction.atomic():
        case = lock(read.case_id)
        read = SecondRead.objects.select_for_update(of=("self",)).get(pk=read.pk)
        _own_open(actor, read)
        if read.version != version:
            raise Conflict(STALE)
        if case.status not in READ_SECOND:
            raise Refused(f"The case is {case.shown_status.lower()}: there is nothing to read a second time.")
        day = day_at_patient_place(case, at)
        require(licence_decision(actor.person, case, day=day))
        _require_whole(read)
        submission = case.submissions.order_by("-version")[0]
        licence = str(licence_of(actor.person, state=case.patient_state, day=day))
        content = canonical.plain(
            content_of(read, read_record(case), submission=submission, person_name=actor.person.name, licence=licence)
        )
        frozen: dict[str, Any] = {
            "signed_at": at, "submission": submission, "person_name": actor.person.name, "licence": licence, "content": content,
            "digest": canonical.sha256_of(content),
        }  # fmt: skip
        if not SecondRead.objects.open().filter(pk=read.pk, version=version).update(**frozen):
            raise Conflict(STALE)
        details = {"digest": frozen["digest"], "version": submission.version, "licence": licence}
        record_event(case.pk, "second_read_signed", person=actor.person, at=at, details=details)
        compare_readings(case.pk, at=at)
    read.refresh_from_db()
    return read


def settle(*, actor: Actor, read: SecondRead, text: str, by_addendum: bool, password: str, at: datetime) -> Settlement:
    """The first reader's word on a difference: an addendum where she changes her mind, else why she stays with it."""
    confirm_signer(actor, password, at=at)
    with transaction.atomic():
        case = lock(read.case_id)
        signature = Signature.objects.filter(case=case).first()
        if signature is None or signature.person_id != actor.person.pk:
            raise Refused("The dentist who signed the review of record settles a difference.")
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
