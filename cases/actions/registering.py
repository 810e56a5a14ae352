"""Who is this: a new patient at a site, a patient known elsewhere in the practice, and corrections (ID-1)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from cases.actions.files import judge_again
from cases.merging import require_standing
from cases.models import Patient
from cases.moving import lock
from cases.states import UNSIGNED
from teledent.accounts.acting import Actor
from teledent.accounts.models import Role, Site
from teledent.accounts.trail import record
from teledent.kit import clock
from teledent.kit.decisions import Refused

SCHOOL_YEAR_BEGINS = 8  # August


@transaction.atomic
def register_patient(
    *, actor: Actor, site: Site, public_id: UUID, details: Mapping[str, Any], at: datetime, grade: str = "", room: str = "",
    guardian: Mapping[str, Any] | None = None,
) -> Patient:  # fmt: skip
    """Make a patient at a site, with a guardian where one is named. The same `public_id` again returns the same row."""
    _require_hygienist_at(actor, site)
    known = Patient.objects.filter(practice=actor.practice, public_id=public_id).first()
    if known:
        return known
    patient = Patient(practice=actor.practice, public_id=public_id, **details)
    patient.full_clean(exclude=["given_key", "family_key"])
    patient.save(force_insert=True)
    _enrol(patient, site, at=at, grade=grade, room=room)
    if guardian:
        patient.guardians.create(**guardian)
    record("changed", noun="patient", public_id=patient.public_id, person=actor.person, practice=actor.practice, at=at)
    return patient


@transaction.atomic
def enrol_patient(
    *, actor: Actor, patient: Patient, site: Site, at: datetime, grade: str = "", room: str = ""
) -> Patient:
    """Take a patient whom the practice knows into a site, for this school year."""
    _require_hygienist_at(actor, site)
    if patient.practice_id != actor.practice.pk:
        raise Refused("This patient belongs to another practice.")
    require_standing(patient)
    _enrol(patient, site, at=at, grade=grade, room=room)
    record("changed", noun="patient", public_id=patient.public_id, person=actor.person, practice=actor.practice, at=at)
    return patient


@transaction.atomic
def correct_patient(
    *, actor: Actor, patient: Patient, site: Site, details: Mapping[str, Any], at: datetime, grade: str = "", room: str = "",
    guardian: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Correct what is known of a patient. What was signed before keeps the name under which it was signed.

    Files of cases that are not signed are compared with the patient as corrected: also where a dentist reads the case,
    who then cannot sign while a picture of it waits for a decision.
    """
    _require_hygienist_at(actor, site)
    patient = require_standing(patient)  # under its lock: what another page saved meanwhile is not put back
    for name, value in details.items():
        setattr(patient, name, value)
    patient.full_clean(exclude=["given_key", "family_key"])
    patient.save()
    _enrol(patient, site, at=at, grade=grade, room=room)
    first = patient.guardians.order_by("pk").first()
    if guardian and first:
        patient.guardians.filter(pk=first.pk).update(**guardian)
    elif guardian:
        patient.guardians.create(**guardian)
    for case_id in patient.cases.filter(status__in=UNSIGNED).order_by("pk").values_list("pk", flat=True):
        case = lock(case_id)
        if case.status in UNSIGNED:
            judge_again(case, at=at)
    record("changed", noun="patient", public_id=patient.public_id, person=actor.person, practice=actor.practice, at=at)


def school_year(at: datetime, zone: str) -> int:
    """The year in which the school year of this day began."""
    return school_year_of(clock.local_date(at, zone))


def school_year_of(day: date) -> int:
    """The year in which its school year began, which names it."""
    return day.year if day.month >= SCHOOL_YEAR_BEGINS else day.year - 1


def _enrol(patient: Patient, site: Site, *, at: datetime, grade: str, room: str) -> None:
    patient.enrolments.update_or_create(
        site=site, school_year=school_year(at, site.time_zone), defaults={"grade": grade, "room": room}
    )


def _require_hygienist_at(actor: Actor, site: Site) -> None:
    if not actor.at_site(Role.HYGIENIST, site.pk) or site.practice_id != actor.practice.pk:
        raise Refused("You can keep patients at the sites where you work.")
