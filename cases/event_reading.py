"""The children of an event with all that its lists show: as many queries for two hundred as for one."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cases.events.standing import (
    GONE,
    Agreed,
    Answer,
    CaseThere,
    Standing,
    Tally,
    agreed,
    scopes_in_force,
    standing,
    tally,
)
from cases.models import URGENT, Case, ConsentScope, Device, Enrolment, EventChild, ScreeningEvent
from cases.rooms import room_key
from cases.states import Status
from teledent.kit import clock
from teledent.kit.text import search_key


@dataclass(frozen=True, slots=True)
class Child:
    """One line of the list. `case` is her newest that counts, by public id and number."""

    public_id: UUID
    name: str
    family_key: str
    given_key: str
    birth_date: date
    tag: str
    room: str
    grade: str
    standing: Standing
    agreed: Agreed
    scopes: tuple[str, ...]
    case: UUID | None
    case_label: str
    urgent: bool
    marked_by: str
    marked_at: datetime | None
    mark_note: str

    @property
    def order(self) -> tuple[Any, ...]:
        """By room as people count rooms, then by name."""
        return (*room_key(self.room), self.family_key, self.given_key)


def held_on_devices(event: ScreeningEvent) -> list[tuple[Device, int]]:
    """Devices that last told that they hold cases of this day, and how many: none of these counts as done here yet."""
    rows = event.practice.devices.filter(holds__isnull=False, holds__cases__gt=0)
    told = [(row, _held(row, str(event.public_id))) for row in rows]
    return [(row, cases) for row, cases in told if cases]


def _held(device: Device, event: str) -> int:
    return sum(one["cases"] for one in (device.holds or {}).get("days", ()) if one["event"] == event)


def children_of(event: ScreeningEvent, *, at: datetime) -> list[Child]:
    """By room and name; `at` decides of which day the families' answers are told: today, within the event's days."""
    places = list(
        EventChild.objects.filter(event=event, patient__merged_into__isnull=True).select_related("patient", "marked_by")
    )
    patients = [place.patient_id for place in places]
    day = day_told(event, at)
    answers = newest_answers(patients, day)
    there = _cases(event, patients)
    enrolled = _enrolments(event, patients)
    marks = _marks_of_merged(event)
    found = [
        _child(
            place, place if place.mark else marks.get(place.patient_id, place), day, answers.get(place.patient_id, {}),
            there[place.patient_id], enrolled.get(place.patient_id),
        )
        for place in places
    ]  # fmt: skip
    return sorted(found, key=lambda child: child.order)


def day_told(event: ScreeningEvent, at: datetime) -> date:
    """Today, or the event's nearest day."""
    return min(max(clock.local_date(at, event.site.time_zone), event.starts_on), event.ends_on)


def _marks_of_merged(event: ScreeningEvent) -> dict[int, EventChild]:
    """What was marked of rows that were merged into a child, by her key: it is of her."""
    hidden = EventChild.objects.filter(event=event, patient__merged_into__isnull=False).exclude(mark="")
    return {one.patient.stays.pk: one for one in hidden.select_related("patient__merged_into", "marked_by")}


def _child(
    place: EventChild,
    marked: EventChild,
    day: date,
    answers: dict[str, Answer],
    cases: list[Case],
    home: Enrolment | None,
) -> Child:
    """`cases` are hers at the event, the oldest first; `marked` is the place whose mark counts."""
    patient, counting = place.patient, [case for case in cases if case.status not in GONE]
    newest, said = counting[-1] if counting else None, agreed(answers, day)
    there = [CaseThere(Status(one.status), one.submitted_at is not None) for one in cases]
    return Child(
        public_id=patient.public_id, name=patient.name, family_key=patient.family_key, given_key=patient.given_key,
        birth_date=patient.birth_date, tag=place.tag, room=home.room if home else "", grade=home.grade if home else "",
        standing=standing(marked.mark, there, said), agreed=said, scopes=scopes_in_force(answers, day),
        case=newest.public_id if newest else None, case_label=newest.label if newest else "",
        urgent=any(case.urgency in URGENT for case in counting),
        marked_by=marked.marked_by.name if marked.marked_by else "", marked_at=marked.marked_at, mark_note=marked.mark_note,
    )  # fmt: skip


def newest_answers(patients: Collection[int], day: date) -> dict[int, dict[str, Answer]]:
    """What each family had said last on each scope by `day`: an answer that begins later is of later days. One query."""
    rows = ConsentScope.objects.of_patients(patients).filter(consent__valid_from__lte=day)
    rows = rows.select_related("consent")
    found: dict[int, dict[str, Answer]] = defaultdict(dict)
    for one in rows.oldest_first():
        consent = one.consent
        found[consent.patient_id][one.scope] = Answer(
            one.given, one.withdrawn_at is not None, consent.valid_from, consent.valid_until
        )
    return found


def _cases(event: ScreeningEvent, patients: Collection[int]) -> defaultdict[int, list[Case]]:
    """Her cases at the site on the event's days, the oldest first."""
    seen = Case.objects.filter(
        site=event.site_id, patient__in=patients, day_seen__gte=event.starts_on, day_seen__lte=event.ends_on
    )
    found: defaultdict[int, list[Case]] = defaultdict(list)
    columns = ("public_id", "number", "patient_id", "status", "submitted_at", "urgency")
    for case in seen.only(*columns).order_by("opened_at", "pk"):
        found[case.patient_id].append(case)
    return found


def _enrolments(event: ScreeningEvent, patients: Collection[int]) -> dict[int, Enrolment]:
    rows = Enrolment.objects.filter(site=event.site_id, school_year=event.school_year, patient__in=patients)
    return {row.patient_id: row for row in rows}


def tally_of(children: Iterable[Child]) -> Tally:
    return tally(child.standing for child in children)


def named(children: Iterable[Child], typed: str) -> list[Child]:
    """Children whose names begin as typed; every word has to fit."""
    words = search_key(typed).split()
    names = [
        (child, [*child.given_key.split(), *child.family_key.split(), *search_key(child.name).split()])
        for child in children
    ]
    return [child for child, own in names if all(any(name.startswith(word) for name in own) for word in words)]
