"""What must be true: the documentation checklist, as pure functions over a `CaseRecord`. Consent: `cases.consent_policies`.

The eight lines have the same words and order in all three workplaces (CH-1). A line is met, missing, pending, the
dentist's part ("later"), or does not apply for a reason; a missing line names the step it blocks and where it is mended.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cases import questionnaires, teeth
from cases.mismatches import Chart, Label, Mismatch, mismatches, standing
from cases.models.case import Kind, Origin
from cases.models.order import ordered_in_words
from cases.models.review import Outcome, Sufficiency, Told
from cases.order_kinds import what_stands_against_visit
from cases.promises import promise_in
from cases.record import CaseRecord
from cases.record_facts import ImageFact, ReviewFact, has_order
from cases.states import READABLE_SIGNED
from cases.view_labels import STANDARD_PHOTOGRAPHS, Family
from teledent.kit import clock
from teledent.kit.decisions import ALLOWED, Decision, refuse
from teledent.kit.text import is_filler, names_nothing


class Step(StrEnum):
    SUBMIT = "submit"
    SIGN = "sign"
    CLAIM = "claim"


class State(StrEnum):
    MET = "met"
    MISSING = "missing"
    PENDING = "pending"  # amber: known to be open, with a next step and a date (CH-2)
    LATER = "later"  # the dentist's part, not reached yet
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the checklist. `note` says what is there or what is missing; `mend` names the place that mends it."""

    key: str
    label: str
    state: State
    note: str
    mend: str = ""
    blocks: Step | None = None

    def blocks_step(self, step: Step) -> bool:
        """A line that blocks an earlier step blocks the later ones too."""
        order = list(Step)
        return self.blocks is not None and order.index(self.blocks) <= order.index(step)


@dataclass(frozen=True, slots=True)
class PayerNeeds:
    """What a payer asks of the documentation; it can only raise lines that block the claim (CH-1)."""

    outcome_told: bool = False


NO_NEEDS = PayerNeeds()
GATHERED, COLLECTED, CONCLUDED, HISTORY = "gathered", "collected", "concluded", "history"
FINDINGS, IMAGES, PLAN, OUTCOME = "findings", "images", "plan", "outcome"
LABELS = {
    GATHERED: "What was gathered",
    COLLECTED: "When and how it was collected and sent",
    CONCLUDED: "Evaluation, conclusions and advice",
    HISTORY: "Complaint and history",
    FINDINGS: "Findings that support D9996",
    IMAGES: "Tests and images",
    PLAN: "Plan with rationale",
    OUTCOME: "Outcome and follow-up",
}


def checklist(record: CaseRecord, needs: PayerNeeds = NO_NEEDS) -> tuple[Line, ...]:
    """The eight lines, in order. `needs` is read by the claim step alone."""
    judged = (judge(record) for judge in _JUDGES)
    return tuple(_raise_for_payer(line, record, needs) for line in judged)


def blocking(lines: tuple[Line, ...], step: Step) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.blocks_step(step))


# --- the hygienist's lines ----------------------------------------------------------------------------------------


def _line(key: str, state: State, note: str, *, mend: str = "", blocks: Step | None = None) -> Line:
    return Line(key, LABELS[key], state, note, mend, blocks)


def _gathered(record: CaseRecord) -> Line:
    images = record.counted_images
    clinical = [image for image in images if image.is_clinical]
    held = [image for image in images if image.held]
    unusable = [image for image in images if image.is_unusable]
    unnamed = [image for image in images if not image.view]
    way = [image for image in images if image.is_on_its_way]
    if held:  # who sends by a link cannot decide on it: the site does, before the signature
        step = Step.SIGN if record.origin == Origin.LINK else Step.SUBMIT
        return _line(GATHERED, State.MISSING, f"{_named(held)} held: whose is it?", mend="pictures", blocks=step)
    if unusable:
        return _line(
            GATHERED,
            State.MISSING,
            f"{_named(unusable)}: take again or strike off",
            mend="pictures",
            blocks=Step.SUBMIT,
        )
    if unnamed:
        return _line(
            GATHERED,
            State.MISSING,
            f"{_count(len(unnamed), 'picture')} without a view",
            mend="pictures",
            blocks=Step.SUBMIT,
        )
    if not clinical:
        return _line(GATHERED, State.MISSING, "No picture yet", mend="pictures", blocks=Step.SUBMIT)
    if way:
        note = f"{len(images) - len(way)} of {len(images)} received"
        return _line(GATHERED, State.PENDING, note, mend="pictures", blocks=Step.SIGN)
    return _line(GATHERED, State.MET, _what_is_in(record))


