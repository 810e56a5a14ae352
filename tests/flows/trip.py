"""The trip of one school child over HTTP: a hygienist gathers and submits, a dentist reads and signs; they never meet."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import lxml.html

from cases.models import Scope
from teledent.kit import clock
from tests.cast import PASSWORD
from tests.flows.visitor import Sender, Visitor
from tests.services.starting import wait_until

HANA, DEV, RITA = "hana@example.org", "dev@example.org", "rita@example.org"
CHILD = {
    "given_name": "Mateo", "family_name": "Villanueva-Reyes", "birth_date": "2018-03-14", "sex": "M", "pupil_id": "AC-20417",
    "grade": "3", "room": "12", "guardian_name": "Lucia Villanueva", "guardian_relationship": "Mother",
    "guardian_phone": "541-555-0110", "guardian_has_authority": "on", "street": "77 Alder Lane", "city": "Springfield", "state": "OR",
    "zip_code": "97477-0123", "phone": "541-555-0110", "language": "Spanish", "card_given_name": "Mateo",
    "card_family_name": "Villanueva",
}  # fmt: skip
HISTORY = {
    "complaint": "cold",
    "conditions": "asthma",
    "allergies": "penicillin",
    "medicines": "inhaler",
    "dental_history": "none_known",
}
COVERAGE = {
    "relationship": "19", "member_id": "CM-77204881", "group_number": "G-100", "subscriber_given_name": "Lucia",
    "subscriber_family_name": "Villanueva", "subscriber_birth_date": "1988-05-02", "subscriber_sex": "F", "valid_from": "2026-01-01",
}  # fmt: skip
ORDER = {
    "ordered_by": "Dr. Dev Halloran", "order_reason": "Suspected decay between teeth", "operator_name": "Hana Okafor",
    "operator_licence": "RDH-1888", "retakes": "0",
}  # fmt: skip


def register(hana: Visitor, **changes: str) -> str:
    """A new patient, by the form; the path of the patient's page. Asked about a twin, she says that this is another child."""
    return hana.fill("/capture/patients/add/", is_patient="another", **{**CHILD, **changes})


def consent(hana: Visitor, patient: str, *, today: date) -> None:
    given = {f"scope_{scope}": "given" for scope in Scope.values}
    signed = {
        "signer_name": "Lucia Villanueva",
        "signer_authority": "Mother",
        "evidence": "paper",
        "language": "Spanish",
    }
    dates = {"valid_from": str(today - timedelta(days=30)), "valid_until": str(today + timedelta(days=300))}
    hana.fill(f"{patient}consent/", **given, **signed, **dates)


def open_case(hana: Visitor, patient: str) -> str:
    """A screening; its public id."""
    return hana.fill(patient, "open/", kind="screening").strip("/").rpartition("/")[2]


def gather(hana: Visitor, case: str) -> None:
    """Complaint, history, triage, a marked tooth, and why it was not done live."""
    page = f"/capture/cases/{case}/"
    hana.fill(page, "save/history/", **HISTORY)
    hana.fill(page, "save/triage/", red_flags="none", urgency="early")
    hana.fill(page, "save/why/", why="no_dentist")
    hana.fill(page, f"{case}/marks/", teeth="LLD", conditions="decay", surfaces="O")


def send_pictures(hana: Visitor, case: str, pictures: Mapping[str, bytes], *, parts: int = 3) -> list[dict[str, Any]]:
    """Each picture under its view; the receipts."""
    labels = {"device": "Intraoral camera", "captured_at": clock.now().isoformat()}
    return [
        Sender(hana, case, content, parts=parts).send(view=view, **labels) | {"view": view}
        for view, content in pictures.items()
    ]


def order_radiographs(hana: Visitor, case: str, images: list[str], *, today: date) -> None:
    hana.fill(f"/capture/cases/{case}/", "order/", films=images, ordered_on=str(today), **ORDER)


def submit(hana: Visitor, case: str) -> None:
    hana.fill(f"/capture/cases/{case}/submit/", day_and_place="on")


def start(dev: Visitor, case: str) -> None:
    dev.get("/reading/")
    dev.post(f"/reading/{case}/start/")


def write_review(dev: Visitor, case: str, images: list[str], *, today: date) -> None:
    page = f"/reading/{case}/"
    dev.fill(
        page, "save/", evaluation="All photographs, read at full size.", sufficiency="limited", urgency="early", outcome="in_person",
        conclusions="Dark area on the occlusal surface of L, suggesting decay into dentine.",
        advice="See a dentist for L within six weeks.", limits="Surfaces between the back teeth cannot be judged.",
        follow_up="The school nurse calls the family.",
        outcome_by=str(today + timedelta(days=42)), told="pending", next_step="Nurse calls the mother",
        next_step_on=str(today + timedelta(days=2)), why="no_dentist",
    )  # fmt: skip
    dev.fill(page, "diagnoses/", code="K02.52", tooth="L")
    diagnosis = lxml.html.fromstring(dev.get(page).text).xpath("//select[@name='diagnosis']/option[@value!='']/@value")[
        0
    ]
    dev.fill(
        page, "plan/", what="Examination and filling in person", rationale="Decay seems to reach dentine", tooth="L",
        diagnosis=diagnosis, priority="1",
    )  # fmt: skip
    for image in images:
        dev.fill(page, f"views/{image}/", usable="yes")


def sign(dev: Visitor, case: str) -> str:
    """The signature; where it leads."""
    return dev.fill(
        f"/reading/{case}/sign/",
        evaluation_code="D0140",
        no_live_contact="on",
        not_same_building="on",
        password=PASSWORD,
    )


def cover(rita: Visitor, patient: str) -> None:
    """The mother's plan, for the patient with this public id; unsent claims are checked at once."""
    page = f"/claims/patients/{patient}/coverage/add/"
    (payer,) = lxml.html.fromstring(rita.get(page).text).xpath(
        "//select[@name='payer']/option[text()='Cedar Mutual']/@value"
    )
    rita.fill(page, payer=payer, **COVERAGE)


def export(rita: Visitor, receiver: str) -> str:
    """One click; the page that follows the export."""
    return rita.post(f"/claims/receivers/{receiver}/export/")


def until_seen(visitor: Visitor, path: str, *, gone: str, what: str) -> None:
    """Look at a page until a word is gone from it."""
    wait_until(lambda: gone not in visitor.get(path).text, what=what, seconds=120)
