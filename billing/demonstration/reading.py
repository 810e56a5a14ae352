"""The dentist's half of a story, and what followed: submit, read, ask, sign, tell, end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from billing.demonstration.gathering import gather, hygienist_of
from billing.demonstration.people import Cast
from billing.demonstration.pictures import Shot, Studio, take_shot
from billing.demonstration.stories import Story
from billing.demonstration.timing import Moments, by_when
from billing.demonstration.words import READINGS, key_of, with_teeth
from cases.actions import charting, consenting, following, handing, reviewing, signing, submitting
from cases.models import Case, InfoItem, Review, Scope
from teledent.accounts.acting import Actor


class Telling:
    """One story being told: the case, its moments, and who acts. Each verb is a step of `STEPS`."""

    def __init__(
        self, cast: Cast, story: Story, case: Case, moments: Moments, *, password: str, studio: Studio
    ) -> None:
        self.cast, self.story, self.case, self.moments = cast, story, case, moments
        self.password, self.studio = password, studio
        self.hygienist, self.dentist = hygienist_of(cast, story), cast.of(story.dentist)

    def words(self, text: str) -> str:
        return with_teeth(text, flipped=self.story.flipped)

    def tell(self) -> None:
        """Take every step of the story's ending. Inside one transaction: a story is told whole or not at all."""
        for step in STEPS[self.story.ending]:
            step(self)
            self.case.refresh_from_db()


def _gather(t: Telling) -> None:
    gather(t.cast, t.story, t.case, t.moments)


def _submit(t: Telling) -> None:
    submitting.submit_case(actor=t.hygienist, case=t.case, at=t.moments.submitted)


def _start(t: Telling) -> None:
    if t.story.begun_by:
        _begun_by_another(t)
        return
    reviewing.start_review(actor=t.dentist, case=t.case, at=t.moments.started)


def _begun_by_another(t: Telling) -> None:
    """Somebody else began, and handed the case over with her first lines."""
    first, began = t.cast.of(t.story.begun_by), t.moments.started - timedelta(minutes=6)
    review = reviewing.start_review(actor=first, case=t.case, at=began)
    words = t.words(READINGS[t.story.mouth].evaluation)
    reviewing.save_review(actor=first, review=review, version=review.version, at=began, evaluation=words)
    reason = "I am called to a patient in the clinic; the views are looked at, nothing is concluded yet"
    handing.hand_over(actor=first, case=t.case, to=t.dentist.person, reason=reason, at=t.moments.started)


def _begin_to_write(t: Telling) -> None:
    """A draft as it stands in the middle of a reading."""
    reading, review, at = READINGS[t.story.mouth], _review(t), t.moments.started + timedelta(minutes=2)
    reviewing.save_review(
        actor=t.dentist, review=review, version=review.version, at=at, evaluation=t.words(reading.evaluation),
        conclusions=t.words(reading.conclusions.split(". ")[0] + "."), urgency=reading.urgency,
    )  # fmt: skip
    for asset in t.case.assets.counted()[:2]:
        reviewing.read_view(actor=t.dentist, review=review, asset=asset, usable=True, at=at)


def _review(t: Telling) -> Review:
    return Review.objects.filter(case=t.case, writer=t.dentist.person).order_by("-submission__version")[0]


def _write(t: Telling) -> None:
    """The whole reading: text, diagnoses, plan, marks, and a word on each view."""
    reading, review, at = READINGS[t.story.mouth], _review(t), t.moments.started + timedelta(minutes=6)
    columns: dict[str, Any] = {
        "evaluation": t.words(reading.evaluation), "conclusions": t.words(reading.conclusions), "advice": t.words(reading.advice),
        "urgency": reading.urgency, "sufficiency": "limited", "outcome": reading.outcome, "outcome_by": by_when(t.story, t.moments),
        "follow_up": t.words(reading.follow_up), "why": "no_dentist", "told": "pending", "next_step": reading.next_step,
        "next_step_on": (t.moments.signed + timedelta(days=3)).date(),
    }  # fmt: skip
    if t.story.quirk == "not assessable":
        columns |= NOT_ASSESSABLE
    review.version = reviewing.save_review(actor=t.dentist, review=review, version=review.version, at=at, **columns)
    for asset in t.case.assets.counted():
        unusable = t.story.quirk == "not assessable" and asset.view == "lower"
        reviewing.read_view(
            actor=t.dentist,
            review=review,
            asset=asset,
            usable=not unusable,
            reason="Lip over the back teeth" if unusable else "",
            at=at,
        )
    if t.story.quirk != "not assessable":
        _conclude(t, review)


NOT_ASSESSABLE: dict[str, Any] = {
    "sufficiency": "not_assessable", "outcome": "in_person", "next_step": "Letter home with two clinics",
    "conclusions": "Only the front teeth can be seen in these photographs; the back teeth cannot be judged at all.",
    "advice": "Have the teeth looked at in person. A shorter appointment with breaks may suit a child who gags easily.",
    "follow_up": "The front desk sends the family two clinics that see children who gag easily.",
}  # fmt: skip


