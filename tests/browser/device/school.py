"""A school day of invented children, in the shape of GET day/EVENT."""

from typing import Any
from uuid import UUID

GIVEN = ("Mateo", "Noor", "Elif", "Bram", "Ada", "Olu", "Zoë", "Ines", "Kofi", "Liv")
FAMILY = ("Villanueva-Reyes", "Berg", "Åkesson", "O'Neill")
EVENT = {
    "id": str(UUID(int=1)), "starts_on": "2026-11-01", "ends_on": "2099-12-31", "days": "17 Nov 2026", "aim": 40, "note": "",
    "children": 40,
    "site": {"id": str(UUID(int=2)), "name": "Alder Creek Elementary", "state": "OR", "time_zone": "America/Los_Angeles"}, "team": [],
}  # fmt: skip
QUESTIONS = [
    {"key": "complaint", "legend": "What brings the patient here?", "kind": "many", "nothing": "none_stated", "other": True,
     "text_key": "complaint_text", "required": True, "section": "complaint",
     "choices": [["none_stated", "No complaint stated"], ["pain", "Pain"], ["other", "Other"]]},
    {"key": "why", "legend": "Why without a dentist?", "kind": "one", "nothing": "", "other": False, "text_key": "", "required": True,
     "section": "why", "choices": [["no_dentist", "No dentist on site"], ["distance", "Distance"]]},
    {"key": "note", "legend": "Anything else?", "kind": "long", "nothing": "", "other": False, "text_key": "", "required": False,
     "section": "complaint", "choices": []},
]  # fmt: skip


CONDITIONS = (("decay", "Decay", True), ("filling", "Filling", True), ("missing", "Missing", False))
TEETH = [
    {"key": f"{quadrant}{position}", "universal": f"u{quadrant}{position}", "fdi": "", "palmer": "", "surfaces": "MODBL",
     "name": f"tooth {quadrant}{position}"}
    for quadrant in ("UR", "UL", "LL", "LR") for position in "12345678ABCDE"
]  # fmt: skip


def child(number: int, **more: Any) -> dict[str, Any]:
    given, family = GIVEN[number % 10], FAMILY[number // 10 % 4]
    return {
        "id": str(UUID(int=100 + number)), "given_name": given, "family_name": family, "preferred_name": "", "name": f"{given} {family}",
        "birth_date": f"2018-03-{1 + number % 28:02}", "sex": "U", "grade": "3", "room": str(9 + number % 3), "tag": f"B{number:02}K",
        "standing": "expected", "standing_label": "Expected", "mark": "", "consent": "given", "consent_label": "Consent given",
        "scopes": ["screening", "photographs", "teledentistry"], "allergies": None, "family_wrote": None, "case": None,
        "forms": [], "slate": None, **more,
    }  # fmt: skip


def day(children: int, *others: dict[str, Any]) -> dict[str, Any]:
    view = {"family": "photograph", "standard": True, "usually_mirrored": False, "needs_tooth": False}
    upper = {**view, "key": "upper", "label": "Upper", "usually_mirrored": True}
    film = {**view, "key": "bitewing-left", "label": "Bitewing left", "family": "radiograph"}
    return {
        "event": EVENT, "told_for": "2026-11-17", "children": [*map(child, range(children)), *others],
        "questionnaire": {"version": "2026-11", "kinds": [{"key": "screening", "label": "Screening", "questions": QUESTIONS}]},
        "views": [{**view, "key": "frontal", "label": "Frontal"}, upper, film],
        "conditions": [{"key": key, "label": label, "surfaces": surfaces, "icdas": surfaces} for key, label, surfaces in CONDITIONS],
        "icdas": [], "urgencies": [["routine", "Routine"], ["early", "Early"], ["emergency", "Emergency"]],
        "places": [["site", "At the site"]], "states": [["OR", "Oregon"]], "teeth": TEETH,
        "services": [{"code": "D1206", "text": "Fluoride varnish put on"}],
    }  # fmt: skip
