"""What the front desk keeps, through the real actions, and signed cases with real pictures behind them."""

import io
import uuid
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import PIL.Image

from billing.actions import exporting, settings
from billing.actions.sending_anew import send_claim_anew
from billing.actions.verifying import record_verification
from billing.models import Claim, Coverage, Export, ExportState, Fee, Payer, Receiver, Verification
from cases.actions import capturing, opening, reviewing, signing
from cases.actions.importing_codes import import_codes
from cases.models import Asset, Case, Derivative, Kind, Patient, Review
from cases.states import Status
from teledent.accounts.models import Membership, Role, Site
from teledent.files import keeping
from teledent.files.storage import open_streaming
from teledent.jobs import queue, registry
from teledent.jobs.models import Job
from teledent.jobs.performing import perform
from tests import cast

AT = cast.AT
LATER = AT + timedelta(hours=2)
VERIFIED = date(2026, 11, 12)


@dataclass
class Desk:
    """The practice with a receiver and three payers, and Rita at its desk."""

    world: cast.World
    receiver: Receiver
    cedar: Payer
    state_plan: Payer

    @property
    def rita(self):
        return self.world.of("rita")


def build_desk(world: cast.World) -> Desk:
    rita = world.of("rita")
    receiver = settings.save_receiver(actor=rita, at=AT, receiver=Receiver(
        practice=world.practice, name="Example Clearinghouse", sender_id="RIVERBEND", receiver_id="EXCLR01", readable=True,
        submitter_name="Riverbend Dental", contact_name="Billing desk", contact_phone="541-555-0142",
    ))  # fmt: skip
    desk = Desk(world, receiver, *(_payer(world, receiver, **kept) for kept in _PAYERS))
    for code, amount in (
        ("D0140", "72.00"),
        ("D0170", "60.00"),
        ("D0171", "51.25"),
        ("D9996", "0.00"),
        ("D0191", "45.00"),
    ):
        settings.save_fee(actor=rita, at=AT, fee=Fee(
            practice=world.practice, code=code, amount=Decimal(amount), valid_from=date(2026, 1, 1)))  # fmt: skip
    return desk


_PAYERS: tuple[dict[str, Any], ...] = (
    {"name": "Cedar Mutual", "payer_id": "CEDAR1", "filing_code": "CI", "takes_asynchronous": "yes", "filing_limit_days": 90},
    {
        "name": "State plan", "payer_id": "ORMCD", "filing_code": "MC", "takes_asynchronous": "yes", "dos_basis": "capture",
        "place_teledentistry": "03", "diagnosis_required": True, "epsdt": True,
    },
)  # fmt: skip


def _payer(world: cast.World, receiver: Receiver, **kept: Any) -> Payer:
    return settings.save_payer(
        actor=world.of("rita"), at=AT, payer=Payer(practice=world.practice, receiver=receiver, **kept)
    )


def cover(
    desk: Desk, patient: Patient, payer: Payer | None = None, *, verified_on: date | None = VERIFIED, **changes: Any
) -> Coverage:
    """A child on her mother's plan, verified by phone, unless `changes` say otherwise."""
    kept = {
        "relationship": "19", "member_id": "CM-77204881", "group_number": "G-100", "subscriber_given_name": "Lucia",
        "subscriber_family_name": "Villanueva", "subscriber_birth_date": date(1988, 5, 2), "subscriber_sex": "F",
        "valid_from": date(2026, 1, 1),
    }  # fmt: skip
    coverage = Coverage(patient=patient, payer=payer or desk.cedar, **{**kept, **changes})
    coverage = settings.save_coverage(actor=desk.rita, at=AT, coverage=coverage)
    if verified_on:
        verify(desk, coverage, verified_on)
    return coverage


def verify(desk: Desk, coverage: Coverage, day: date, **told: Any) -> Verification:
    """Rita asked by phone on `day`, and nothing else was learned unless `told` says so."""
    said = {
        "verified_on": day,
        "how": "phone",
        "asynchronous": "unknown",
        "authorisation": "unknown",
        "reference": "",
        "note": "",
    }
    return record_verification(
        actor=desk.rita,
        coverage=coverage,
        public_id=told.pop("public_id", None) or uuid.uuid4(),
        said={**said, **told},
        at=AT,
    )


