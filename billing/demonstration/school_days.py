"""School days of the demonstration: today at one school, with its list half done; next week at another, without one yet."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from billing.demonstration.people import HILL, SCHOOL, Cast
from cases.actions.attending import add_enrolled, mark_child
from cases.actions.events import plan_event, set_supervision_limit
from cases.event_reading import children_of
from cases.events.standing import Standing
from cases.models import Patient, ScreeningEvent
from teledent.accounts.models import State
from teledent.kit import clock

TODAY, NEXT_WEEK = (
    uuid5(NAMESPACE_URL, f"teledent:demonstration:school-day:{name}") for name in ("today", "next week")
)


def plan_school_days(cast: Cast, *, at: datetime) -> None:
    """Planned a week ago by June; this morning Ines marked the first child without a case absent. Done once."""
    june, planned = cast.of("june"), at - timedelta(days=7)
    if ScreeningEvent.objects.filter(public_id=NEXT_WEEK).exists():
        return
    set_supervision_limit(actor=june, state=State.OR, most=5, at=planned)
    today = _plan(cast, TODAY, SCHOOL, "ines", at, ahead=0, at=planned)
    add_enrolled(actor=june, event=today, at=planned)
    absent = next((one for one in children_of(today, at=at) if one.standing == Standing.EXPECTED), None)
    if absent is not None:
        child = Patient.objects.get(public_id=absent.public_id)
        mark_child(
            actor=cast.of("ines"),
            event=today,
            patient=child,
            mark="absent",
            note="Has a fever",
            at=at - timedelta(minutes=40),
        )
    _plan(cast, NEXT_WEEK, HILL, "tobias", at, ahead=7, at=planned)


def _plan(
    cast: Cast, public_id: UUID, place: str, who: str, now: datetime, *, ahead: int, at: datetime
) -> ScreeningEvent:
    site = cast.sites[place]
    day = clock.local_date(now, site.time_zone) + timedelta(days=ahead)
    details = {
        "starts_on": day,
        "ends_on": day,
        "supervising_dentist": cast.of("farah").person,
        "aim": 30,
        "note": "Ask at the front office",
    }
    return plan_event(
        actor=cast.of("june"), site=site, public_id=public_id, details=details, team=[cast.of(who).person], at=at
    )
