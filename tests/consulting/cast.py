"""A dentist of another office who asks, and what she says; each step by really doing it."""

import hashlib
import uuid
from datetime import timedelta
from typing import Any

from cases.actions import asking_us, capturing, consultations, files, reviewing, submitting
from cases.models import Asset, AssetState, Case, Consultation, Patient
from teledent.files.models import StoredFile
from tests import cast
from tests.cast import AT, World

BROWSER = "of the office"
SAID = {
    "asker": "Dr. Ada Moss", "npi": "1497758544", "callback": "541-555-0142", "given_name": "Mateo", "family_name": "Villanueva-Reyes",
    "birth_date": "2018-03-14", "sex": "M", "state": "OR", "guardian": "Lucia Villanueva", "guardian_phone": "541-555-0110",
    "question": "Can the lower left molar be kept?", "plan": "A crown, or taking it out", "health": "Asthma, allergic to penicillin",
    "urgency": "early", "taken_on": "2026-11-10", "operator": "Kim Sorel, RDA", "why_films": "Pain on biting", "device": "Orthophos S",
    "ordered_by": "Dr. Ada Moss", "ordered_on": "2026-11-09",
}  # fmt: skip
HISTORY = {
    "complaint": ["pain"], "conditions": ["asthma"], "allergies": ["penicillin"], "medicines": ["none"],
    "dental_history": ["regular"], "red_flags": ["none"], "why": "access",
}  # fmt: skip


def a_link(world: World, *, at=AT, **changes: Any) -> tuple[Consultation, str]:
    said = {
        "colleague": "Dr. Moss", "office": "Moss Family Dental", "phone": "541-555-0140", "lasts": timedelta(days=7),
        "public_id": uuid.uuid4(), "site": world.school, "actor": world.of("rita"),
    }  # fmt: skip
    return consultations.make_consultation(at=at, **{**said, **changes})


def put_film(
    asked: Consultation, *, view: str = "panoramic", content: bytes = b"", examination: Any = None, at=AT, arrives: bool = True,
    stamp: str = "",
) -> Asset:  # fmt: skip
    """A file of the office, without the receiver and the decoder."""
    content = content or uuid.uuid4().bytes
    sha256 = hashlib.sha256(content).hexdigest()
    asked.refresh_from_db()
    asset = asking_us.declare_film(
        asked=asked, stamp=stamp or asked.stamp, public_id=uuid.uuid4(), size=len(content), sha256=sha256, name="MATEO.DCM", view=view,
        at=at,
    )  # fmt: skip
    if arrives:
        stored = StoredFile.objects.create(
            key=f"tests/{uuid.uuid4().hex}", sha256=sha256, size=len(content), created_at=at
        )
        files.file_received(asset, stored, sent_at=at, at=at)
        Asset.objects.filter(pk=asset.pk).update(
            state=AssetState.EXAMINED, examined_at=at, media_type="image/jpeg", examination=examination or {}
        )
    asset.refresh_from_db()
    return asset


def asked_by(world: World, *, at=AT, said: Any = SAID, **film: Any) -> Consultation:
    """A question that was sent with one film and the plan."""
    asked, _ = a_link(world, at=at)
    asking_us.keep_question(asked=asked, typed_in=BROWSER, said=said, at=at)
    put_film(asked, at=at, **film)
    put_film(asked, view="plan", at=at)
    asking_us.send_question(asked=asked, stamp=asked.stamp, at=at)
    asked.refresh_from_db()
    return asked


def taken_up(world: World, asked: Consultation, patient: Patient | None = None, *, known_by: str = "", at=AT) -> Case:
    public_id = patient.public_id if patient else None
    case = consultations.take_up(actor=world.of("hana"), asked=asked, patient=public_id, known_by=known_by, at=at)
    asked.refresh_from_db()
    return case


def submitted(world: World, asked: Consultation, patient: Patient, *, at=AT) -> Case:
    """The hygienist asks the family, completes the case and submits it."""
    case = taken_up(world, asked, patient, at=at)
    if not case.patient.consents.exists():
        cast.consent_to(world, case.patient, at=at)
    submit(world, case, at=at)
    return case


def submit(world: World, case: Case, *, at=AT) -> None:
    hana = world.of("hana")
    capturing.save_answers(actor=hana, case=case, answers=HISTORY, revision=case.revision, at=at)
    Asset.objects.filter(case=case, state=AssetState.RECEIVED).update(
        state=AssetState.EXAMINED, examined_at=at
    )  # copies
    for film in case.assets.filter(view="panoramic"):
        files.label_file(actor=hana, asset=film, at=at, operator_licence="RDA-1")
    submitting.submit_case(actor=hana, case=case, at=at)
    case.refresh_from_db()


def signed(world: World, asked: Consultation, patient: Patient, *, at=AT) -> Case:
    case = submitted(world, asked, patient, at=at)
    sign(world, case, at=at)
    return case


def finished(world: World, case: Case, *, at=AT) -> None:
    """Submitted and signed."""
    submit(world, case, at=at)
    sign(world, case, at=at)


def sign(world: World, case: Case, *, at=AT) -> None:
    review = cast.start(world, case, at)
    answer = "It can be kept if it is restored soon; a crown is sound on these records."
    reviewing.save_review(actor=world.of("dev"), review=review, version=review.version, at=at, answer=answer)
    cast.sign(world, case, at)
    case.refresh_from_db()