def _collected(record: CaseRecord) -> Line:
    images = [image for image in record.counted_images if not image.is_unusable]
    if any(image.captured_at is None for image in images):
        return _line(COLLECTED, State.MISSING, "Say when each picture was taken", mend="pictures", blocks=Step.SUBMIT)
    if any(names_nothing(image.device) for image in images if image.is_clinical):
        return _line(
            COLLECTED, State.MISSING, "Say which device took each picture", mend="pictures", blocks=Step.SUBMIT
        )
    if not record.answers.get("why"):
        return _line(COLLECTED, State.MISSING, "Say why store-and-forward was used", mend="why", blocks=Step.SUBMIT)
    text = str(record.answers.get("why_text", ""))
    if text and is_filler(text):
        return _line(
            COLLECTED, State.MISSING, "The reason for store-and-forward says nothing", mend="why", blocks=Step.SUBMIT
        )
    if not images:
        return _line(COLLECTED, State.MISSING, "Nothing was collected yet", mend="pictures", blocks=Step.SUBMIT)
    if any(image.received_at is None for image in images):
        return _line(COLLECTED, State.PENDING, "Some pictures are on their way", mend="pictures", blocks=Step.SIGN)
    return _line(
        COLLECTED, State.MET, f"Seen {record.day_seen:%-d %b %Y}; {questionnaires.WHY[record.answers['why']].lower()}"
    )


def _history(record: CaseRecord) -> Line:
    asked = questionnaires.needed_of(record.kind, record.origin)
    missing = [q for q in asked if not _answered(record, q)]
    if missing:
        note = f"Not asked: {', '.join(q.legend.rstrip('?').lower() for q in missing[:3])}{' and more' if len(missing) > 3 else ''}"
        return _line(HISTORY, State.MISSING, note, mend=missing[0].key, blocks=Step.SUBMIT)
    if not record.urgency:
        return _line(HISTORY, State.MISSING, "Choose how urgent it is", mend="urgency", blocks=Step.SUBMIT)
    if questionnaires.red_flags(record.answers) and is_filler(str(record.answers.get("reached", ""))):
        return _line(
            HISTORY, State.MISSING, "A red flag is up: say whom you reached", mend="reached", blocks=Step.SUBMIT
        )
    return _line(HISTORY, State.MET, "; ".join(questionnaires.in_words(q, record.answers) for q in asked[:1]))


def _answered(record: CaseRecord, asked: questionnaires.Question) -> bool:
    """Chosen or written in words that say something; 'Other' needs its words."""
    if asked.kind in ("many", "one"):
        keys = questionnaires.chosen(record.answers, asked.key)
        told = not is_filler(str(record.answers.get(asked.text_key, "")))
        return bool(keys) and ("other" not in keys or told)
    value = str(record.answers.get(asked.key, ""))
    return bool(value) if asked.kind == "date" else not is_filler(value)


def _findings(record: CaseRecord) -> Line:
    review = record.review
    marked = record.findings or (review.findings if review else ())
    nothing = record.answers.get("marks") == "nothing"
    is_visit = record.kind == Kind.TREATMENT_VISIT  # its finding is what was done under the order
    if is_visit and (against := what_stands_against_visit(record)):
        return _line(FINDINGS, State.MISSING, against, mend="orders", blocks=Step.SUBMIT)
    sent = record.origin != Origin.SITE  # nobody of the practice looked into the mouth: marks are the dentist's part
    if sent and not marked and review is None:
        return _line(FINDINGS, State.LATER, "The dentist's part")
    if not marked and not nothing and not is_visit and not sent:
        return _line(
            FINDINGS,
            State.MISSING,
            "Mark the teeth, or say that there was nothing to mark",
            mend="findings",
            blocks=Step.SUBMIT,
        )
    if record.findings and nothing:
        note = "Teeth are marked, and it says that there was nothing to mark: which of both?"
        return _line(FINDINGS, State.MISSING, note, mend="findings", blocks=Step.SUBMIT)
    if record.status in READABLE_SIGNED and review is not None and review.no_live_contact is not True:
        return _line(
            FINDINGS, State.MISSING, "The reading was not attested as made without live contact", blocks=Step.CLAIM
        )
    if is_visit:
        done = "; ".join(ordered_in_words(one.kind, one.tooth) for one in record.orders)
        return _line(FINDINGS, State.MET, f"Done under its order: {done}")
    if not marked:
        return _line(FINDINGS, State.MET, "Nothing to mark in what could be seen")
    named = list(dict.fromkeys(teeth.name(finding.tooth) for finding in marked))  # numbers are each reader's own
    return _line(FINDINGS, State.MET, f"Marked: {', '.join(named[:4])}{' and more' if len(named) > 4 else ''}")


