"""A complete record as plain facts; each test changes the one thing it is about."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime

from cases.record import CaseRecord
from cases.record_facts import (
    ConsentFact,
    DiagnosisFact,
    FindingFact,
    ImageFact,
    PatientFact,
    PlanFact,
    ReviewFact,
    ViewFact,
)

AT = datetime(2026, 11, 17, 18, 43, tzinfo=UTC)
PICTURE = uuid.UUID(int=1)


def an_image(**changes):
    image = ImageFact(
        public_id=PICTURE, view="frontal", tooth="", mirrored=False, device="Intraoral camera", state="examined", held=False,
        lossy=True, sha256="a" * 64, size=1000, captured_at=AT, captured_source="file", sent_at=AT, received_at=AT,
        examined_at=AT, refusal="", struck_reason="", ordered_by="", ordered_on=None, order_reason="", operator_name="",
        operator_licence="", retakes=0,
    )  # fmt: skip
    return replace(image, **changes)


def a_film(**changes):
    order = {"view": "bitewing-left", "ordered_by": "Dr. Dev Halloran", "ordered_on": date(2026, 11, 12), "order_reason": "Shadow on L",
             "operator_name": "Hana Okafor", "operator_licence": "OR RDH-1888"}  # fmt: skip
    return an_image(**{**order, **changes})


def a_review(**changes):
    review = ReviewFact(
        writer="Dr. Dev Halloran", answer="", evaluation="Two photographs read at full size.",
        conclusions="Dark area on L, suggesting decay.",
        advice="See a dentist within six weeks.", limits="Pulp state cannot be judged from pictures.", urgency="early",
        sufficiency="limited", outcome="in_person", outcome_by=date(2026, 12, 31), follow_up="The nurse calls the family.",
        told="told", told_to="The mother", told_how="By phone", told_at=AT, next_step="", next_step_on=None, why="no_dentist",
        why_text="", evaluation_code="", no_live_contact=None, not_same_building=None, started_at=AT,
        diagnoses=(DiagnosisFact("K02.52", "Caries into dentine", "LLD"),),
        plan=(PlanFact("LLD", "Filling in person", 1, "Decay seems to reach dentine", "K02.52"),),
        findings=(), views=(ViewFact(PICTURE, True, ""),),
    )  # fmt: skip
    return replace(review, **changes)


def a_consent(scope="screening", **changes):
    consent = ConsentFact(
        scope,
        True,
        date(2026, 9, 1),
        date(2027, 8, 31),
        None,
        AT,
        "Lucia Villanueva",
        "Mother",
        "paper",
        "family-2026-11",
    )
    return replace(consent, **changes)


ANSWERS = {
    "complaint": ["cold"], "conditions": ["none_known"], "allergies": ["none_known"], "medicines": ["none"],
    "dental_history": ["none_known"], "red_flags": ["none"], "why": "no_dentist",
}  # fmt: skip


def a_record(*, answers=None, **changes):
    record = CaseRecord(
        public_id=uuid.UUID(int=2), label="TD-00001", kind="screening", status="draft", day_seen=date(2026, 11, 17),
        site="Alder Creek", patient_place="site", patient_state="OR", urgency="early", questionnaire="2026-11",
        answers={**ANSWERS, **(answers or {})}, opened_at=AT, submitted_at=None, signed_at=None,
        patient=PatientFact(uuid.UUID(int=3), "Mateo V", "Mateo", "V", date(2018, 3, 14), "M", "AC-1"),
        consents=tuple(a_consent(s) for s in ("screening", "teledentistry", "photographs")), images=(an_image(),),
        findings=(FindingFact("LLD", "O", "decay", ""),), services=(), review=None, told_later=False,
    )  # fmt: skip
    return replace(record, **changes)
