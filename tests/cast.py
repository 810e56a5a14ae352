"""The cast of every test, and ways to reach a status by really doing it.

Hana is a hygienist at Alder Creek, Dev a dentist licensed in Oregon, Rita sits at the front desk, Olu manages. Bo is a
hygienist of the same practice at another school. Wilma, Zeno, Fay and Max hold the four roles in another practice.
"""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from cases.actions import (
    capturing,
    charting,
    consenting,
    files,
    following,
    opening,
    practice,
    reviewing,
    signing,
    submitting,
)
from cases.models import Asset, AssetState, Case, Kind, Patient, Review, Scope, Signature
from cases.states import Status
from teledent.accounts.acting import Actor, actor_for
from teledent.accounts.models import Credential, Licence, Membership, Person, Practice, Role, Site
from teledent.files.models import StoredFile

AT = datetime(2026, 11, 17, 18, 43, tzinfo=UTC)  # 10:43 in Oregon, a Tuesday
PASSWORD = "gentle-otter-reads-late"
NPIS = iter(["1234567893", "1888888884", "1003000126", "1497758544", "1245319599", "1669409090"])


@dataclass
class World:
    """One practice with its people; `of` gives a person as she acts today."""

    practice: Practice
    school: Site
    other_school: Site
    people: dict[str, Person] = field(default_factory=dict)

    def of(self, name: str) -> Actor:
        actor = actor_for(self.people[name], practice_id=self.practice.pk)
        assert actor is not None
        return actor


def build_world(prefix: str = "") -> World:
    """Riverbend and its cast; with a prefix, a second practice with the same roles."""
    riverbend = Practice.objects.create(
        name=f"{prefix}Riverbend Dental", street="410 River Road", city="Springfield", state="OR", zip_code="97477-0001",
        phone="541-555-0142", group_npi="1234567893", tax_id="93-1234567", taxonomy="261QD0000X", on_call_phone="541-555-0199",
    )  # fmt: skip
    school = _site(riverbend, "Alder Creek Elementary")
    other = _site(riverbend, "Fern Ridge School")
    world = World(riverbend, school, other)
    for key, name, role, site in _ROLES:
        person = Person.objects.create_user(f"{prefix.lower()}{key}@example.org", PASSWORD, name=name)
        place = {"school": school, "other": other}.get(site)
        Membership.objects.create(person=person, practice=riverbend, role=role, site=place, starts_on=date(2026, 1, 1))
        world.people[key] = person
    for key, npi, taxonomy, title in (
        ("hana", "1888888884", "124Q00000X", "RDH"), ("bo", "1003000126", "124Q00000X", "RDH"), ("dev", "1497758544", "122300000X", "DDS"),
    ):  # fmt: skip
        license_person(world.people[key], npi=npi, taxonomy=taxonomy, title=title)
    practice.install_built_in_codes(practice=riverbend)
    practice.confirm_code_licence(actor=world.of("olu"), at=AT)
    return world


_ROLES = (
    ("hana", "Hana Okafor", Role.HYGIENIST, "school"),
    ("bo", "Bo Lindqvist", Role.HYGIENIST, "other"),
    ("dev", "Dr. Dev Halloran", Role.DENTIST, ""),
    ("rita", "Rita Castellane", Role.FRONT_DESK, ""),
    ("olu", "Olu Adeyemi", Role.MANAGER, ""),
)


def license_person(person: Person, *, npi: str, taxonomy: str, title: str, state: str = "OR") -> Credential:
    credential = Credential.objects.create(
        person=person, title=title, npi=npi, taxonomy=taxonomy, phone="541-555-0150",
        street="410 River Road", city="Springfield", state="OR", zip_code="97477-0001",
    )  # fmt: skip
    Licence.objects.create(
        credential=credential,
        state=state,
        number=f"{title}-{npi[:4]}",
        starts_on=date(2024, 1, 1),
        ends_on=date(2028, 12, 31),
    )
    return credential


def _site(owner: Practice, name: str) -> Site:
    return Site.objects.create(
        practice=owner, kind=Site.Kind.SCHOOL, name=name, street="1200 School Street", city="Springfield", state="OR",
        zip_code="97477-0456", time_zone="America/Los_Angeles", place_of_service="03",
    )  # fmt: skip


def make_patient(
    world: World, *, given: str = "Mateo", family: str = "Villanueva-Reyes", born: date = date(2018, 3, 14)
) -> Patient:
    patient = Patient(
        practice=world.practice, given_name=given, family_name=family, card_given_name="Mateo", card_family_name="Villanueva",
        birth_date=born, sex="M", street="77 Alder Lane", city="Springfield", state="OR", zip_code="97477-0123", pupil_id="AC-20417",
    )  # fmt: skip
    patient.full_clean(exclude=["given_key", "family_key"])
    patient.save()
    patient.enrolments.create(site=world.school, school_year=2026, grade="3", room="12")
    patient.guardians.create(name="Lucia Villanueva", relationship="Mother", phone="541-555-0110")
    return patient


def consent_to(world: World, patient: Patient, *scopes: str, at: datetime = AT) -> None:
    consenting.record_consent(
        actor=world.of("hana"), patient=patient, scopes=dict.fromkeys(scopes or Scope.values, True), signer_name="Lucia Villanueva",
        signer_authority="Mother", evidence="paper", language="Spanish", valid_from=date(2026, 9, 1), valid_until=date(2027, 8, 31), at=at,
    )  # fmt: skip


ANSWERS = {
    "complaint": ["cold"], "conditions": ["asthma"], "allergies": ["penicillin"], "medicines": ["inhaler"],
    "dental_history": ["none_known"], "red_flags": ["none"], "why": "no_dentist",
}  # fmt: skip


