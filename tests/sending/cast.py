"""A mother who sends by a link, and what she says; each step by really doing it."""

import hashlib
import uuid
from datetime import timedelta

from cases.actions import files, linking, sending
from cases.by_link.words import WORDS
from cases.models import Asset, AssetState, Case, Kind, Patient, SendingLink
from teledent.files.models import StoredFile
from tests.cast import AT, World

ANA = sending.Who("Ana Reyes", "mother")
MOTHER = sending.Agreed(ANA, state="OR", place="home", billing=True)
HISTORY = {"conditions": ["none_known"], "allergies": ["penicillin"], "medicines": ["none"]}
SAID = {
    Kind.POST_TREATMENT: {
        "complaint": ["none_stated"], "procedure": "A tooth was taken out", "procedure_date": "2026-11-16", "operator": "Dr. Halloran",
        "symptoms": ["pain"], **HISTORY,
    },
    Kind.EMERGENCY: {
        "complaint": ["swelling"], "present_place": "12 Oak Street, Springfield", "callback": "541-555-0177", "since": "Since last night",
        **HISTORY,
    },
    Kind.SECOND_OPINION: {
        "complaint": ["broken"], "question": "Does he need a crown?", "existing_plan": "A crown on the lower left molar", **HISTORY,
    },
}  # fmt: skip


def a_link(world: World, patient: Patient, *, kind: str = Kind.POST_TREATMENT, at=AT, **changes) -> linking.Made:
    said = {
        "why": "family", "language": "en", "lasts": timedelta(days=3), "asks_birth_date": False, "public_id": uuid.uuid4(),
        "site": world.school, "actor": world.of("rita"),
    }  # fmt: skip
    return linking.make_link(patient=patient, kind=kind, at=at, **{**said, **changes})


def agreed_by(link: SendingLink, *, flags=(), at=AT, who: sending.Agreed = MOTHER) -> Case:
    words = WORDS[link.language]
    case = sending.agree(link=link, words=words, agreed=who, flags=flags, at=at)
    link.refresh_from_db()
    return case


def put_picture(link: SendingLink, *, view: str = "lesion", content: bytes = b"", at=AT, arrives: bool = True) -> Asset:
    """A picture of the sender, without the receiver and the decoder."""
    content = content or uuid.uuid4().bytes
    sha256 = hashlib.sha256(content).hexdigest()
    asset = sending.declare_picture(
        link=link, public_id=uuid.uuid4(), size=len(content), sha256=sha256, name="IMG_1.JPG", view=view, captured_at=at, at=at
    )  # fmt: skip
    if arrives:
        stored = StoredFile.objects.create(
            key=f"tests/{uuid.uuid4().hex}", sha256=sha256, size=len(content), created_at=at
        )
        files.file_received(asset, stored, sent_at=at, at=at)
        Asset.objects.filter(pk=asset.pk).update(state=AssetState.EXAMINED, examined_at=at, media_type="image/jpeg")
    asset.refresh_from_db()
    return asset


def finish(link: SendingLink, *, at=AT, sender: sending.Who | None = None) -> None:
    """Everything after the consent: answers, a picture, and sent."""
    link.refresh_from_db()
    sending.keep_answers(link=link, answers=SAID[link.kind], at=at)
    put_picture(link, at=at)
    sending.send_case(link=link, sender=sender, reached="The sender says: spoke with someone", at=at)


def sent_by(
    world: World, patient: Patient, *, kind: str = Kind.POST_TREATMENT, flags=(), at=AT, who: sending.Agreed = MOTHER, **changes
) -> Case:  # fmt: skip
    """A case that a mother sent whole."""
    link = a_link(world, patient, kind=kind, at=at, **changes).link
    case = agreed_by(link, flags=flags, at=at, who=who)
    finish(link, at=at)
    case.refresh_from_db()
    return case
