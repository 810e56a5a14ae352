"""All that a device needs of a school day to work without a network: as many queries for two hundred children as for one."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from cases import questionnaires, teeth
from cases.device.manifest import KINDS
from cases.device_state import state_told
from cases.event_reading import Child, children_of, day_told
from cases.events.slates import Slate, square_of
from cases.events.standing import AGREED_WORDS, GONE, STANDING_WORDS
from cases.family_told import FamilyWrote, family_wrote
from cases.models import (
    Case,
    Condition,
    EventChild,
    FamilyForm,
    Icdas,
    Kind,
    Patient,
    PatientPlace,
    ProcedureCode,
    ScreeningEvent,
    Urgency,
)
from cases.models.finding import CARIES, PRESENCE
from cases.models.patient import stays_of
from cases.view_labels import VIEWS
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person, Role, State

BEFORE, AHEAD = timedelta(days=7), timedelta(days=62)


def events_near(actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """Standing school days of the sites where she is a hygienist, from a week ago to two months ahead."""
    sites = actor.sites(Role.HYGIENIST)
    rows = ScreeningEvent.objects.filter(practice=actor.practice).standing()
    rows = rows.touching((at - BEFORE).date(), (at + AHEAD).date())
    rows = rows if sites is None else rows.filter(site__in=sites)
    return [event_fields(event) for event in _with_team(rows).order_by("starts_on", "pk")]


def _with_team(rows: Any) -> Any:
    return (
        rows.with_expected()
        .select_related("site")
        .prefetch_related(Prefetch("team", Person.objects.order_by("name", "pk")))
    )


def event_fields(event: Any) -> dict[str, Any]:
    """`event` out of `_with_team`."""
    site = event.site
    return {
        "id": event.public_id, "starts_on": event.starts_on, "ends_on": event.ends_on, "days": event.days, "aim": event.aim,
        "note": event.note, "children": event.expected, "team": [{"id": one.public_id, "name": one.name} for one in event.team.all()],
        "site": {"id": site.public_id, "name": site.name, "state": site.state, "time_zone": site.time_zone},
    }  # fmt: skip


def day_for_device(event: ScreeningEvent, *, at: datetime) -> dict[str, Any]:
    """Children, and the words and codes of everything that can be said of one."""
    told_for = day_told(event, at)
    codes = ProcedureCode.objects.done_on_site(event.practice, told_for)
    return {
        "event": event_fields(_with_team(ScreeningEvent.objects.filter(pk=event.pk)).get()), "told_for": told_for,
        "children": _children(event, at), "services": [{"code": row.code, "text": row.text} for row in codes], **VOCABULARY,
    }  # fmt: skip


def _children(event: ScreeningEvent, at: datetime) -> list[dict[str, Any]]:
    children = children_of(event, at=at)
    patients = {one.public_id: one for one in Patient.objects.filter(event_places__event=event)}
    marks = dict(EventChild.objects.filter(event=event).values_list("patient__public_id", "mark"))
    ids = [child.case for child in children if child.case]
    rows = Case.objects.filter(public_id__in=ids).only("public_id", "number", "status", "kind")
    cases = {case.public_id: case for case in rows}
    keys = [one.pk for one in patients.values()]
    allergies, wrote = _allergies(keys), family_wrote(keys)
    forms = _forms(event, keys)
    return [
        {
            **_child(
                child, patients[child.public_id], marks[child.public_id], cases.get(child.case) if child.case else None, allergies, wrote
            ),
            "forms": forms[patients[child.public_id].pk],
            "slate": square_of(Slate(event.public_id, child.tag))._asdict(),
        }
        for child in children
        if child.public_id in patients
    ]  # fmt: skip


def _child(
    child: Child,
    patient: Patient,
    mark: str,
    there: Case | None,
    allergies: dict[int, dict[str, Any]],
    wrote: dict[int, FamilyWrote],
) -> dict[str, Any]:
    case = {"id": there.public_id, **state_told(there)} if there is not None else None
    return {
        "id": child.public_id, "given_name": patient.given_name, "family_name": patient.family_name, "name": child.name,
        "preferred_name": patient.preferred_name, "birth_date": child.birth_date, "sex": patient.sex, "grade": child.grade,
        "room": child.room, "tag": child.tag, "standing": child.standing, "standing_label": STANDING_WORDS[child.standing], "mark": mark,
        "consent": child.agreed, "consent_label": AGREED_WORDS[child.agreed], "scopes": list(child.scopes),
        "allergies": allergies.get(patient.pk), "family_wrote": _wrote(wrote.get(patient.pk)), "case": case,
    }  # fmt: skip


def _wrote(said: FamilyWrote | None) -> dict[str, Any] | None:
    return {"on": said.on, "words": said.words} if said else None


def _forms(event: ScreeningEvent, patients: Collection[int]) -> defaultdict[int, list[UUID]]:
    """Ids of the forms that were printed for this day, by whose they are now: their codes call her up."""
    stays, found = stays_of(patients), defaultdict(list)
    rows = FamilyForm.objects.filter(run__event=event, patient__in=stays).order_by("pk")
    for patient, form in rows.values_list("patient", "public_id"):
        found[stays[patient]].append(form)
    return found


def _allergies(patients: Collection[int]) -> dict[int, dict[str, Any]]:
    """What was said of allergies in the last case that asked, by patient. One query."""
    said = Case.objects.filter(patient__in=patients).exclude(status__in=GONE).order_by("day_seen", "pk")
    found = {}
    for case in said.only("patient_id", "day_seen", "kind", "answers"):
        asked = questionnaires.question(case.kind, "allergies")
        if asked is not None and case.answers.get("allergies"):
            found[case.patient_id] = {
                "on": case.day_seen, "keys": list(questionnaires.chosen(case.answers, "allergies")),
                "text": case.answers.get("allergies_text", ""), "words": questionnaires.in_words(asked, case.answers),
            }  # fmt: skip
    return found


def _question(asked: questionnaires.Question) -> dict[str, Any]:
    return {
        "key": asked.key, "legend": asked.legend, "kind": asked.kind, "choices": _pairs(asked.choices.items()),
        "nothing": asked.nothing, "other": asked.other, "text_key": asked.text_key if asked.other else "", "required": asked.required,
        "section": asked.section,
    }  # fmt: skip


def _pairs(choices: Iterable[Any]) -> list[list[str]]:
    return [[str(key), str(label)] for key, label in choices]


# What does not depend on the day: asked, shown and marked in the same words as on the pages of Capture.
VOCABULARY: dict[str, Any] = {
    "questionnaire": {
        "version": questionnaires.VERSION,
        "kinds": [
            {"key": key, "label": Kind(key).label, "questions": [_question(one) for one in questionnaires.questions_for(key)]}
            for key in KINDS
        ],
    },
    "views": [
        {
            "key": view.key, "label": view.label, "family": view.family.value, "standard": view.standard,
            "usually_mirrored": view.usually_mirrored, "needs_tooth": view.needs_tooth,
        }
        for view in VIEWS.values()
    ],
    "conditions": [
        {"key": one.value, "label": one.label, "surfaces": one not in PRESENCE, "icdas": one in CARIES} for one in Condition
    ],
    "icdas": _pairs(Icdas.choices), "urgencies": _pairs(Urgency.choices), "places": _pairs(PatientPlace.choices),
    "states": _pairs(State.choices),
    "teeth": [
        {
            "key": key, **{system: teeth.label(key, system) for system in teeth.NUMBERINGS}, "surfaces": teeth.surfaces_of(key),
            "name": teeth.name(key),
        }
        for key in teeth.universal_by_key()
    ],
}  # fmt: skip
