"""Facts of one signed case, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cases.report.facts import Added, PictureTimes, ReportFacts, Signer
from teledent.printing.moments import Moment

ZONE = "America/Los_Angeles"
AT = datetime(2026, 11, 17, 18, 43, tzinfo=UTC)
ANSWERS = {
    "complaint": ["cold"], "conditions": ["asthma"], "allergies": ["penicillin"], "medicines": ["none"],
    "dental_history": ["none_known"], "red_flags": ["none"], "why": "no_dentist",
}  # fmt: skip
REVIEW: dict[str, Any] = {
    "writer": "Dr. Dev Halloran", "evaluation": "Two photographs and one radiograph, read at full size.",
    "conclusions": "Dark area on L, suggesting decay into dentine.\n\nPale line along the gum.", "advice": "See a dentist for L.",
    "limits": "Between the teeth nothing can be said.", "urgency": "early", "sufficiency": "limited", "outcome": "in_person",
    "outcome_by": "2026-12-29", "follow_up": "The school nurse calls the family.", "told": "pending", "told_to": "", "told_how": "",
    "told_at": None, "next_step": "Nurse calls", "next_step_on": "2026-11-20", "why": "no_dentist", "why_text": "",
    "evaluation_code": "D0140", "no_live_contact": True, "not_same_building": True, "started_at": "2026-11-17T19:00:00Z",
    "diagnoses": [{"code": "K02.52", "gloss": "Decay of a chewing surface into dentine", "tooth": "LLD"}],
    "plan": [
        {"tooth": "LLD", "what": "Examination and filling in person", "priority": 1, "rationale": "Seems deep", "diagnosis": "K02.52"},
    ],
    "findings": [{"tooth": "LLD", "surfaces": "O", "condition": "decay", "note": "dark"}],
    "views": [{"image": "a", "usable": True, "reason": ""}, {"image": "b", "usable": False, "reason": "Blurred"}],
}  # fmt: skip
VIEWS = {"a": "frontal", "b": "upper", "c": "bitewing-left", "d": "slate"}


def facts(*, name: str = "Mateo Villanueva-Reyes", views: dict[str, str] = VIEWS, **review: Any) -> ReportFacts:
    """The sample, with the child's name, the pictures by view, or parts of the review changed."""
    patient = {"name": name, "given_name": name, "birth_date": "2018-03-14"}
    images = [{"image": key, "view": view, "sha256": key * 64} for key, view in views.items()]
    declared = [{**one, "public_id": one["image"], "tooth": "", "mirrored": False, "device": "C3"} for one in images]
    return ReportFacts(
        practice=("Riverbend Dental", "410 River Road, Springfield, OR 97477-0001", "541-555-0142"),
        phone="541-555-0142",
        case="TD-24817",
        gathered={
            "kind": "screening", "day_seen": "2026-11-17", "site": "Alder Creek Elementary", "patient_place": "site",
            "patient_state": "OR", "urgency": "early", "questionnaire": "2026-11", "answers": ANSWERS, "patient": patient, "consents": [],
            "findings": [{"tooth": "LLD", "surfaces": "O", "condition": "suspected", "note": ""}], "services": [], "images": declared,
        },
        concluded={"patient": patient, "day_seen": "2026-11-17", "images": images, "review": {**REVIEW, **review}},
        hygienist=Signer("Hana Okafor", "RDH-1888 (OR)"),
        submitted=Moment(AT, ZONE),
        dentist=Signer("Dr. Dev Halloran", "DDS-1497 (OR)", "1497758544"),
        signed=Moment(AT + timedelta(hours=30), ZONE),
        digest="5f" * 32,
        times=tuple(PictureTimes(key, Moment(AT, ZONE), Moment(AT, ZONE), None) for key in views),
    )  # fmt: skip


def retracted(said: ReportFacts) -> ReportFacts:
    reason = Added(
        "Dr. Dev Halloran", Moment(AT + timedelta(days=3), ZONE), "Wrong patient. These are her brother's pictures."
    )
    return replace(said, retraction=reason)


def amended(said: ReportFacts) -> ReportFacts:
    return replace(
        said, addenda=(Added("Hana Okafor", Moment(AT + timedelta(days=2), ZONE), "Cold bothers her less."),)
    )
