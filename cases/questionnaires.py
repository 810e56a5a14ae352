"""What is asked of each kind of case. Versioned: answers are kept as JSON with the version they answer.

A question that was asked and answered "none known" has that answer; a question not asked has no entry (CH-1).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from cases.models.case import Kind, Origin

VERSION = "2026-11"
Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `choices` maps stored key to label; `nothing` is the key of the answer that excludes the others."""

    key: str
    legend: str
    kind: Literal["many", "one", "text", "long", "date", "phone"]
    choices: Mapping[str, str] = field(default_factory=dict)
    nothing: str = ""
    other: bool = False  # choosing "other" asks for words, kept under key + "_text"
    required: bool = True
    section: str = "history"

    @property
    def text_key(self) -> str:
        return f"{self.key}_text"


_COMPLAINTS = {
    "pain": "Pain",
    "swelling": "Swelling",
    "cold": "Sensitive to cold",
    "broken": "Broken tooth",
    "bleeding": "Bleeding gums",
}
RED_FLAGS = {
    "airway": "Trouble breathing or swallowing",
    "swelling_eye_neck": "Swelling towards the eye or neck",
    "fever": "Fever with swelling",
    "trauma": "Tooth knocked out or jaw hurt",
    "bleeding": "Bleeding that does not stop",
}
WHY = {
    "no_dentist": "No dentist on site",
    "distance": "Distance to a dentist",
    "access": "No timely appointment",
    "urgency": "Needs an answer soon",
    "family": "The family's choice",
}


def _complaint(*, may_be_none: bool) -> Question:
    choices = {"none_stated": "No complaint stated", **_COMPLAINTS} if may_be_none else _COMPLAINTS
    return Question(
        "complaint", "What brings the patient here?", "many", {**choices, "other": "Other"},
        nothing="none_stated" if may_be_none else "", other=True, section="complaint",
    )  # fmt: skip


_HISTORY = (
    Question("conditions", "Health conditions", "many", {
        "none_known": "None known", "asthma": "Asthma", "heart": "Heart", "diabetes": "Diabetes", "bleeding": "Bleeding",
        "seizures": "Seizures", "other": "Other",
    }, nothing="none_known", other=True),
    Question("allergies", "Allergies", "many", {
        "none_known": "None known", "penicillin": "Penicillin", "latex": "Latex", "resin": "Resin, adhesive", "other": "Other",
    }, nothing="none_known", other=True),
    Question("medicines", "Medicines", "many", {
        "none": "None", "inhaler": "Inhaler", "antibiotic": "Antibiotic now", "blood_thinner": "Blood thinner", "other": "Other",
    }, nothing="none", other=True),
    Question("dental_history", "Dental history", "many", {
        "none_known": "First visit known to us", "fillings": "Fillings before", "extraction": "Tooth taken out before",
        "injury": "Injury before", "regular": "Sees a dentist regularly", "other": "Other",
    }, nothing="none_known", other=True),
    Question("red_flags", "Red flags", "many", {"none": "None of these", **RED_FLAGS}, nothing="none", section="triage"),
)  # fmt: skip
_REACHED = Question(
    "reached", "Whom did you reach on the call-now number, and when?", "text", required=False, section="triage"
)
_OF_KIND: dict[str, tuple[Question, ...]] = {
    Kind.SCREENING: (),
    Kind.EMERGENCY: (
        Question("present_place", "Where is the patient now?", "text", section="kind"),
        Question("callback", "Call-back number", "phone", section="kind"),
        Question("since", "Since when?", "text", section="kind"),
    ),
    Kind.SECOND_OPINION: (
        Question("question", "The question to answer", "long", section="kind"),
        Question("requester", "Who asks", "text", section="kind"),
        Question("existing_plan", "The plan so far", "long", section="kind"),
    ),
    Kind.POST_TREATMENT: (
        Question("procedure", "What was done", "text", section="kind"),
        Question("procedure_date", "On which day", "date", section="kind"),
        Question("operator", "By whom", "text", section="kind"),
        Question("symptoms", "Since then", "many", {
            "none": "No symptoms", "pain": "Pain", "swelling": "Swelling", "bleeding": "Bleeding", "numb": "Numbness", "fever": "Fever",
            "other": "Other",
        }, nothing="none", other=True, section="kind"),
    ),
}  # fmt: skip
_OF_KIND[Kind.TREATMENT_VISIT] = (
    Question("changed", "Anything new since the dentist's order?", "many", {
        "none": "Nothing new", "pain": "Pain", "ill": "Was ill", "medicine": "New medicine", "treated": "Treated elsewhere",
        "other": "Other",
    }, nothing="none", other=True, section="kind"),
)  # fmt: skip
_MAY_BE_NONE = (Kind.SCREENING, Kind.POST_TREATMENT, Kind.TREATMENT_VISIT)
_WHY = Question("why", "Why store-and-forward", "one", WHY, section="why")
_WHY_TEXT = Question("why_text", "In a few words", "text", required=False, section="why")
_NOTHING_TO_MARK = Question(
    "marks", "Marks on teeth", "one", {"marked": "Marked below", "nothing": "Nothing to mark in what I could see"}, required=False,
    section="findings",
)  # fmt: skip


def questions_for(kind: str) -> tuple[Question, ...]:
    """Every question of this version for a kind of case, in the order of the page."""
    complaint = _complaint(may_be_none=kind in _MAY_BE_NONE)
    return (complaint, *_OF_KIND[kind], *_HISTORY, _REACHED, _NOTHING_TO_MARK, _WHY, _WHY_TEXT)


def needed_of(kind: str, origin: str) -> tuple[Question, ...]:
    """What the complaint and history of a case have to answer. A family is not asked what the practice itself treated before."""
    asked = (q for q in questions_for(kind) if q.required and q.section in ("complaint", "kind", "history", "triage"))
    return tuple(q for q in asked if origin != Origin.LINK or q.key != "dental_history")


def question(kind: str, key: str) -> Question | None:
    return next((q for q in questions_for(kind) if q.key == key), None)


def settled(asked: Question, value: Any, words: str = "") -> dict[str, Any]:
    """What is kept of an answer, by key; None where nothing was said. `words` are those of "other".

    "None known" beside a named condition gives way: the condition is the safer reading.
    """
    if asked.kind == "many" and asked.nothing in value and len(value) > 1:
        value = [key for key in value if key != asked.nothing]
    if not asked.other:
        return {asked.key: value or None}
    value = [*value, "other"] if words and "other" not in value else value
    return {asked.key: value or None, asked.text_key: (words or None) if "other" in value else None}


def chosen(answers: Answers, key: str) -> tuple[str, ...]:
    """Keys chosen in a question of choices; empty when it was not asked."""
    value = answers.get(key) or ()
    return (value,) if isinstance(value, str) else tuple(value)


def red_flags(answers: Answers) -> tuple[str, ...]:
    """The red flags that are up (CA-5), as sentences."""
    return tuple(RED_FLAGS[key] for key in chosen(answers, "red_flags") if key in RED_FLAGS)


def in_words(asked: Question, answers: Answers) -> str:
    """The answer as a reader sees it; 'Not asked' when there is none."""
    if asked.kind in ("many", "one"):
        keys = chosen(answers, asked.key)
        words = [asked.choices.get(key, key) for key in keys if key != "other"]
        said = str(answers.get(asked.text_key, "")).strip()
        if "other" in keys and said:
            words.append(said)
        return "; ".join(words) or "Not asked"
    return str(answers.get(asked.key, "")).strip() or "Not asked"
