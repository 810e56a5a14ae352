"""A roster that a person agreed to is taken on: patients made and filled in, enrolled, on the list; all of it or nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import uuid5

from django.db import transaction

from cases.actions.attending import place_children
from cases.actions.files import judge_again
from cases.actions.rosters import MEANWHILE, Preview, look_at
from cases.events.comparing import FIELDS, Taking, Verdict
from cases.insurance_told import tell_of_insurance
from cases.merging import lock_patients
from cases.models import Case, Enrolment, Guardian, Patient, Roster, RosterState, ScreeningEvent, Sex
from cases.moving import lock
from cases.states import UNSIGNED
from teledent.accounts import trail
from teledent.accounts.acting import actor_for

Takings = Sequence[tuple[int, Taking]]


@transaction.atomic
def take_on(roster_id: int, *, at: datetime) -> None:
    """Every row that was agreed to, or none and the reason. A list that was taken on before is left alone."""
    taking = Roster.objects.select_for_update(of=("self",)).filter(pk=roster_id, state=RosterState.TAKING)
    roster = taking.select_related("event__site", "event__practice", "taken_by").first()
    if roster is None or roster.taken_by is None:
        return
    actor = actor_for(roster.taken_by, practice_id=roster.event.practice_id)
    event = ScreeningEvent.objects.select_for_update(of=("self",), no_key=True).get(pk=roster.event_id)
    _lock_children(look_at(roster, at=at))
    preview = look_at(roster, at=at)  # as it stands under the locks
    if actor is None or event.cancelled_at is not None or preview.digest != roster.digest:
        back = {"state": RosterState.READABLE, "taken_at": None, "taken_by": None, "reason": MEANWHILE}
        Roster.objects.filter(pk=roster.pk).update(**back)
        return
    patients = _write(roster, preview.takings)
    _judge_pictures_again(preview, at=at)
    place_children(roster.event, patients.values(), actor=actor, at=at)
    tell_of_insurance(actor, {patients[number]: one.insurance for number, one in preview.takings if one.insurance}, at)
    counts = {"added": preview.count(Verdict.NEW), "changed": preview.count(Verdict.CHANGED)}
    Roster.objects.filter(pk=roster.pk).update(state=RosterState.TAKEN, **counts)
    trail.record(
        "import", noun="roster", public_id=roster.public_id, person=actor.person, practice=actor.practice, at=at
    )


def _lock_children(preview: Preview) -> None:
    ids = [one.child for _, one in preview.takings if one.child]
    lock_patients(*Patient.objects.filter(public_id__in=ids).values_list("pk", flat=True))


def _judge_pictures_again(preview: Preview, *, at: datetime) -> None:
    """A pupil id or a name that was filled in may disagree with what a picture says of itself (ID-2)."""
    filled = [one.child for _, one in preview.takings if one.child and one.details]
    cases = Case.objects.filter(patient__public_id__in=filled, status__in=UNSIGNED).order_by("pk")
    for case_id in cases.values_list("pk", flat=True):
        case = lock(case_id)
        if case.status in UNSIGNED:
            judge_again(case, at=at)


def _write(roster: Roster, takings: Takings) -> dict[int, int]:
    """Patients made and filled in, enrolled, with their guardians; by row number the patient's key."""
    ids = [one.child for _, one in takings if one.child]
    known = {patient.public_id: patient for patient in Patient.objects.filter(public_id__in=ids)}
    made = {number: _newcomer(roster, number, one) for number, one in takings if one.child is None}
    Patient.objects.bulk_create(made.values(), batch_size=500)
    filled = [_filled(known[one.child], one) for _, one in takings if one.child and one.details]
    if filled:
        Patient.objects.bulk_update(filled, list(FIELDS.values()), batch_size=200)
    patients = {number: known[one.child] if one.child else made[number] for number, one in takings}
    _enrol(roster.event, patients, takings)
    _add_guardians(patients, takings)
    return {number: patient.pk for number, patient in patients.items()}


def _newcomer(roster: Roster, number: int, taking: Taking) -> Patient:
    """The same row of the same list is the same patient, whoever asks again."""
    patient = Patient(
        public_id=uuid5(roster.public_id, str(number)), practice=roster.event.practice, given_name=taking.given,
        family_name=taking.family, birth_date=taking.born, sex=Sex.UNKNOWN,
    )  # fmt: skip
    patient.set_keys()
    return _filled(patient, taking)


def _filled(patient: Patient, taking: Taking) -> Patient:
    for column, value in taking.details.items():
        setattr(patient, FIELDS[column], value)
    patient.clean_fields(exclude=["practice", "merged_into"])
    return patient


def _enrol(event: ScreeningEvent, patients: Mapping[int, Patient], takings: Takings) -> None:
    """Grade and room as the school says; what it leaves empty stays as it is."""
    here = {
        row.patient_id: row
        for row in Enrolment.objects.filter(
            site=event.site_id, school_year=event.school_year, patient__in=[p.pk for p in patients.values()]
        )
    }
    new: list[Enrolment] = []
    changed: list[Enrolment] = []
    for number, one in takings:
        patient = patients[number]
        row = here.get(patient.pk) or Enrolment(patient=patient, site=event.site, school_year=event.school_year)
        row.grade, row.room = one.grade or row.grade, one.room or row.room
        (changed if row.pk else new).append(row)
    Enrolment.objects.bulk_create(new, batch_size=500)
    Enrolment.objects.bulk_update(changed, ["grade", "room"], batch_size=500)


def _add_guardians(patients: Mapping[int, Patient], takings: Takings) -> None:
    """Whether one of them may consent for the child is for the family to say, not for the school's list (CO-1)."""
    named = [(patients[number], one.guardian) for number, one in takings if one.guardian]
    rows = [Guardian(patient=patient, has_authority=False, **said) for patient, said in named]
    Guardian.objects.bulk_create(rows, batch_size=500)
