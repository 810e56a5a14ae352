"""A second read as plain facts: what its signature freezes, what it differs in from the review of record, and in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from cases.models import Outcome, SecondRead, Settlement, Submission, Sufficiency, Urgency
from cases.record import CaseRecord
from cases.wording import Said

Content = Mapping[str, Any]
TEXTS = ("evaluation", "conclusions", "advice", "limits")
CHOICES = ("urgency", "sufficiency", "outcome")
COMPARED: dict[str, tuple[str, Any]] = {
    "urgency": ("urgency", Urgency), "sufficiency": ("what the records are enough for", Sufficiency), "outcome": ("outcome", Outcome),
}  # fmt: skip
HEADINGS = {
    "evaluation": "What was looked at", "conclusions": "Conclusions", "advice": "Advice", "limits": "What could not be judged",
    "urgency": "Urgency", "sufficiency": "These records are", "outcome": "Outcome",
}  # fmt: skip


def opinion(read: SecondRead) -> dict[str, str]:
    return {name: getattr(read, name) for name in (*TEXTS, *CHOICES)}


def content_of(
    read: SecondRead, record: CaseRecord, *, submission: Submission, person_name: str, licence: str
) -> dict[str, Any]:
    """What the second reader signs: the opinion, the question, the version and the hash of every picture she had."""
    return {
        "case": record.label,
        "patient": record.patient.public_id,
        "submission": {"version": submission.version, "digest": submission.digest},
        "images": [{"image": image.public_id, "sha256": image.sha256} for image in record.counted_images],
        "question": read.question,
        "opinion": opinion(read),
        "person": person_name,
        "licence": licence,
    }


def asking(read: SecondRead) -> dict[str, str]:
    """By what the event of taking back names the asking that it undoes."""
    return {"asked_at": read.asked_at.isoformat(), "question": read.question}


def settled_content(row: Settlement, read: SecondRead) -> dict[str, Any]:
    """What the hash of a settlement is over."""
    return {
        "second_read": read.digest, "text": row.text, "person": row.person_name, "at": row.at, "by_addendum": row.by_addendum
    }  # fmt: skip


def differences(first: Content, second: Content) -> tuple[str, ...]:
    """What two opinions say differently of what both had to choose; their words are for people to compare."""
    return tuple(label for name, (label, _) in COMPARED.items() if first.get(name) != second.get(name))


def in_words(said: Content) -> tuple[Said, ...]:
    """An opinion for a reader, heading by heading."""
    return tuple(_said(said))


def _said(said: Content) -> Iterable[Said]:
    for name, heading in HEADINGS.items():
        value = str(said.get(name) or "")
        choices = COMPARED[name][1] if name in COMPARED else None
        text = str(choices(value).label) if choices is not None and value in choices.values else value
        if text:
            yield Said(heading, text)
