"""A payer is asked before care: written down, sent, answered, taken back. Each step once, and none written over."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from billing.actions.checking import check_unsent
from billing.authorisation_moving import move_authorisation, record_event
from billing.authorisation_states import ANSWERED, OPEN, AuthorisationStatus
from billing.claims.latin import unwritable
from billing.models import Authorisation, AuthorisedLine, Coverage, RequestHow, RequestKind
from billing.numbers import request_id
from billing.permissions import may
from cases import teeth
from cases.actions.opening import next_number
from cases.merging import require_standing
from cases.models import Case
from cases.states import BILLABLE
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused, require
from teledent.kit.text import is_filler, printable

CODE = re.compile(r"[DX][0-9]{4}")
MOST_LINES = 50  # of one claim: LX of the 837D
LONGEST = timedelta(days=3653)  # ten years: a day further from its answer is a slip of the pen
TOO_FAR = "This day lies more than ten years from the answer."
WHY_ENDED = "Say why; the request stays readable with it."
WHY_AGAIN = "Say why it is to be sent again; the request's timeline keeps it."
WHY_REFUSED = "Say what the payer gave as its reason."


@dataclass(frozen=True, slots=True)
class Asked:
    """One service that is asked for. `tooth` in Universal numbering, blank where it is of no one tooth."""

    code: str
    tooth: str = ""
    units: int = 1


@dataclass(frozen=True, slots=True)
class SaidOfLine:
    """What the payer said of one line: units it approves (0: not this one), and dollars where it named any."""

    units: int
    allowed: Decimal | None = None
    patient_share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    number: str  # the payer's own
    answered_on: date
    valid_from: date | None = None
    valid_until: date | None = None  # None: the payer named no end
    note: str = ""


@transaction.atomic
def begin_request(
    *, actor: Actor, coverage: Coverage, public_id: UUID, kind: str, lines: Sequence[Asked], reason: str = "",
    case: Case | None = None, at: datetime,
) -> Authorisation:  # fmt: skip
    """Write down what is to be asked; nothing goes out by this. The same `public_id` again returns the same request.

    Payer and member id are the coverage's of now. Raises Refused, Conflict.
    """
    coverage = _mine(actor, coverage)
    known = Authorisation.objects.filter(public_id=public_id).first()
    if known is not None:
        if known.coverage_id != coverage.pk:
            raise Conflict("This form was sent for another plan. Open it again; nothing was recorded.")
        return known
    if kind not in RequestKind.values:
        raise Refused("Say what is asked: an authorisation or a predetermination.")
    _require_askable(coverage, lines, case)
    row = Authorisation.objects.create(
        public_id=public_id, practice=actor.practice, kind=kind, coverage=coverage, payer=coverage.payer,
        request_id=request_id(actor.practice.pk, next_number(actor.practice, "request")), payer_name=coverage.payer.name,
        member_id=coverage.member_id, case=case, reason=_words(reason), made_at=at, made_by=actor.person,
    )  # fmt: skip
    AuthorisedLine.objects.bulk_create(
        AuthorisedLine(authorisation=row, number=number, code=one.code, tooth=one.tooth, units=one.units)
        for number, one in enumerate(lines, start=1)
    )
    record_event(row, "made", person=actor.person, at=at, details={"reason": row.reason})
    _tell(actor, row, at=at)
    return row


@transaction.atomic
def write_request_anew(
    *,
    actor: Actor,
    row: Authorisation,
    public_id: UUID,
    kind: str,
    lines: Sequence[Asked],
    reason: str = "",
    at: datetime,
) -> Authorisation:
    """Ask otherwise for what nobody has asked yet: a request in the place of this one, which is withdrawn. The same
    `public_id` again returns the same request. Raises Refused, Conflict."""
    row = _locked(actor, row)
    if known := row.coverage.authorisations.filter(public_id=public_id).first():
        return known
    require_drafted(row)
    made = begin_request(
        actor=actor,
        coverage=row.coverage,
        public_id=public_id,
        kind=kind,
        lines=lines,
        reason=reason,
        case=row.case,
        at=at,
    )
    _end(actor, row, "withdraw", f"Written anew as {made}.", at=at)
    return made


def require_drafted(row: Authorisation) -> None:
    if row.status != AuthorisationStatus.DRAFTED:
        raise Conflict(f"{row} went out or was answered. What was asked stays; withdraw it and begin another.")


@transaction.atomic
def mark_sent(
    *, actor: Actor, row: Authorisation, sent_on: date, sent_how: str, reference: str = "", at: datetime
) -> Authorisation:
    """It went to the payer, on its site, by phone, fax, mail or in a file. Raises Refused, Conflict."""
    row = _locked(actor, row)
    if sent_how not in RequestHow.values:
        raise Refused("Say how it was sent.")
    if sent_on > _today(row, at):
        raise Refused("This day has not come yet.")
    row = move_authorisation(
        row, "send", person=actor.person, at=at, details={"how": RequestHow(sent_how).label, "on": sent_on}, sent_on=sent_on,
        sent_how=sent_how, sent_reference=_words(reference)[:80], sent_at=at, sent_by=actor.person,
    )  # fmt: skip
    _tell(actor, row, at=at)
    return row


@transaction.atomic
def record_approval(
    *, actor: Actor, row: Authorisation, said: Approval, of_lines: Mapping[int, SaidOfLine], at: datetime
) -> Authorisation:
    """The payer said yes. `of_lines` by the line's number; a line left out is approved as it was asked. The patient's
    unsent claims are checked at once. Raises Refused, Conflict."""
    row = _locked(actor, row)
    lines = list(row.lines.all())
    _require_answer(row, said, of_lines, {one.number for one in lines}, today=_today(row, at))
    if row.status in OPEN:
        for line in lines:
            told = of_lines.get(line.number, SaidOfLine(line.units))
            line.units_approved, line.allowed, line.patient_share = told.units, told.allowed, told.patient_share
        AuthorisedLine.objects.bulk_update(lines, ["units_approved", "allowed", "patient_share"])
    number, details = _number(said.number), {"number": _number(said.number), "on": said.answered_on}
    row = move_authorisation(
        row, "approve", person=actor.person, at=at, details=details, number=number, answered_on=said.answered_on,
        valid_from=_start(row, said), valid_until=said.valid_until, note=_words(said.note), answered_at=at,
        answered_by=actor.person,
    )  # fmt: skip
    _tell(actor, row, at=at)
    return row


@transaction.atomic
def record_refusal(
    *, actor: Actor, row: Authorisation, answered_on: date, because: str, note: str = "", at: datetime
) -> Authorisation:
    """The payer said no, for a reason. Raises Refused, Conflict."""
    row = _locked(actor, row)
    if is_filler(because):
        raise Refused(WHY_REFUSED)
    _require_day(row, answered_on, today=_today(row, at))
    row = move_authorisation(
        row, "refuse", person=actor.person, at=at, details={"on": answered_on, "reason": _words(because)},
        answered_on=answered_on, refused_because=_words(because), note=_words(note), answered_at=at, answered_by=actor.person,
    )  # fmt: skip
    _tell(actor, row, at=at)
    return row


@transaction.atomic
def take_up_again(*, actor: Actor, row: Authorisation, reason: str, at: datetime) -> Authorisation:
    """The file with it got lost: it is to be sent again under its number, by a file with a new control number. It is
    never on its way twice: a word that the payer has it after all takes it off what is to be sent. Raises Refused, Conflict."""
    row = _locked(actor, row)
    if is_filler(reason):
        raise Refused(WHY_AGAIN)
    if row.sent_how != RequestHow.FILE:
        raise Refused("It went out in no file of ours. Ask the payer for it the way it was sent, or withdraw it.")
    row = move_authorisation(row, "take_up", person=actor.person, at=at, details={"reason": _words(reason)})
    _tell(actor, row, at=at)
    return row


def withdraw_request(*, actor: Actor, row: Authorisation, reason: str, at: datetime) -> Authorisation:
    """Not pursued, or taken back by the payer: it counts nowhere, and stays readable. Raises Refused, Conflict."""
    return _end(actor, row, "withdraw", reason, at=at)


def mark_request_in_error(*, actor: Actor, row: Authorisation, reason: str, at: datetime) -> Authorisation:
    """What was recorded as sent or answered was not so. It counts nowhere, and stays readable. Raises Refused, Conflict."""
    return _end(actor, row, "mark_error", reason, at=at)


@transaction.atomic
def _end(actor: Actor, row: Authorisation, move: str, reason: str, *, at: datetime) -> Authorisation:
    row = _locked(actor, row)
    if is_filler(reason):
        raise Refused(WHY_ENDED)
    row = move_authorisation(
        row, move, person=actor.person, at=at, details={"reason": _words(reason)}, ended_because=_words(reason),
        ended_at=at, ended_by=actor.person,
    )  # fmt: skip
    _tell(actor, row, at=at)
    return row


# --- what has to be true --------------------------------------------------------------------------------------------


def _require_askable(coverage: Coverage, lines: Sequence[Asked], case: Case | None) -> None:
    if not 1 <= len(lines) <= MOST_LINES:
        raise Refused(f"Name at least one service, and at most {MOST_LINES}.")
    for one in lines:
        if not CODE.fullmatch(one.code):
            raise Refused(f"{one.code}: a procedure code is D or X and four digits.")
        if one.tooth and teeth.from_universal(one.tooth) is None:
            raise Refused(f"“{one.tooth}” is no tooth in Universal numbering: 1 to 32 or A to T.")
        if one.units < 1:
            raise Refused(f"{one.code}: ask for one unit at least.")
    if len({(one.code, one.tooth) for one in lines}) < len(lines):
        raise Refused("A code stands twice for one tooth. Write it once, with its units.")
    if case is not None and (case.patient_id != coverage.patient_id or case.status not in BILLABLE):
        raise Refused("That case is not a signed one of this patient.")


def _require_answer(
    row: Authorisation, said: Approval, of_lines: Mapping[int, SaidOfLine], numbers: set[int], *, today: date
) -> None:
    _require_day(row, said.answered_on, today=today)
    if row.kind == RequestKind.AUTHORISATION and not any(sign.isalnum() for sign in said.number):
        raise Refused("Enter the number of the authorisation: a claim carries it.")
    if unwritable(said.number):
        raise Refused("Payers read Latin letters and digits only: enter the number as the payer writes it.")
    if said.valid_until is not None and said.valid_until < (_start(row, said) or said.valid_until):
        raise Refused("The last day lies before the first.")
    if any(is_too_far(day, said.answered_on) for day in (said.valid_from, said.valid_until)):
        raise Refused(TOO_FAR)
    if set(of_lines) - numbers:
        raise Refused("The lines of this request are others. Open it anew; nothing was recorded.")
    if all(of_lines.get(number, SaidOfLine(1)).units == 0 for number in numbers):
        raise Refused("Nothing is approved so. Record it as refused.")


def is_too_far(day: date | None, answered_on: date) -> bool:
    """Whether no answer of that day can hold from, or until, `day`."""
    return day is not None and abs(day - answered_on) > LONGEST


def _require_day(row: Authorisation, day: date, *, today: date) -> None:
    if day > today:
        raise Refused("This day has not come yet.")
    if row.sent_on is not None and day < row.sent_on:
        raise Refused(f"It was sent on {clock.day_in_words(row.sent_on)}; the answer came that day or later.")


def _start(row: Authorisation, said: Approval) -> date | None:
    """An authorisation begins on some day; where the payer named none, on the day of its answer."""
    named = said.valid_from or (said.answered_on if row.kind == RequestKind.AUTHORISATION else None)
    return named if named is not None or said.valid_until is None else said.answered_on


def _number(text: str) -> str:
    return " ".join(printable(text).split())[:50]


def _words(text: str) -> str:
    return " ".join(printable(text).split())[:300]


def _today(row: Authorisation, at: datetime) -> date:
    """The latest day that it is anywhere in the practice: whoever records at her desk may be west of the school."""
    zones = row.practice.sites.values_list("time_zone", flat=True).distinct()
    return max((clock.local_date(at, zone) for zone in zones), default=at.date())


def _mine(actor: Actor, coverage: Coverage) -> Coverage:
    """The coverage as it stands, of a patient of this practice who was not merged into another."""
    require(may(actor, "keep_settings"))
    if coverage.patient.practice_id != actor.practice.pk:
        raise Refused("This belongs to another practice.")
    require_standing(coverage.patient)
    return Coverage.objects.select_related("payer", "patient").get(pk=coverage.pk)


def _locked(actor: Actor, row: Authorisation) -> Authorisation:
    """The request as it stands, under its patient's lock; only inside a transaction."""
    require(may(actor, "keep_settings"))
    mine = Authorisation.objects.filter(practice=actor.practice, pk=row.pk).select_related("coverage__patient")
    if not mine:
        raise Refused("This belongs to another practice.")
    require_standing(mine[0].coverage.patient)
    return mine.select_related("coverage__patient", "practice", "payer").get()


def _tell(actor: Actor, row: Authorisation, *, at: datetime) -> None:
    """On the trail, and to the patient's claims: only an answer, or taking one back, changes what they say."""
    if row.status in ANSWERED or row.answered_at is not None:
        check_unsent(row.coverage.patient_id, at=at, person=actor.person)
    trail.record(
        "changed", noun="authorisation", public_id=row.public_id, person=actor.person, practice=actor.practice, at=at
    )
