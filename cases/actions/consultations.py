"""Questions of other offices on the side of the practice: a link for a colleague, whose patient it is, the way back."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from cases.actions.files import named_file
from cases.actions.identifying import similar_to
from cases.actions.linking import LONGEST, MADE_BEFORE, TOKEN_BYTES, hash_of
from cases.actions.opening import open_case
from cases.actions.registering import enrol_patient, register_patient, school_year
from cases.actions.reporting import print_report
from cases.consulting import answers_of, is_film, patient_details, told_of_taking
from cases.holding import hold_of
from cases.models import Asset, Audience, Case, Consultation, Kind, Origin, Patient, PatientPlace, ReportState
from cases.moving import lock, record_event
from cases.practice_permissions import may_at_site
from cases.states import ENDED_UNSIGNED
from teledent.accounts.acting import Actor
from teledent.accounts.models import Site
from teledent.accounts.trail import record
from teledent.kit.decisions import Conflict, Refused, require
from teledent.kit.text import is_filler, printable

LOCKED = "The link is locked after five wrong birth dates. Print the report from the record, and call the office."
NOT_THE_DAY = "The office typed another birth date than is on file. Say how you know that it is the same patient."


@transaction.atomic
def make_consultation(
    *,
    actor: Actor,
    site: Site,
    colleague: str,
    office: str,
    phone: str,
    lasts: timedelta,
    public_id: UUID,
    at: datetime,
) -> tuple[Consultation, str]:
    """Make a link for a colleague whom she knows; returns it with its token, which is nowhere kept. Refused the second time."""
    require(may_at_site(actor, "make_consultations", site))
    if not timedelta(0) < lasts <= LONGEST:
        raise Refused(f"A link lasts {LONGEST.days} days at most.")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = Consultation(
        public_id=public_id, practice=actor.practice, site=site, colleague=printable(colleague)[:60], office=printable(office)[:80],
        phone=phone, token_sha256=hash_of(token), made_by=actor.person, made_at=at, expires_at=at + lasts,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused(MADE_BEFORE) from None
    _record("made", row, actor, at=at)
    return row, token


@transaction.atomic
def revoke_consultation(*, actor: Actor, asked: Consultation, at: datetime) -> None:
    """Shut a link by which nothing was asked yet; revoking twice is revoking once."""
    row = _locked(asked)
    require(may_at_site(actor, "make_consultations", row.site))
    if row.sent_at is not None:
        raise Refused("The question is here already. Take it up, or turn it down with a reason.")
    if row.revoked_at is None:
        Consultation.objects.filter(pk=row.pk).update(revoked_at=at, revoked_by=actor.person)
        _record("revoked", row, actor, at=at)


@transaction.atomic
def turn_down(*, actor: Actor, asked: Consultation, because: str, at: datetime) -> None:
    """No case comes of it: not to be answered from records, or asked by mistake. The colleague sees it no more and is called."""
    row = _locked(asked)
    require(may_at_site(actor, "take_up", row.site))
    _require_waiting(row)
    if is_filler(because):
        raise Refused("Say why the question is turned down; it is kept with it.")
    Consultation.objects.filter(pk=row.pk).update(
        closed_at=at, closed_by=actor.person, closed_because=printable(because)[:200]
    )
    _record("closed", row, actor, at=at)


@transaction.atomic
def take_up(*, actor: Actor, asked: Consultation, patient: UUID | None, known_by: str, at: datetime) -> Case:
    """A person says whose patient it is (ID-2), and a second opinion is opened with all that was sent. `patient` None: nobody on
    file; she is entered as the office typed her, under the question's own id, so that two taps enter her once.

    Raises Refused for a chosen patient of another birth date where `known_by` says nothing, Conflict where somebody else said
    that it is another one.
    """
    row = _locked(asked)
    require(may_at_site(actor, "take_up", row.site))
    if row.case is not None and row.case.status not in ENDED_UNSIGNED:
        return _taken_up_before(row.case, patient or row.public_id)
    _require_waiting(row)
    if row.case is not None and row.case.follows is not None:
        raise Refused(
            f"{row.case.label} was to correct {row.case.follows.label}. Correct that one again: its pictures are there."
        )
    meant = _chosen(actor, row, patient, at=at) if patient else _entered(actor, row, at=at)
    other_day = meant.birth_date != row.birth_date
    if other_day and is_filler(known_by):
        raise Refused(NOT_THE_DAY)
    case = open_case(
        actor=actor, patient=meant, site=row.site, kind=Kind.SECOND_OPINION, at=at,
        said={"asked_by": row.sender, **({"known_by": printable(known_by)} if other_day else {})},
        answers=answers_of(row.said, office=row.office), consultation=row, origin=Origin.OFFICE,
        patient_place=PatientPlace.ELSEWHERE, patient_state=row.said["state"], urgency=row.said["urgency"],
    )  # fmt: skip
    _place(row, case, actor, at=at)
    Consultation.objects.filter(pk=row.pk).update(case=case)
    _record("taken up", row, actor, at=at)
    return case


def _taken_up_before(case: Case, meant: UUID) -> Case:
    said = Patient.objects.filter(public_id=meant).first()
    if said is not None and said.stays.pk == case.patient_id:
        return case
    raise Conflict(
        f"Somebody said meanwhile that it is {case.patient.name}: {case.label} is open. Nothing was changed."
    )


def alike(actor: Actor, asked: Consultation) -> list[Patient]:
    """Whom the office might mean, of those on file in the practice."""
    return similar_to(actor, patient_details(asked.said), but=asked.public_id)


@transaction.atomic
def release_answer(*, actor: Actor, asked: Consultation, at: datetime) -> None:
    """Let the signed report out to who asked, as it stands now, for a month; what is let out later stands in its place."""
    row = _locked(asked)
    require(may_at_site(actor, "answer_consultations", row.site))
    if row.case is None:
        raise Refused("Nobody has said yet whose patient this is.")
    if not row.tries_left:
        raise Refused(LOCKED)
    report = print_report(actor=actor, case=row.case, audience=Audience.COLLEAGUE, language="en", at=at)
    failed = row.report is not None and row.report.state == ReportState.FAILED
    if row.report_id == report.pk and not failed and not row.is_over(at):
        return
    Consultation.objects.filter(pk=row.pk).update(
        report=report, released_by=actor.person, released_at=at, collected_at=None
    )
    details = {"to": row.sender, "digest": report.digest}
    record_event(row.case.pk, "answer_released", person=actor.person, at=at, details=details)


def _chosen(actor: Actor, row: Consultation, public_id: UUID, *, at: datetime) -> Patient:
    patient = Patient.objects.standing().filter(practice=actor.practice, public_id=public_id).first()
    if patient is None:
        raise Refused("This patient is not on file any more. Choose again.")
    if not patient.enrolments.filter(site=row.site, school_year=school_year(at, row.site.time_zone)).exists():
        enrol_patient(actor=actor, patient=patient, site=row.site, at=at)
    return patient


def _entered(actor: Actor, row: Consultation, *, at: datetime) -> Patient:
    said = row.said
    guardian = {"name": said["guardian"], "relationship": "guardian", "phone": said["guardian_phone"]}
    return register_patient(
        actor=actor, site=row.site, public_id=row.public_id, details=patient_details(said), at=at,
        guardian=guardian if said["guardian"] else None,
    )  # fmt: skip


def _place(row: Consultation, case: Case, actor: Actor, *, at: datetime) -> None:
    """All her files into the case; one that names somebody else waits there for a decision (ID-2). They leave a case that ended
    unsigned."""
    unplaced = Q(case__isnull=True) | Q(case=row.case, case__isnull=False)
    files: Iterable[Asset] = row.assets.counted().filter(unplaced).select_for_update(of=("self",))
    for asset in files:
        details = {**named_file(asset), "reason": f"The question of {row.sender}"}
        if row.case is not None and asset.case_id:
            record_event(
                row.case.pk, "file_moved_away", person=actor.person, at=at, details={**details, "to": case.label}
            )
        hold = hold_of(asset, case, asset.examination) if asset.examination else None
        columns: dict[str, Any] = {
            "case": case, "site": case.site, "hold_code": hold.code if hold else "", "hold_reason": hold.sentence if hold else "",
            **(told_of_taking(asset, row) if asset.examined_at else {}), **_ordered(row, asset),
        }  # fmt: skip
        if not Asset.objects.filter(pk=asset.pk, case=asset.case_id, state=asset.state).update(**columns):
            raise Conflict("A file of this question changed a moment ago. Try again; nothing was changed.")
        whence = row.case.label if row.case is not None and asset.case_id else f"the question of {row.sender}"
        record_event(case.pk, "file_moved_here", person=actor.person, at=at, details={**details, "from": whence})


def _ordered(row: Consultation, asset: Asset) -> dict[str, Any]:
    """Under whose order a film was taken, as its office says (CA-2), where it comes into a case first; what it left open is asked
    of the hygienist, and what she found out stays."""
    if asset.case_id is not None or not is_film(asset.view):
        return {}
    said = row.said
    return {
        "ordered_by": said["ordered_by"], "ordered_on": said["ordered_on"] or None, "order_reason": said["why_films"],
        "operator_name": said["operator"],
    }  # fmt: skip


def _require_waiting(row: Consultation) -> None:
    if row.sent_at is None:
        raise Refused("Nothing was asked by this link yet.")
    if row.case is not None and row.case.status not in ENDED_UNSIGNED:
        raise Refused(f"It is case {row.case.label} already.")
    if row.closed_at is not None:
        raise Refused(f"{row.closed_by} turned this question down.")


def _locked(asked: Consultation) -> Consultation:
    Consultation.objects.select_for_update().only("pk").get(pk=asked.pk)
    row = Consultation.objects.select_related("practice", "site", "case", "closed_by", "report").get(pk=asked.pk)
    if row.case is not None:
        row.case = lock(row.case.pk)
    return row


def _record(verb: str, asked: Consultation, actor: Actor, *, at: datetime) -> None:
    record(verb, noun="consultation", public_id=asked.public_id, person=actor.person, practice=actor.practice, at=at)