def _images(record: CaseRecord) -> Line:
    films = [image for image in record.counted_images if image.family is Family.RADIOGRAPH]
    without = [image for image in films if not has_order(image)]
    if without:
        note = f"{_named(without)}: who ordered it, why, and who took it?"
        return _line(IMAGES, State.MISSING, note, mend="radiographs", blocks=Step.CLAIM)
    review = record.review
    if (
        review
        and review.sufficiency not in ("", Sufficiency.NOT_ASSESSABLE)
        and not any(view.usable for view in review.views)
    ):
        return _line(
            IMAGES, State.MISSING, "Say of at least one view that it is usable", mend="views", blocks=Step.SIGN
        )
    if films:
        return _line(
            IMAGES, State.MET, f"{_count(len(films), 'radiograph')} with {'its' if len(films) == 1 else 'their'} order"
        )
    if not any(image.is_clinical for image in record.counted_images):
        return _line(IMAGES, State.MISSING, "No picture yet", mend="pictures", blocks=Step.SUBMIT)
    return _line(IMAGES, State.MET, "Photographs; no radiograph was taken")


# --- the dentist's lines ------------------------------------------------------------------------------------------


def _concluded(record: CaseRecord) -> Line:
    review = record.review
    if review is None:
        return _line(CONCLUDED, State.LATER, "The dentist's part", blocks=Step.SIGN)
    for name, words in (
        *([("answer", "the answer to the question")] if record.kind == Kind.SECOND_OPINION else []),
        ("evaluation", "what was looked at"),
        ("conclusions", "the conclusions"),
        ("advice", "the advice"),
        ("limits", "what could not be judged"),
    ):
        if is_filler(getattr(review, name)):
            return _line(CONCLUDED, State.MISSING, f"Write {words}", mend=name, blocks=Step.SIGN)
    promised = promise_in(words_of(review))
    if promised:
        note = f"“{promised}” cannot be concluded from pictures: say what was seen and what could not be judged"
        return _line(CONCLUDED, State.MISSING, note, mend="conclusions", blocks=Step.SIGN)
    if not review.sufficiency:
        return _line(
            CONCLUDED, State.MISSING, "Say what these records are enough for", mend="sufficiency", blocks=Step.SIGN
        )
    if not review.why:
        return _line(
            CONCLUDED, State.MISSING, "Say why store-and-forward was used", mend="review-why", blocks=Step.SIGN
        )
    if not review.urgency:
        return _line(
            CONCLUDED, State.MISSING, "Choose how urgent it is in your view", mend="review-urgency", blocks=Step.SIGN
        )
    return _line(CONCLUDED, State.MET, _first_words(review.conclusions))


def _plan(record: CaseRecord) -> Line:
    review = record.review
    if review is None:
        return _line(PLAN, State.LATER, "The dentist's part", blocks=Step.SIGN)
    if review.sufficiency == Sufficiency.NOT_ASSESSABLE:
        return _line(PLAN, State.NOT_APPLICABLE, "Not assessable from these records; a visit in person is advised")
    if not review.diagnoses:
        return _line(PLAN, State.MISSING, "Choose a diagnosis", mend="diagnoses", blocks=Step.SIGN)
    if not review.plan:
        return _line(PLAN, State.MISSING, "Write at least one line of the plan", mend="plan", blocks=Step.SIGN)
    for line in review.plan:
        if is_filler(line.what) or is_filler(line.rationale):
            return _line(PLAN, State.MISSING, f"Say why: {line.what}", mend="plan", blocks=Step.SIGN)
        if not line.diagnosis:
            return _line(PLAN, State.MISSING, f"For which diagnosis: {line.what}", mend="plan", blocks=Step.SIGN)
    contradiction = next((one for one in mismatches_of(record, teeth.name) if one.certain), None)
    if contradiction and record.signed_at is None:  # what is signed already cannot be mended here
        return _line(PLAN, State.MISSING, contradiction.sentence, mend="diagnoses", blocks=Step.SIGN)
    codes = ", ".join(dict.fromkeys(diagnosis.code for diagnosis in review.diagnoses))
    return _line(PLAN, State.MET, f"{_count(len(review.plan), 'line')}; {codes}")


