"""What a dentist of another office may send with her question, and how what she typed reads. Pure.

Keys of `said`: asker, npi, callback; given_name, family_name, birth_date, sex, state, guardian, guardian_phone; question, plan,
health, urgency; taken_on, device, operator, ordered_by, ordered_on, why_films. Days are ISO; what she left empty is an empty text.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from cases.models.asset import Asset
from cases.models.case import Urgency
from cases.models.consultation import Consultation
from cases.models.patient import Sex
from cases.view_labels import VIEWS, Family
from cases.wording import Said
from teledent.kit.clock import day_in_words

SENT_VIEWS = ("panoramic", "bitewing-right", "bitewing-left", "periapical", "occlusal", "frontal", "upper", "lower", "lesion",
              "plan")  # fmt: skip
FILES_MAX = 20  # of one question, taken away ones counted
EVER_MAX = 60  # with those that were struck because somebody began anew
FILE_SIZE_MAX = 30 << 20  # bytes
URGENCIES = (Urgency.ROUTINE, Urgency.EARLY, Urgency.URGENT)  # what is an emergency is told by telephone
NOON = time(12)
STATEMENT = (
    "What I send is of this patient. The patient, or who may speak for the patient, agreed that I send it to {practice} for an "
    "opinion."
)
_TEXTS = (("question", "The question"), ("plan", "The plan so far"), ("health", "Health, as the office knows it"))
_FACTS = (
    ("asker", "Who asks"), ("npi", "NPI"), ("callback", "Call back"), ("guardian", "Parent or guardian"), ("guardian_phone", "Their phone"),
    ("ordered_by", "Who ordered the films"), ("why_films", "Why they were taken"), ("operator", "Who took them"),
    ("device", "Taken with"),
)  # fmt: skip


def is_film(view: str) -> bool:
    return bool(view) and VIEWS[view].family is Family.RADIOGRAPH


def texts_of(said: Mapping[str, Any]) -> tuple[Said, ...]:
    """What she wrote, for a reader; what she left empty is left out."""
    return _only(Said(label, str(said.get(key, ""))) for key, label in _TEXTS)


def facts_of(said: Mapping[str, Any]) -> tuple[Said, ...]:
    """The rest of what she typed beside the patient's name."""
    urgency = str(said.get("urgency", ""))
    rows = [Said(label, str(said.get(key, ""))) for key, label in _FACTS]
    for key, label in (("ordered_on", "Ordered on"), ("taken_on", "Pictures and films taken")):
        rows.append(Said(label, day_in_words(date.fromisoformat(said[key])) if said.get(key) else ""))
    rows.append(Said("How soon", str(Urgency(urgency).label) if urgency in Urgency.values else ""))
    return _only(rows)


def _only(rows: Iterable[Said]) -> tuple[Said, ...]:
    return tuple(row for row in rows if row.text)


def patient_details(said: Mapping[str, Any]) -> dict[str, Any]:
    """For a patient whom nobody here knew."""
    return {
        "given_name": said["given_name"], "family_name": said["family_name"], "birth_date": date.fromisoformat(said["birth_date"]),
        "sex": Sex(said["sex"]).value,
    }  # fmt: skip


def answers_of(said: Mapping[str, Any], *, office: str) -> dict[str, Any]:
    """The answers of a case that she gave, by the keys of `cases.questionnaires`."""
    callback = f", {said['callback']}" if said.get("callback") else ""
    return {
        "question": said["question"],
        "existing_plan": said["plan"],
        "requester": f"{said['asker']}, {office}{callback}"[:200],
    }


def told_of_taking(asset: Asset, asked: Consultation) -> dict[str, Any]:
    """Columns of an examined file that says neither when nor with what it was taken: the office's word, which gave a day for all
    of them: its noon, as a person said it."""
    said, columns = asked.said, dict[str, Any]()
    if asset.captured_at is None and said.get("taken_on"):
        noon = datetime.combine(date.fromisoformat(said["taken_on"]), NOON, ZoneInfo(asked.site.time_zone))
        columns = {"captured_at": noon, "captured_source": "person"}
    return columns if asset.device else {**columns, "device": str(said.get("device", ""))[:80]}