@transaction.atomic
def put_file(case: Case, actor: Actor, *, view: str, content: bytes | None = None, at: datetime = AT) -> Asset:
    """A declared, received and examined file without the receiver and decoder, for tests that are about neither."""
    content = content or f"{case.pk} {view} {uuid.uuid4()}".encode()
    sha256 = hashlib.sha256(content).hexdigest()
    asset = files.declare_file(
        actor=actor, site=case.site, case=case, public_id=uuid.uuid4(), size=len(content), sha256=sha256, name="IMG_0001.JPG", at=at,
        view=view, device="Intraoral camera", captured_at=at,
    )  # fmt: skip
    stored = StoredFile.objects.create(key=f"tests/{uuid.uuid4().hex}", sha256=sha256, size=len(content), created_at=at)
    files.file_received(asset, stored, sent_at=at, at=at)
    Asset.objects.filter(pk=asset.pk).update(state=AssetState.EXAMINED, examined_at=at, media_type="image/jpeg")
    asset.refresh_from_db()
    return asset


def case_at(
    world: World,
    status: str = Status.DRAFT,
    *,
    patient: Patient | None = None,
    kind: str = Kind.SCREENING,
    at: datetime = AT,
) -> Case:
    """A case that really went through the moves up to `status`."""
    patient = patient or make_patient(world)
    if not patient.consents.exists():
        consent_to(world, patient, at=at)
    case = opening.open_case(actor=world.of("hana"), patient=patient, site=world.school, kind=kind, at=at)
    for step, reach in _WALK[Status(status)]:
        reach(world, case, at + timedelta(minutes=10 * step))
    case.refresh_from_db()
    return case


def fill(world: World, case: Case, at: datetime) -> None:
    hana = world.of("hana")
    capturing.save_answers(actor=hana, case=case, answers=ANSWERS, revision=case.revision, at=at, urgency="early")
    case.refresh_from_db()
    put_file(case, hana, view="frontal", at=at)
    put_file(case, hana, view="lower", at=at)
    charting.mark_tooth(actor=hana, case=case, tooth="LLD", condition="decay", surfaces="O", at=at)


def submit(world: World, case: Case, at: datetime) -> None:
    fill(world, case, at)
    submitting.submit_case(actor=world.of("hana"), case=case, at=at)


def start(world: World, case: Case, at: datetime) -> Review:
    return reviewing.start_review(actor=world.of("dev"), case=case, at=at)


REVIEW = {
    "evaluation": "Two photographs, read at full size.",
    "conclusions": "Dark area on the occlusal surface of L, suggesting decay into dentine.",
    "advice": "See a dentist for L within six weeks.",
    "follow_up": "The school nurse calls the family.",
    "urgency": "early", "sufficiency": "limited", "outcome": "in_person", "told": "pending",
    "next_step": "Nurse calls the mother", "why": "no_dentist",
}  # fmt: skip


def write(world: World, case: Case, at: datetime) -> Review:
    dev, review = world.of("dev"), Review.objects.get(case=case, writer=world.people["dev"], signed_at__isnull=True)
    days = {"outcome_by": at.date() + timedelta(days=44), "next_step_on": at.date() + timedelta(days=3)}
    review.version = reviewing.save_review(actor=dev, review=review, version=review.version, at=at, **REVIEW, **days)
    diagnosis = reviewing.add_diagnosis(actor=dev, review=review, code="K02.52", tooth="LLD", at=at)
    reviewing.add_plan_line(
        actor=dev, review=review, what="Examination and filling in person", rationale="Decay seems to reach dentine", tooth="LLD",
        diagnosis_id=diagnosis.pk, at=at,
    )  # fmt: skip
    for asset in case.assets.all():
        reviewing.read_view(actor=dev, review=review, asset=asset, usable=True, at=at)
    return review


def sign(world: World, case: Case, at: datetime) -> Signature:
    review = write(world, case, at)
    return signing.sign_review(
        actor=world.of("dev"), review=review, version=review.version, evaluation_code="D0140", no_live_contact=True,
        not_same_building=True, password=PASSWORD, at=at,
    )  # fmt: skip


def ask(world: World, case: Case, at: datetime) -> None:
    review = Review.objects.get(case=case, writer=world.people["dev"])
    reviewing.request_info(
        actor=world.of("dev"),
        review=review,
        asks=[reviewing.Ask("Upper view once more, it is blurred", view="upper")],
        at=at,
    )


def withdraw(world: World, case: Case, at: datetime) -> None:
    submitting.withdraw_case(actor=world.of("hana"), case=case, reason="Opened for the wrong day", at=at)


def stop(world: World, case: Case, at: datetime) -> None:
    consenting.withdraw_consent(
        actor=world.of("hana"), patient=case.patient, scope=Scope.TELEDENTISTRY, reason="The mother called", at=at
    )


def retract(world: World, case: Case, at: datetime) -> None:
    signing.retract_case(
        actor=world.of("dev"), case=case, reason="wrong_images", explanation="The pictures show another child", at=at
    )


def close(world: World, case: Case, at: datetime) -> None:
    following.close_case(actor=world.of("rita"), case=case, reason="The family moved away", at=at)


_SIGNED = [(1, submit), (2, start), (3, sign)]
_WALK = {
    Status.DRAFT: [],
    Status.SUBMITTED: [(1, submit)],
    Status.IN_REVIEW: [(1, submit), (2, start)],
    Status.NEEDS_INFO: [(1, submit), (2, start), (3, ask)],
    Status.SIGNED: _SIGNED,
    Status.CLOSED: [*_SIGNED, (4, close)],
    Status.RETRACTED: [*_SIGNED, (4, retract)],
    Status.WITHDRAWN: [(1, submit), (2, withdraw)],
    Status.STOPPED: [(1, submit), (2, stop)],
}