def jpeg(seed: int, width: int = 160, height: int = 120) -> bytes:
    rng = np.random.default_rng(seed)
    out = io.BytesIO()
    PIL.Image.fromarray(rng.integers(90, 160, (height, width, 3), dtype=np.uint8)).save(out, "JPEG", quality=80)
    return out.getvalue()


def give_pictures(case: Case) -> None:
    """A claim JPEG for each picture, kept in the real storage, as the examining job leaves them."""
    for asset in Asset.objects.filter(case=case):
        kept = keeping.keep([jpeg(asset.pk)], folder="derivatives")
        stored = keeping.record(kept, at=AT, media_type="image/jpeg")
        Derivative.objects.create(
            asset=asset, recipe="claim", recipe_version=1, file=stored, width=160, height=120, mirrored=asset.mirrored
        )


def signed(desk: Desk, *, patient: Patient | None = None, kind: str = Kind.SCREENING, at: datetime = AT) -> Case:
    case = cast.case_at(desk.world, Status.SIGNED, patient=patient, kind=kind, at=at)
    give_pictures(case)
    return case


def with_service(desk: Desk, *, patient: Patient | None = None) -> Case:
    """A signed case with an on-site assessment by the hygienist."""
    world = desk.world
    case = cast.case_at(world, patient=patient)
    capturing.record_service(
        actor=world.of("hana"), case=case, code="D0191", ordered_by="Standing protocol 2026", at=AT
    )
    return reach_signature(desk, case)


def put_film(desk: Desk, case: Case, *, ordered: bool = True) -> Asset:
    """A bitewing taken on site, with its order unless there was none."""
    film = cast.put_file(case, desk.world.of("hana"), view="bitewing-left")
    order = {
        "ordered_by": "Dr. Dev Halloran", "ordered_on": date(2026, 11, 16), "order_reason": "Decay between molars suspected",
        "operator_name": "Hana Okafor", "operator_licence": "OR RDH-1888",
    }  # fmt: skip
    if ordered:
        Asset.objects.filter(pk=film.pk).update(**order)
    return film


def reach_signature(desk: Desk, case: Case) -> Case:
    """A case in progress submitted, read and signed, with its pictures in place."""
    case.refresh_from_db()
    for step, reach in ((1, cast.submit), (2, cast.start), (3, cast.sign)):
        reach(desk.world, case, AT + timedelta(minutes=10 * step))
    case.refresh_from_db()
    give_pictures(case)
    return case


def run_jobs(at: datetime = LATER) -> None:
    """What a worker would do now, without its waiting."""
    while True:
        Job.objects.filter(state=Job.State.READY).update(run_after=at)  # and what the last one asked for
        job = queue.claim(owner="test", kinds=[name for name in registry.names() if name.startswith("billing.")], at=at)
        if job is None:
            return
        perform(job)
        job.refresh_from_db()
        assert job.state != Job.State.READY, f"{job.kind}: {job.last_error}"


def claims_of(case: Case) -> dict[str, Claim]:
    return {claim.part: claim for claim in Claim.objects.for_list().filter(case=case)}


def ready_claim(desk: Desk, **kept: Any) -> Claim:
    """A dentist's claim with nothing in its way."""
    patient = kept.pop("patient", None) or cast.make_patient(desk.world)
    cover(desk, patient, **kept)
    case = signed(desk, patient=patient)
    run_jobs()
    claim = claims_of(case)["dentist"]
    assert claim.status == "ready", claim.problems
    return claim


def written(export: Export) -> Export:
    run_jobs()
    export.refresh_from_db()
    assert export.state == ExportState.DONE, export.state
    return export


def sent_anew(desk: Desk, claim: Claim) -> Export:
    """The claim in one more finished file."""
    return written(send_claim_anew(
        actor=desk.rita, claim=claim, reason="The clearinghouse turned the file away", public_id=uuid.uuid4(), at=LATER))  # fmt: skip


