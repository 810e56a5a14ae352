"""The children of a school and school year with their plans: as many queries for two hundred as for one."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from billing.authorisation_states import AuthorisationStatus
from billing.authorised_days import last_days
from billing.models import Authorisation, Coverage, Priority, RequestKind, SaidPlan, SeenElsewhere, Verification
from billing.school_days.standing import Child, Evaluated, Plan, Told, plan_on
from billing.snapshot import asked_as_it_is, verified_of
from cases.actions.registering import school_year_of
from cases.models import Enrolment, Signature
from cases.models.patient import stays_of
from cases.models.second import hidden_cases
from cases.rooms import room_key
from cases.states import Status
from teledent.accounts.models import Person, Site
from teledent.kit import clock

ASKED = sorted({AuthorisationStatus.SENT, AuthorisationStatus.APPROVED})  # a payer has it, or said yes


def children_of(site: Site, day: date, *, reader: Person) -> list[Child]:
    """Everybody enrolled at `site` in the school year of `day`, by room and name; eleven queries however many they are, and
    one for each merge in the longest chain of rows merged into one of them.

    What the reader has to judge for herself first (RE-2) does not show as an evaluation.
    """
    enrolled = Enrolment.objects.filter(site=site, school_year=school_year_of(day), patient__merged_into__isnull=True)
    rows = sorted(enrolled.select_related("patient").order_by("pk"), key=_place)
    ids = [row.patient_id for row in rows]
    plans, evaluated = _plans(ids, day), _evaluated(ids, reader)
    words = SaidPlan.objects.open().filter(patient__in=ids).order_by("said_at", "pk")
    said = {row.patient_id: (row.public_id, str(row)) for row in words}  # of several the newest
    return [
        Child(
            public_id=row.patient.public_id, name=row.patient.name, birth_date=row.patient.birth_date, grade=row.grade, room=row.room,
            plan=plan_on(plans[row.patient_id], day), evaluated=evaluated.get(row.patient_id),
            said=said.get(row.patient_id),
        )
        for row in rows
    ]  # fmt: skip


def _place(row: Enrolment) -> tuple[Any, ...]:
    """Room 4 before room 12, then by name."""
    return (*room_key(row.room), row.patient.family_key, row.patient.given_key)


def _plans(patients: Collection[int], day: date) -> dict[int, list[Plan]]:
    found: dict[int, list[Plan]] = defaultdict(list)
    primary = Coverage.objects.filter(patient__in=patients, priority=Priority.PRIMARY)
    rows = list(primary.select_related("payer").prefetch_related("verifications"))
    asked = _asked(rows, day)
    for one in rows:
        found[one.patient_id].append(replace(plan_of(one), **asked.get(one.pk, {})))
    return found


def _asked(coverages: Collection[Coverage], day: date) -> dict[int, dict[str, Any]]:
    """Of each plan the days of what its payer approved for the member id of now, and whether an answer is awaited; three
    queries however many."""
    requests = Authorisation.objects.filter(
        coverage__in=coverages, kind=RequestKind.AUTHORISATION
    ).of_coverage_as_it_is()
    rows = list(requests.filter(status__in=ASKED).select_related("payer").prefetch_related("lines"))
    lasts, found = last_days(rows, day=day), dict[int, dict[str, Any]]()
    for row in rows:
        known = found.setdefault(row.coverage_id, {"approved": (), "asked": False})
        if row.status == AuthorisationStatus.APPROVED and row.valid_from is not None:
            known["approved"] = (*known["approved"], (row.valid_from, lasts[row.pk]))
        else:
            known["asked"] = True
    return found


def plan_of(coverage: Coverage) -> Plan:
    """The plan as this list shows it; `coverage` comes with its payer."""
    asked = [row for row in coverage.verifications.all() if asked_as_it_is(coverage, row)]
    return Plan(
        coverage.public_id, coverage.payer.name, coverage.member_id, coverage.valid_from, coverage.valid_until,
        coverage.payer.verify_every_days, told=tuple(_told(row) for row in asked if row.error_at is None),
        mistaken=tuple(_told(row) for row in asked if row.error_at is not None),
    )  # fmt: skip


def _told(row: Verification) -> Told:
    return Told(verified_of(row), row.reference, row.note)


def _evaluated(patients: Collection[int], reader: Person) -> dict[int, Evaluated]:
    """The newest of each, ours or another practice's."""
    newest: dict[int, Evaluated] = {}
    for patient, one in (*_signed(patients, reader), *_elsewhere(patients)):
        if patient not in newest or newest[patient].on < one.on:
            newest[patient] = one
    return newest


def _signed(patients: Collection[int], reader: Person) -> Iterator[tuple[int, Evaluated]]:
    signed = Signature.objects.filter(case__patient__in=patients).exclude(case__status=Status.RETRACTED)
    shown = signed.exclude(hidden_cases(reader))
    code = "content__review__evaluation_code"
    for patient, zone, at, evaluation in shown.values_list("case__patient", "case__site__time_zone", "at", code):
        if evaluation:
            yield patient, Evaluated(clock.local_date(at, zone), evaluation)


def _elsewhere(patients: Collection[int]) -> Iterator[tuple[int, Evaluated]]:
    """Heard of under her own name, or under that of a row merged into hers, however often."""
    stays = stays_of(patients)
    for row in SeenElsewhere.objects.standing().filter(patient__in=stays):
        yield stays[row.patient_id], Evaluated(row.service_date, row.code, row.entity)