def _conclude(t: Telling, review: Review) -> None:
    reading, at = READINGS[t.story.mouth], t.moments.started + timedelta(minutes=7)
    tooth_of = {fdi: key_of(fdi, flipped=t.story.flipped) for _, fdi in reading.diagnoses if fdi}
    made = [
        reviewing.add_diagnosis(actor=t.dentist, review=review, code=code, tooth=tooth_of.get(fdi, ""), at=at)
        for code, fdi in reading.diagnoses
    ]
    for priority, (what, why, fdi, diagnosis) in enumerate(reading.plan, start=1):
        reviewing.add_plan_line(
            actor=t.dentist, review=review, what=t.words(what), rationale=t.words(why), priority=priority,
            tooth=key_of(fdi, flipped=t.story.flipped) if fdi else "", diagnosis_id=made[diagnosis].pk, at=at,
        )  # fmt: skip
    for fdi, condition, surfaces in reading.marks:
        tooth = key_of(fdi, flipped=t.story.flipped)
        charting.mark_finding(
            actor=t.dentist, review=review, tooth=tooth, condition=condition, surfaces=surfaces, at=at
        )


def _sign(t: Telling) -> None:
    review = _review(t)
    signing.sign_review(
        actor=t.dentist, review=review, version=review.version, password=t.password, at=t.moments.signed, not_same_building=True,
        evaluation_code="" if t.story.quirk == "not assessable" else t.story.code, no_live_contact=t.story.quirk != "live",
    )  # fmt: skip
    if t.story.told:
        guardian = t.case.patient.guardians.first()
        following.record_follow_up(
            actor=t.cast.of("june"), case=t.case, step="told", told_to=guardian.name if guardian else t.case.patient.name,
            how="Telephone", happened_at=t.moments.later - timedelta(minutes=30), at=t.moments.later,
        )  # fmt: skip
    if t.story.quirk == "addendum":
        text = "She called: cold has been less of a bother since the weekend. No change to the advice."
        signing.add_addendum(actor=t.dentist, case=t.case, text=text, password=t.password, at=t.moments.later)


def _ask(t: Telling) -> None:
    review, at = _review(t), t.moments.started + timedelta(minutes=6)
    blurred = t.story.quirk.removeprefix("blurred ") if t.story.quirk.startswith("blurred") else ""
    asset = t.case.assets.filter(view=blurred).first() if blurred else None
    if asset is not None:
        reviewing.read_view(actor=t.dentist, review=review, asset=asset, usable=False, reason="Blurred", at=at)
        asks = [
            reviewing.Ask("This view once more: the grooves of the back teeth are blurred", asset=asset, view=blurred)
        ]
    else:
        asks = [
            reviewing.Ask("Which antibiotic did she react to, and how? Please ask the mother", field="allergies"),
            reviewing.Ask("Is the gum beside the tooth swollen or only red?"),
        ]
    reviewing.request_info(actor=t.dentist, review=review, asks=asks, at=at)


def _answer(t: Telling) -> None:
    """The site takes the view again, answers, and submits a second version."""
    at = t.moments.started + timedelta(hours=3)
    take_shot(
        t.studio, taken_again(t.story), t.case, t.hygienist, replace(t.moments, received=at - timedelta(minutes=10))
    )
    for item in InfoItem.objects.filter(request__case=t.case):
        reviewing.answer_request(
            actor=t.hygienist, item=item, answer="A second shot of that morning is sharper; it is here now", at=at
        )
    submitting.submit_case(actor=t.hygienist, case=t.case, at=at + timedelta(minutes=2))


def taken_again(story: Story) -> Shot:
    """The sharper shot that answers a question."""
    return Shot(story, "upper", 20)


def _close(t: Telling) -> None:
    if t.story.quirk == "attended":
        following.record_follow_up(
            actor=t.cast.of("june"), case=t.case, step="attended", told_to=t.case.patient.name, how="Fax from the dentist's office",
            proof="office_note", happened_at=t.moments.later + timedelta(days=2), at=t.moments.later + timedelta(days=3),
        )  # fmt: skip
    reason = (
        ""
        if t.story.quirk == "attended"
        else "New school year; the family found a dentist near home and wants to go on there"
    )
    following.close_case(actor=t.cast.of("june"), case=t.case, reason=reason, at=t.moments.later + timedelta(days=4))


def _withdraw(t: Telling) -> None:
    reason = "She has an appointment with her own dentist tomorrow and asked us to leave it"
    submitting.withdraw_case(actor=t.hygienist, case=t.case, reason=reason, at=t.moments.started)


def _stop(t: Telling) -> None:
    reason = "Father telephoned: they would rather have it looked at in person"
    consenting.withdraw_consent(
        actor=t.cast.of("june"), patient=t.case.patient, scope=Scope.TELEDENTISTRY, reason=reason, at=t.moments.started
    )


def retract(cast: Cast, story: Story, case: Case, *, at: datetime) -> None:
    who: Actor = cast.of(story.dentist)
    signing.retract_case(
        actor=who, case=case, reason="wrong_images", at=at,
        explanation="The photographs are of another child who was seen in the same hour; the site found the mix-up on the slate.",
    )  # fmt: skip


_SUBMITTED: list[Callable[[Telling], None]] = [_gather, _submit]
_SIGNED = [*_SUBMITTED, _start, _write, _sign]
STEPS: dict[str, list[Callable[[Telling], None]]] = {
    "opened": [],
    "draft": [_gather],
    "ready": [_gather],
    "submitted": _SUBMITTED,
    "reading": [*_SUBMITTED, _start, _begin_to_write],
    "asked": [*_SUBMITTED, _start, _ask],
    "answered": [*_SUBMITTED, _start, _ask, _answer],
    "signed": _SIGNED,
    "closed": [*_SIGNED, _close],
    "retracted": _SIGNED,  # retracted at the very end, when its claim is out
    "withdrawn": [*_SUBMITTED, _withdraw],
    "stopped": [*_SUBMITTED, _stop],
}
