"""Whom a manifest means (ID-1): somebody on file, somebody new, or somebody whom a person has to name first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Prefetch

from cases.actions.attending import add_child
from cases.actions.registering import enrol_patient, register_patient, school_year
from cases.device.patient import NewPatient, WhoSaid
from cases.models import Case, Enrolment, EventChild, Patient, ScreeningEvent
from teledent.accounts.acting import Actor
from teledent.accounts.models import Site
from teledent.kit.decisions import Conflict, Refused

CANDIDATES_MAX = 10
WHOM = "Somebody alike is known already. Whom do you mean?"
NOT_HERS = "This patient is not at your sites. Look her up in Capture, or enter her as somebody new."
ANOTHERS = (
    "{case} is {name}'s here, and this names {other}. A case goes to nobody else: withdraw it and open another one."
)


class Unsure(Exception):
    """A person has to say first whom she means. `whom` is the question for the device."""

    def __init__(self, similar: list[Patient]) -> None:
        self.whom: dict[str, Any] = {"sentence": WHOM, "candidates": [_candidate(one) for one in similar]}


def require_same_patient(case: Case, said: WhoSaid) -> None:
    """The patient of a case that is open here. Raises Conflict when the manifest names somebody else on file."""
    if said.id is None:
        return
    named = Patient.objects.filter(practice=case.practice, public_id=said.id).first()
    if named is None or named.stays.pk != case.patient.stays.pk:
        other = named.name if named else "nobody on file"
        raise Conflict(ANOTHERS.format(case=case.label, name=case.patient.name, other=other))


def identified(actor: Actor, said: WhoSaid, *, site: Site, event: ScreeningEvent | None, at: datetime) -> Patient:
    """The patient, made or enrolled where it takes that, and on the list of the school day. Inside a transaction.

    Raises Unsure; Refused for somebody whom she may not see.
    """
    new = said.new
    patient = _new(actor, said, new, site=site, event=event, at=at) if new else _on_file(actor, said, event)
    if event is not None and event.cancelled_at is None and not _listed(event, patient):
        add_child(actor=actor, event=event, patient=patient, at=at)
    return patient


def _on_file(actor: Actor, said: WhoSaid, event: ScreeningEvent | None) -> Patient:
    named = Patient.objects.filter(practice=actor.practice, public_id=said.id).first() if said.id else None
    if named is None:
        raise Refused(NOT_HERS)
    return _hers(actor, named.stays, event)


def _hers(actor: Actor, patient: Patient, event: ScreeningEvent | None) -> Patient:
    """Whom she may see: somebody of her sites, or of the school day's list. Raises Refused."""
    if Patient.objects.of_sites(actor).filter(pk=patient.pk).exists() or _listed(event, patient):
        return patient
    raise Refused(NOT_HERS)


def _new(
    actor: Actor, said: WhoSaid, new: NewPatient, *, site: Site, event: ScreeningEvent | None, at: datetime
) -> Patient:
    known = Patient.objects.filter(public_id=new.id).first()
    if known is not None and known.practice_id != actor.practice.pk:
        raise Conflict("The id of this new patient is taken. Enter her anew on the device.")
    if known is not None:  # a device made her by an earlier manifest, or says so
        return _hers(actor, known.stays, event)
    similar = similar_to(actor, new.details, but=new.id)
    if said.id is not None:
        return _chosen(actor, said, new, similar, site=site, at=at)
    if similar and not said.another:
        raise Unsure(similar)
    try:
        return register_patient(
            actor=actor, site=site, public_id=new.id, details=new.details, at=at, grade=new.grade, room=new.room, guardian=new.guardian
        )  # fmt: skip
    except ValidationError as invalid:
        name, sentences = next(iter(invalid.message_dict.items()))
        raise Refused(f"patient.new.{name}: {sentences[0]}") from None


def similar_to(actor: Actor, details: Mapping[str, Any], *, but: UUID) -> list[Patient]:
    """Patients of the practice whom somebody with these details might be, with their enrolments, the newest first; never the
    one of the id `but`, whom this form or device made before."""
    rows = Patient.objects.resembling(
        practice=actor.practice, family_name=details["family_name"], given_name=details["given_name"], birth_date=details["birth_date"]
    )  # fmt: skip
    newest = Enrolment.objects.select_related("site").order_by("-school_year", "-pk")
    known = rows.exclude(public_id=but).prefetch_related(Prefetch("enrolments", newest))
    return list(known.order_by("given_key", "pk")[:CANDIDATES_MAX])


def _chosen(
    actor: Actor, said: WhoSaid, new: NewPatient, similar: list[Patient], *, site: Site, at: datetime
) -> Patient:
    """One of those who were shown joins this site; nothing typed replaces what is on file."""
    patient = next((one for one in similar if one.public_id == said.id), None)
    if patient is None:
        raise Refused("The patient chosen is none of those who are alike. Choose again.")
    if not patient.enrolments.filter(site=site, school_year=school_year(at, site.time_zone)).exists():
        enrol_patient(actor=actor, patient=patient, site=site, at=at, grade=new.grade, room=new.room)
    return patient


def _listed(event: ScreeningEvent | None, patient: Patient) -> bool:
    return event is not None and EventChild.objects.filter(event=event, patient=patient).exists()


def _candidate(patient: Patient) -> dict[str, Any]:
    newest = next(iter(patient.enrolments.all()), None)
    return {
        "id": patient.public_id, "name": patient.name, "birth_date": patient.birth_date, "site": newest.site.name if newest else "",
        "grade": newest.grade if newest else "", "room": newest.room if newest else "",
    }  # fmt: skip
