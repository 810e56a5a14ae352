"""What came after the signatures: offices to refer to, steps of follow-ups in every state, letters, a school's list, a referral."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from billing.demonstration.gathering import case_id_of
from billing.demonstration.people import SCHOOL, Cast
from billing.demonstration.stories import Story
from cases.actions import following, lettering, referring, schools
from cases.importing.receiving import OWNER
from cases.models import Asset, Case, ReferralPlace
from cases.states import Status
from teledent.jobs import queue
from teledent.jobs.performing import perform
from teledent.kit import clock

PLACES: tuple[dict[str, str], ...] = (
    {"name": "Ferry Landing Children’s Dentistry", "specialty": "Children’s dentist", "street": "3 Ferry Landing", "city": "Larkhaven",
     "state": "WA", "zip_code": "98660-0003", "phone": "360-555-0171", "fax": "360-555-0172", "note": "Takes Medicaid; a month's wait"},
    {"name": "Stonebridge Oral Surgery", "specialty": "Oral surgeon", "street": "61 Quarry Road", "city": "Stonebridge", "state": "OR",
     "zip_code": "97045-0061", "phone": "503-555-0183", "note": "Emergencies the same day"},
)  # fmt: skip
# who, and what happened: step, hours after the signature, more
STEPS: tuple[tuple[str, str, float, dict[str, Any]], ...] = (
    ("zoya", "tried", 3, {"how": "Telephone, no answer"}),
    ("zoya", "tried", 22, {"how": "Telephone, number not in service"}),
    ("zoya", "tried", 46, {"how": "Note to the classroom"}),
    ("leo", "tried", 20, {"how": "Telephone, no answer"}),
    ("deshawn", "booked", 40, {"how": "Telephone", "place": "Ferry Landing Children’s Dentistry", "in_days": 12}),
    ("minh", "booked", 21, {"how": "Telephone, with interpreter", "place": "Ferry Landing Children’s Dentistry", "in_days": 2}),
    ("minh", "attended", 80, {"how": "Fax of the office", "proof": "treatment_record"}),
    ("sam", "declined", 24, {"how": "Telephone", "note": "Goes to the tribal clinic in spring and wants to wait for it"}),
)  # fmt: skip
NURSE, REFERRED = "Nurse Halina Ostrow", "theo"


def follow_families(cast: Cast, stories: tuple[Story, ...], *, at: datetime) -> None:
    """Everything that people do, in one transaction; then what the worker makes of it. Done once."""
    cases = {one.who: Case.objects.filter(public_id=case_id_of(one), status=Status.SIGNED).first() for one in stories}
    signed = {who: case for who, case in cases.items() if case is not None}
    with clock.standing_at(at):
        if not ReferralPlace.objects.filter(practice=cast.practice).exists():
            _act(cast, signed, at=at)
        kinds = [lettering.PRINT, referring.PACK, schools.PRINT]
        while job := queue.claim(owner=OWNER, kinds=kinds, at=at):
            perform(job)


@transaction.atomic
def _act(cast: Cast, signed: dict[str, Case], *, at: datetime) -> None:
    june = cast.of("june")
    places = [ReferralPlace(practice=cast.practice, **said) for said in PLACES]
    for place in places:
        referring.save_place(actor=june, place=place, at=at - timedelta(days=50))
    for who, step, hours, said in STEPS:
        if who in signed:
            _step(cast, signed[who], step, hours, dict(said), at=at)
    if "leo" in signed:
        day = signed["leo"].day_seen
        lettering.print_day(actor=june, site=cast.sites[SCHOOL], day=day, at=at)
        schools.make_school_list(
            actor=june, site=cast.sites[SCHOOL], first_day=day - timedelta(days=7), last_day=day, made_for=NURSE, at=at
        )
    if REFERRED in signed:
        case = signed[REFERRED]
        pictures = [asset.public_id for asset in Asset.objects.filter(case=case, state="examined").order_by("pk")]
        referring.refer(
            actor=june, case=case, place=places[1], urgency="urgent", pictures=pictures, at=at,
            reason="Please see this child today or tomorrow: deep dark areas on two lower back teeth, pain since the weekend.",
        )  # fmt: skip


def _step(cast: Cast, case: Case, step: str, hours: float, said: dict[str, Any], *, at: datetime) -> None:
    signed_at = case.signed_at or at
    when = min(signed_at + timedelta(hours=hours), at - timedelta(minutes=1))
    in_days = said.pop("in_days", None)
    booked_for = signed_at + timedelta(days=in_days) if in_days else None
    guardian = case.patient.guardians.first()
    following.record_follow_up(
        actor=cast.of("june"), case=case, step=step, told_to=guardian.name if guardian else case.patient.name,
        happened_at=when, at=when, booked_for=booked_for, **said,
    )  # fmt: skip
