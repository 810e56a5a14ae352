"""The hygienist's half of a story: patient, consent, plan, open case; then answers, marks and services."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from billing.demonstration.families import PEOPLE, Somebody
from billing.demonstration.mouths import MOUTHS
from billing.demonstration.payers import cover
from billing.demonstration.people import CLINIC, HILL, SCHOOL, Cast
from billing.demonstration.pictures import DEMONSTRATION
from billing.demonstration.stories import Story
from billing.demonstration.timing import Moments
from billing.demonstration.words import NOTES, key_of
from cases.actions import capturing, charting, consenting, opening, registering
from cases.drawing.dentition import Condition as Drawn
from cases.models import Case, Condition, Patient, Scope
from teledent.accounts.acting import Actor
from teledent.kit import clock

NOT_FOR_SCHOOL = frozenset({"felix", "nadia"})  # families that keep the result from the school
HYGIENIST = {SCHOOL: "ines", CLINIC: "ines", HILL: "tobias"}
STREETS = ("Alder Lane", "Mill Race", "Orchard Street", "Third Avenue", "Quarry Road", "Ferry Landing")
CHARTED = {
    Drawn.DECAY: Condition.DECAY, Drawn.FILLING: Condition.FILLING, Drawn.SEALANT: Condition.SEALANT, Drawn.STAIN: Condition.WATCH,
    Drawn.MISSING: Condition.MISSING,
}  # fmt: skip
SAID_NOTHING: dict[str, Any] = {
    "conditions": ["none_known"], "allergies": ["none_known"], "medicines": ["none"], "dental_history": ["none_known"],
    "red_flags": ["none"], "why": "no_dentist",
}  # fmt: skip
WHY = {SCHOOL: "The next dentist who takes new children is a bus ride and four months away",
       HILL: "No dentist in the valley since spring", CLINIC: "The dentist reads from Millbrook on this day"}  # fmt: skip


def hygienist_of(cast: Cast, story: Story) -> Actor:
    return cast.of(HYGIENIST[story.place])


def open_story(cast: Cast, story: Story, moments: Moments, *, number: int) -> Case:
    """Patient, consent, plan and draft. Each is found again when it was made before."""
    hygienist, site = hygienist_of(cast, story), cast.sites[story.place]
    somebody, before = PEOPLE[story.who], moments.opened - timedelta(days=2)
    patient = registering.register_patient(
        actor=hygienist, site=site, public_id=uuid5(DEMONSTRATION, f"patient {story.who}"), at=before,
        details=_details(cast, story, somebody, moments.opened, number), **_at_school(story, somebody, number),
    )  # fmt: skip
    if not patient.consents.exists():
        _consent(hygienist, story, somebody, patient, before)
    if story.plan and not patient.coverages.exists():
        cover(cast, patient, somebody, story.plan, at=before)
    return opening.open_case(
        actor=hygienist, patient=patient, site=site, kind=story.kind, at=moments.opened, public_id=case_id_of(story)
    )


def case_id_of(story: Story) -> UUID:
    return uuid5(DEMONSTRATION, f"case {story.key}")


def _details(cast: Cast, story: Story, somebody: Somebody, opened: datetime, number: int) -> dict[str, Any]:
    site = cast.sites[story.place]
    born = opened.date() - timedelta(days=round(MOUTHS[story.mouth].age * 365.25) + number * 5 % 60)
    return {
        "given_name": somebody.given, "family_name": somebody.family, "preferred_name": somebody.preferred,
        "card_given_name": somebody.card[0], "card_family_name": somebody.card[1], "birth_date": born, "sex": somebody.sex,
        "street": f"{17 + number * 7} {STREETS[number % len(STREETS)]}", "city": site.city, "state": site.state,
        "zip_code": f"{site.zip_code[:5]}-{1000 + number * 17}", "phone": f"360-555-01{number % 90 + 10}", "language": somebody.language,
        "pupil_id": f"{'NL' if somebody.is_adult else site.name[:2].upper()}-{20410 + number * 3}",
    }  # fmt: skip


def _at_school(story: Story, somebody: Somebody, number: int) -> dict[str, Any]:
    if somebody.is_adult:
        return {}
    name, relationship = somebody.guardian
    grade = max(0, round(MOUTHS[story.mouth].age) - 5)
    return {
        "grade": str(grade) if grade else "K", "room": str(100 + grade * 10 + number % 3),
        "guardian": {"name": name, "relationship": relationship, "phone": f"360-555-01{(number * 7) % 90 + 10}"},
    }  # fmt: skip


def _consent(hygienist: Actor, story: Story, somebody: Somebody, patient: Patient, at: datetime) -> None:
    signer, authority = (patient.name, "The patient herself") if somebody.is_adult else somebody.guardian
    scopes = dict.fromkeys(Scope.values, True) | {Scope.TEACHING.value: False}
    if story.quirk == "no billing":
        scopes[Scope.BILLING.value] = False
    if story.who in NOT_FOR_SCHOOL:
        scopes[Scope.SCHOOL.value] = False
    consenting.record_consent(
        actor=hygienist, patient=patient, scopes=scopes, signer_name=signer, signer_authority=authority,
        evidence="self" if somebody.is_adult else "paper", language=somebody.language, valid_from=at.date(),
        valid_until=at.date() + timedelta(days=330), at=at,
    )  # fmt: skip


def gather(cast: Cast, story: Story, case: Case, moments: Moments) -> None:
    """Answers, marks on teeth, and what was done on site."""
    hygienist, at = hygienist_of(cast, story), moments.submitted - timedelta(minutes=3)
    heard = {key: _dated(value, moments) for key, value in story.heard.items()}
    answers = {**SAID_NOTHING, "why_text": WHY[story.place], **heard}
    if story.ending == "draft":
        answers = {
            key: value for key, value in answers.items() if key not in ("medicines", "dental_history", "red_flags")
        }
    marks = MOUTHS[story.mouth].marks
    answers["marks"] = "marked" if marks else "nothing"
    case.refresh_from_db()
    capturing.save_answers(
        actor=hygienist, case=case, answers=answers, revision=case.revision, at=at,
        **({} if story.ending == "draft" else {"urgency": story.urgency}),
    )  # fmt: skip
    for fdi, drawn, surfaces in marks:
        charting.mark_tooth(
            actor=hygienist, case=case, tooth=key_of(fdi, flipped=story.flipped), condition=CHARTED[drawn], surfaces=surfaces,
            note=NOTES.get((story.mouth, fdi), ""), at=at,
        )  # fmt: skip
    if story.service:
        protocol = "Standing protocol 4, Dr. Farah Quillon"
        capturing.record_service(actor=hygienist, case=case, code=story.service, ordered_by=protocol, at=at)


def _dated(value: Any, moments: Moments) -> Any:
    """A day told as so many days before, such as "-8"."""
    if isinstance(value, str) and value[:1] == "-" and value[1:].isdigit():
        day: date = clock.local_date(moments.opened, "America/Los_Angeles") - timedelta(days=int(value[1:]))
        return day.isoformat()
    return value
