"""The list of a school day: who is put on it, and who was absent or refused (DE-2)."""

from collections.abc import Collection, Iterable
from datetime import datetime
from random import SystemRandom

from django.db import transaction

from cases.events.standing import GONE
from cases.events.tags import new_tag
from cases.merging import require_standing
from cases.models import Case, Enrolment, EventChild, Mark, Patient, ScreeningEvent
from cases.practice_permissions import may_at_site
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.kit.decisions import Refused, require
from teledent.kit.text import printable

SEEN = "{name} has a case of this school day, {case}: she was seen. Withdraw the case first if it is not hers."


@transaction.atomic
def add_child(*, actor: Actor, event: ScreeningEvent, patient: Patient, at: datetime) -> EventChild:
    """Put a patient on the list. She is enrolled at the site in that school year where she was not. Again: the same place."""
    event = _locked(actor, event, "keep_roster")
    patient = require_standing(patient)
    if patient.practice_id != actor.practice.pk:
        raise Refused("This patient belongs to another practice.")
    patient.enrolments.get_or_create(site=event.site, school_year=event.school_year)
    place_children(event, [patient.pk], actor=actor, at=at)
    _tell(actor, event, at=at)
    return EventChild.objects.get(event=event, patient=patient)


@transaction.atomic
def add_enrolled(*, actor: Actor, event: ScreeningEvent, at: datetime) -> int:
    """Everybody enrolled at the site in that school year who is not on the list yet. Returns how many came on it."""
    event = _locked(actor, event, "keep_roster")
    here = Enrolment.objects.filter(site=event.site, school_year=event.school_year, patient__merged_into__isnull=True)
    added = place_children(event, list(here.values_list("patient", flat=True)), actor=actor, at=at)
    _tell(actor, event, at=at)
    return added


@transaction.atomic
def take_from_last_year(*, actor: Actor, event: ScreeningEvent, grades: Collection[str], at: datetime) -> int:
    """Children of last school year's `grades` at the site, a grade further and in no room yet. Returns how many came on it."""
    event = _locked(actor, event, "keep_roster")
    before = Enrolment.objects.filter(site=event.site, school_year=event.school_year - 1, grade__in=grades)
    before = before.filter(patient__merged_into__isnull=True)
    here = set(
        Enrolment.objects.filter(site=event.site, school_year=event.school_year).values_list("patient", flat=True)
    )
    Enrolment.objects.bulk_create(
        Enrolment(
            patient_id=one.patient_id, site=event.site, school_year=event.school_year, grade=next_grade(one.grade)
        )
        for one in before
        if one.patient_id not in here
    )
    added = place_children(event, list(before.values_list("patient", flat=True)), actor=actor, at=at)
    _tell(actor, event, at=at)
    return added


def next_grade(grade: str) -> str:
    """PK to K, K to 1, 3 to 4; what is counted otherwise is not known."""
    if grade.strip().upper() == "PK":
        return "K"
    if grade.strip().upper() in ("K", "KG"):
        return "1"
    return str(int(grade) + 1) if grade.strip().isascii() and grade.strip().isdigit() else ""


def place_children(event: ScreeningEvent, patients: Iterable[int], *, actor: Actor, at: datetime) -> int:
    """Give each patient a place and a tag, where she has none. Only with the event locked. Returns how many are new."""
    there = dict(EventChild.objects.filter(event=event).values_list("patient", "tag"))
    taken, random, new = set(there.values()), SystemRandom(), []
    for patient in dict.fromkeys(patients):
        if patient in there:
            continue
        tag = new_tag(taken, random)
        taken.add(tag)
        new.append(EventChild(event=event, patient_id=patient, tag=tag, added_at=at, added_by=actor.person))
    EventChild.objects.bulk_create(new, batch_size=500)
    return len(new)


@transaction.atomic
def remove_child(*, actor: Actor, event: ScreeningEvent, patient: Patient, at: datetime) -> None:
    """Take a child off who does not belong on this list. One who was seen stays: she was there."""
    event = _locked(actor, event, "keep_roster")
    _require_unseen(event, patient)
    EventChild.objects.filter(event=event, patient=patient).delete()
    _tell(actor, event, at=at)


@transaction.atomic
def mark_child(
    *, actor: Actor, event: ScreeningEvent, patient: Patient, mark: str, at: datetime, note: str = ""
) -> None:
    """Absent or refused; empty takes the mark back, that of a row merged into hers too. Raises Refused where her case says
    that she was seen."""
    event = _locked(actor, event, "mark_children")
    if mark and mark not in Mark.values:
        raise Refused("A child is absent or refused, or neither is said.")
    if mark:
        _require_unseen(event, patient)
    said = {"mark": mark, "marked_at": at, "marked_by": actor.person, "mark_note": printable(note).strip()[:200]}
    none = {"mark": "", "marked_at": None, "marked_by": None, "mark_note": ""}
    whose = [patient.pk] if mark else patient.with_merged()
    if not EventChild.objects.filter(event=event, patient__in=whose).update(**(said if mark else none)):
        raise Refused("This child is not on the list of this school day.")
    _tell(actor, event, at=at)


def _require_unseen(event: ScreeningEvent, patient: Patient) -> None:
    seen = Case.objects.filter(
        site=event.site, patient=patient, day_seen__gte=event.starts_on, day_seen__lte=event.ends_on
    ).exclude(status__in=GONE)
    if case := seen.first():
        raise Refused(SEEN.format(name=patient.name, case=case.label))


def _locked(actor: Actor, event: ScreeningEvent, verb: str) -> ScreeningEvent:
    """The event under its lock: tags are given in line, and a list that was called off is not changed."""
    require(may_at_site(actor, verb, event.site))
    ScreeningEvent.objects.select_for_update(no_key=True).filter(pk=event.pk).only("pk").get()
    row = ScreeningEvent.objects.select_related("site", "practice").get(pk=event.pk)
    if row.cancelled_at is not None:
        raise Refused("This school day was called off; its list is not changed any more.")
    return row


def _tell(actor: Actor, event: ScreeningEvent, *, at: datetime) -> None:
    trail.record(
        "changed",
        noun="school day list",
        public_id=event.public_id,
        person=actor.person,
        practice=actor.practice,
        at=at,
    )