def signed_adult(desk: Desk) -> Case:
    """An adult's check after treatment, seen at the practice's clinic and read elsewhere: D0171, the subscriber herself."""
    world, clinic = desk.world, clinic_with_hana(desk)
    patient = cast.make_patient(world, given="Åsa", family="Lindqvist", born=date(1981, 7, 30))
    Patient.objects.filter(pk=patient.pk).update(card_given_name="Asa", card_family_name="Lindqvist", sex="F")
    patient.refresh_from_db()
    cover(desk, patient, relationship="18", member_id="CM-1", subscriber_given_name="", subscriber_family_name="")
    cast.consent_to(world, patient)
    case = opening.open_case(actor=world.of("hana"), patient=patient, site=clinic, kind=Kind.POST_TREATMENT, at=AT)
    answers = {
        "procedure": "Upper left molar taken out",
        "procedure_date": "2026-11-10",
        "operator": "Dr. Halloran",
        "symptoms": ["none"],
    }
    capturing.save_answers(actor=world.of("hana"), case=case, answers=answers, revision=case.revision, at=AT)
    case.refresh_from_db()
    cast.submit(world, case, AT + timedelta(minutes=10))
    cast.start(world, case, AT + timedelta(minutes=20))
    sign_as(world, case, "D0171")
    give_pictures(case)
    return case


def sign_as(world: cast.World, case: Case, evaluation: str, **attested: bool) -> None:
    """Dev writes and signs, with the evaluation that he chooses."""
    cast.write(world, case, AT + timedelta(minutes=25))
    sign_as_it_is(world, case, evaluation, **attested)


def sign_as_it_is(world: cast.World, case: Case, evaluation: str, **attested: bool) -> None:
    """Dev signs what stands there."""
    at, review = AT + timedelta(minutes=30), Review.objects.get(case=case)
    signing.sign_review(
        actor=world.of("dev"), review=review, version=review.version, evaluation_code=evaluation, password=cast.PASSWORD, at=at,
        no_live_contact=attested.get("no_live_contact", True), not_same_building=attested.get("not_same_building", True),
    )  # fmt: skip
    case.refresh_from_db()


def signed_unevaluated(desk: Desk) -> Case:
    """Dev signs that these records cannot be assessed (RE-4)."""
    case = cast.case_at(desk.world, Status.IN_REVIEW)
    at = AT + timedelta(minutes=25)
    review = cast.write(desk.world, case, at)
    review.refresh_from_db()
    said = {**cast.REVIEW, "sufficiency": "not_assessable"}
    reviewing.save_review(actor=desk.world.of("dev"), review=review, version=review.version, at=at, **said)
    sign_as_it_is(desk.world, case, "")
    return case


def import_code(desk: Desk, code: str, *, use: str) -> None:
    """The practice imports its own row of one code."""
    import_codes(
        practice=desk.world.practice, lines=["code,from,until,use,text", f"{code},2020-01-01,,{use},In our words"]
    )


def clinic_with_hana(desk: Desk) -> Site:
    """The clinic of the practice, at its own address, where Hana works too."""
    practice = desk.world.practice
    clinic = Site.objects.create(
        practice=practice, kind=Site.Kind.CLINIC, name="Riverbend Clinic", street="410 River Road", city="Springfield",
        state="OR", zip_code="97477-0001", time_zone="America/Los_Angeles", place_of_service="11",
    )  # fmt: skip
    Membership.objects.create(
        person=desk.world.people["hana"], practice=practice, role=Role.HYGIENIST, site=clinic, starts_on=date(2026, 1, 1)
    )  # fmt: skip
    return clinic


def bytes_of(export: Export) -> bytes:
    assert export.file is not None
    return b"".join(open_streaming(export.file.key))


def unzipped(export: Export) -> dict[str, bytes]:
    content = bytes_of(export)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def exported(desk: Desk, receiver: Receiver | None = None) -> Export:
    return written(exporting.export_claims(actor=desk.rita, receiver=receiver or desk.receiver, at=LATER))
