"""The children of a school day who need care at once, by room, and whom of each family somebody has told."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cases.consents_now import agreed_to_school
from cases.events.standing import GONE
from cases.indicator_reading import signed_indicators
from cases.models import (
    URGENT,
    Case,
    Enrolment,
    FollowUp,
    FollowUpStep,
    IndicatorKey,
    IndicatorValue,
    ScreeningEvent,
    Urgency,
)
from cases.rooms import room_key


@dataclass(frozen=True, slots=True)
class UrgentChild:
    """One line of the list for the same day. `told` names whom somebody reached; nobody of those who were only tried."""

    case: UUID
    label: str
    name: str
    room: str
    because: str
    told: tuple[str, ...]
    school: bool  # the family shares the result with the school


def urgent_children(event: ScreeningEvent, *, day: date) -> list[UrgentChild]:
    """Everybody seen there on its days whose case, or whose signed screening, says urgent: on the list or not. Five queries."""
    there = Case.objects.filter(site=event.site_id, day_seen__gte=event.starts_on, day_seen__lte=event.ends_on)
    there = there.exclude(status__in=GONE)
    values = signed_indicators(there)
    cases = [
        case for case in there.select_related("patient").order_by("opened_at", "pk")
        if case.urgency in URGENT or values.get(case.pk, {}).get(IndicatorKey.URGENCY) == IndicatorValue.URGENT
    ]  # fmt: skip
    newest = {case.patient_id: case for case in cases}
    told = _told([case.pk for case in newest.values()])
    rooms = dict(
        Enrolment.objects.filter(
            site=event.site_id, school_year=event.school_year, patient__in=list(newest)
        ).values_list("patient", "room")
    )
    shared = agreed_to_school(newest.values(), day=day)
    found = [
        UrgentChild(
            case.public_id, case.label, case.patient.name, rooms.get(patient, ""), _because(case),
            (*_reached(case), *told[case.pk]), case.pk in shared,
        ) for patient, case in newest.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (*room_key(one.room), one.name))


def _because(case: Case) -> str:
    return Urgency(case.urgency).label if case.urgency in URGENT else "Urgent by what was marked or told"


def _reached(case: Case) -> tuple[str, ...]:
    """Whom she reached on the call-now number (CA-5)."""
    said = str(case.answers.get("reached", ""))
    return (said,) if said else ()


def _told(cases: Collection[int]) -> defaultdict[int, list[str]]:
    rows = FollowUp.objects.filter(case__in=cases, step=FollowUpStep.TOLD).values_list("case", "told_to", "how")
    found: defaultdict[int, list[str]] = defaultdict(list)
    for case, to, how in rows.order_by("happened_at", "pk"):
        found[case].append(f"{to}, {how}")
    return found