def mismatches_of(record: CaseRecord, label: Label) -> tuple[Mismatch, ...]:
    """Where the marks that stand, the diagnoses and the plan contradict each other."""
    review = record.review
    if review is None:
        return ()
    marks = standing(record.findings, review.findings)
    return mismatches(Chart(marks, review.diagnoses, review.plan), label)


def _outcome(record: CaseRecord) -> Line:
    review = record.review
    if review is None:
        return _line(OUTCOME, State.LATER, "The dentist's part", blocks=Step.SIGN)
    if not review.outcome or is_filler(review.follow_up):
        return _line(
            OUTCOME, State.MISSING, "Choose the outcome and write the follow-up", mend="outcome", blocks=Step.SIGN
        )
    dated = review.outcome in (Outcome.IN_PERSON, Outcome.REFER) or review.sufficiency == Sufficiency.NOT_ASSESSABLE
    if dated and review.outcome_by is None:
        return _line(OUTCOME, State.MISSING, "Say by when", mend="outcome", blocks=Step.SIGN)
    if record.told_later:
        return _line(OUTCOME, State.MET, "The family was told")
    if review.told == Told.TOLD:
        if is_filler(review.told_to) or is_filler(review.told_how) or review.told_at is None:
            return _line(OUTCOME, State.MISSING, "Say whom, how and when", mend="told", blocks=Step.SIGN)
        return _line(OUTCOME, State.MET, f"Told to {review.told_to}")
    if review.told == Told.PENDING and not is_filler(review.next_step) and review.next_step_on:
        return _line(
            OUTCOME, State.PENDING, f"Not told yet; {review.next_step} on {review.next_step_on:%-d %b %Y}", mend="told"
        )
    return _line(
        OUTCOME,
        State.MISSING,
        "Say what the family was told, or the next step and its date",
        mend="told",
        blocks=Step.SIGN,
    )


_JUDGES: tuple[Callable[[CaseRecord], Line], ...] = (
    _gathered, _collected, _concluded, _history, _findings, _images, _plan, _outcome,
)  # fmt: skip


def _raise_for_payer(line: Line, record: CaseRecord, needs: PayerNeeds) -> Line:
    if line.key == OUTCOME and line.state is State.PENDING and needs.outcome_told:
        return _line(OUTCOME, State.PENDING, line.note, mend=line.mend, blocks=Step.CLAIM)
    return line


def dates_stand(record: CaseRecord, at: datetime, *, zone: str) -> Decision:
    """Whether the days that the review names can be: nothing told in the future, nothing asked for in the past."""
    review, today = record.review, clock.local_date(at, zone)
    if review is None:
        return ALLOWED
    if review.told_at is not None and review.told == Told.TOLD and review.told_at > at:
        return refuse("The review says that the family was told at a time that lies ahead. Correct it.")
    if review.outcome_by is not None and review.outcome_by < today:
        return refuse("The day by which the patient is to be seen has passed. Correct it.")
    if review.next_step_on is not None and review.told == Told.PENDING and review.next_step_on < today:
        return refuse("The day of the next step has passed. Correct it.")
    return ALLOWED


# --- words --------------------------------------------------------------------------------------------------------


def words_of(review: ReviewFact) -> tuple[str, ...]:
    """Everything in the review that the dentist wrote in words."""
    return (
        review.answer, review.evaluation, review.conclusions, review.advice, review.limits, review.follow_up, review.told_how,
        review.next_step,
        review.why_text, *(text for line in review.plan for text in (line.what, line.rationale)),
        *(finding.note for finding in review.findings), *(view.reason for view in review.views),
        *(mark.text for mark in review.annotations),
    )  # fmt: skip


def _named(images: Sequence[ImageFact]) -> str:
    return ", ".join(dict.fromkeys(image.label for image in images))


def _what_is_in(record: CaseRecord) -> str:
    images = record.counted_images
    photographs = [image for image in images if image.family is Family.PHOTOGRAPH and image.is_clinical]
    films = [image for image in images if image.family is Family.RADIOGRAPH]
    standard = len({image.view for image in photographs} & set(STANDARD_PHOTOGRAPHS))
    parts = [_count(len(photographs), "photograph")] if photographs else []
    parts += [_count(len(films), "radiograph")] if films else []
    if record.kind == Kind.SCREENING and standard < len(STANDARD_PHOTOGRAPHS):
        parts.append(f"{standard} of {len(STANDARD_PHOTOGRAPHS)} standard views")
    return ", ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _first_words(text: str, limit: int = 70) -> str:
    line = text.strip().splitlines()[0]
    return line if len(line) <= limit else line[: limit - 1].rsplit(" ", 1)[0] + "…"
