"""What a sender is asked by kind of case, which pictures are wanted, and how urgent her answers make it. Pure.

Keys are those of `cases.questionnaires`: what comes in is read in the same words as any case.
"""

from collections.abc import Mapping, Sequence

from cases import questionnaires
from cases.models.case import Kind, Urgency
from cases.models.consent import Scope
from cases.questionnaires import Answers, Question

NEEDED_SCOPES = (Scope.PHOTOGRAPHS, Scope.TELEDENTISTRY)  # without them nothing can be sent; billing may be refused
ELSEWHERE_FOR_LINK = (
    "dental_history",
    "reached",
    "marks",
    "why",
    "why_text",
    "requester",
    "red_flags",
)  # not on the page of questions
VIEWS: Mapping[str, tuple[str, ...]] = {
    Kind.POST_TREATMENT: ("lesion", "frontal", "right", "left"),
    Kind.EMERGENCY: ("lesion", "face", "frontal"),
    Kind.SECOND_OPINION: ("frontal", "upper", "lower", "right", "left", "lesion", "plan"),
}
FIRST_VIEW = {Kind.POST_TREATMENT: "lesion", Kind.EMERGENCY: "lesion", Kind.SECOND_OPINION: "frontal"}
FILES_MAX = 12  # that a link takes, taken away ones counted
FILE_SIZE_MAX = 30 << 20  # bytes
DEVICE = "Phone or camera of the sender"
REACHED = ("spoke", "nobody", "not_called")


def asked_by_link(kind: str) -> tuple[Question, ...]:
    """The questions of the page, in its order; the red flags have a page of their own before it."""
    return tuple(q for q in questionnaires.questions_for(kind) if q.key not in ELSEWHERE_FOR_LINK)


def unanswered(kind: str, answers: Answers) -> tuple[str, ...]:
    """Keys of the questions that still want an answer."""
    return tuple(q.key for q in asked_by_link(kind) if q.required and not answers.get(q.key))


def urgency_of(kind: str, answers: Answers) -> str:
    """A red flag, or what was called an emergency, is one. Swelling, fever and bleeding are read within a day."""
    if flags_up(answers) or kind == Kind.EMERGENCY:
        return Urgency.EMERGENCY
    said = {*questionnaires.chosen(answers, "symptoms"), *questionnaires.chosen(answers, "complaint")}
    if said & {"swelling", "fever"} or "bleeding" in questionnaires.chosen(answers, "symptoms"):
        return Urgency.URGENT
    if said & {"pain", "numb", "broken"}:
        return Urgency.EARLY
    return Urgency.ROUTINE


def flags_up(answers: Answers) -> tuple[str, ...]:
    """Keys of the red flags that are up."""
    return tuple(key for key in questionnaires.chosen(answers, "red_flags") if key in questionnaires.RED_FLAGS)


def with_flags(answers: Answers, flags: Sequence[str]) -> Mapping[str, object]:
    """The answers with the red flags as they were said last; "none" where none is up."""
    return {**answers, "red_flags": list(flags) or ["none"]}
