"""What the processes of `tests.flows.rivals` do when they are told to, each by its keys in the database."""

import hashlib
import uuid
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from cases.actions import events, files, handing, merging, opening, ordering, reviewing, signing, submitting, treating
from cases.actions.returned_forms import announce_scan, scan_arrived
from cases.models import Asset, Case, FormScan, Kind, Order, Patient, PatientMerge, Review, ScreeningEvent
from cases.states import Status
from teledent.accounts.acting import Actor, actor_for
from teledent.accounts.models import Membership, Person, Practice, Site
from teledent.files.models import StoredFile
from tests import cast

NONE_KNOWN = {"allergies": ["none_known"]}
SECOND_VISIT = cast.AT + timedelta(days=2)


def prepare() -> None:
    """The cast, Eva who reads too, and Bo at Hana's school."""
    world = cast.build_world()
    eva = Person.objects.create_user("eva@example.org", cast.PASSWORD, name="Dr. Eva Osei")
    starts_on = date(2026, 1, 1)
    Membership.objects.create(person=eva, practice=world.practice, role="dentist", starts_on=starts_on)
    Membership.objects.create(
        person=world.people["bo"], practice=world.practice, role="hygienist", site=world.school, starts_on=starts_on
    )
    cast.license_person(eva, npi="1245319599", taxonomy="122300000X", title="DDS")


def _actor(name: str) -> Actor:
    actor = actor_for(Person.objects.get(email=f"{name}@example.org"))
    assert actor is not None
    return actor


def _world() -> cast.World:
    school, other = Site.objects.order_by("pk")
    people = {person.email.partition("@")[0]: person for person in Person.objects.all()}
    return cast.World(Practice.objects.get(), school, other, people)


# --- made by one of them, alone ---------------------------------------------------------------------------------------


def child(given: str) -> int:
    return cast.make_patient(_world(), given=given).pk


def draft(patient: int) -> int:
    """A case in which nothing but the signature of the hygienist is missing."""
    world = _world()
    case = cast.case_at(world, patient=Patient.objects.get(pk=patient))
    cast.fill(world, case, cast.AT)
    return case.pk


def read(patient: int) -> int:
    """A case in which nothing but the signature of the dentist is missing."""
    world = _world()
    case = cast.case_at(world, Status.IN_REVIEW, patient=Patient.objects.get(pk=patient))
    cast.write(world, case, cast.AT)
    return case.pk


def ordered(patient: int) -> list[int]:
    """Two orders on one signed case: to seal a tooth, and fluoride."""
    case = cast.case_at(_world(), Status.SIGNED, patient=Patient.objects.get(pk=patient))
    made = [
        ordering.give_orders(
            actor=_actor("dev"), case=case, kind=kind, tooth_keys=teeth, reason="Deep grooves", password=cast.PASSWORD, at=cast.AT
        ) for kind, teeth in (("sealant", ["UR6"]), ("fluoride", []))
    ]  # fmt: skip
    return [order.pk for (order,) in made]


def take_back(by: str, case: int) -> None:
    """The case is with Dev again, who wrote the draft, and he holds it."""
    shown = Case.objects.get(pk=case)
    if shown.status == Status.IN_REVIEW and shown.reader == _actor("eva").person:
        handing.hand_over(actor=_actor("eva"), case=shown, to=_actor(by).person, reason="Back to you", at=cast.AT)
    elif shown.status == Status.SUBMITTED:
        reviewing.start_review(actor=_actor(by), case=shown, at=cast.AT)


def end_visit(case: int) -> None:
    submitting.withdraw_case(
        actor=_actor("hana"), case=Case.objects.get(pk=case), reason="Child went home", at=SECOND_VISIT
    )


def opened_by_bo(patient: int) -> int:
    """A draft at the other school."""
    world = _world()
    child = Patient.objects.get(pk=patient)
    return opening.open_case(
        actor=_actor("bo"), patient=child, site=world.other_school, kind=Kind.SCREENING, at=cast.AT
    ).pk


def announced_scan() -> list[Any]:
    """A scan of which the last part is about to arrive: its key, and the hash of its bytes."""
    event = ScreeningEvent.objects.first() or events.plan_event(
        actor=_actor("olu"), site=_world().school, public_id=uuid.uuid4(), team=[], at=cast.AT,
        details={"starts_on": cast.AT.date(), "ends_on": cast.AT.date(), "supervising_dentist": None, "aim": None, "note": ""},
    )  # fmt: skip
    sha256 = hashlib.sha256(uuid.uuid4().bytes).hexdigest()
    announce_scan(
        actor=_actor("rita"), event=event, public_id=uuid.uuid4(), name="a.pdf", size=9, sha256=sha256, at=cast.AT
    )
    return [FormScan.objects.get(sha256=sha256).pk, sha256]


def announce_anew(sha256: str) -> None:
    announce_scan(
        actor=_actor("rita"), event=ScreeningEvent.objects.get(), public_id=uuid.uuid4(), name="b.pdf", size=9, sha256=sha256,
        at=cast.AT,
    )  # fmt: skip


@transaction.atomic
def last_part(scan: int, sha256: str) -> None:
    """As the receiver does it: the bytes get their row, and the scan is told of them."""
    stored = StoredFile.objects.create(key=f"tests/{uuid.uuid4()}", sha256=sha256, size=9, created_at=cast.AT)
    scan_arrived(FormScan(pk=scan), stored)


@transaction.atomic
def in_the_tray() -> int:
    """A file at Hana's school that lies in no case yet."""
    content = uuid.uuid4().bytes
    sha256 = hashlib.sha256(content).hexdigest()
    asset = files.declare_file(
        actor=_actor("hana"), site=_world().school, case=None, public_id=uuid.uuid4(), size=len(content), sha256=sha256,
        name="IMG_0001.JPG", at=cast.AT,
    )  # fmt: skip
    stored = StoredFile.objects.create(key=f"tests/{sha256}", sha256=sha256, size=len(content), created_at=cast.AT)
    files.file_received(asset, stored, sent_at=cast.AT, at=cast.AT)
    return asset.pk


def unmerge() -> None:
    merge = PatientMerge.objects.get(undone_at__isnull=True)
    merging.unmerge_patients(actor=_actor("olu"), merge=merge, reason="The school has two children", at=cast.AT)


# --- done by both at once ---------------------------------------------------------------------------------------------


def merge(kept: int, merged: int) -> None:
    merging.merge_patients(
        actor=_actor("olu"), kept=Patient.objects.get(pk=kept), merged=Patient.objects.get(pk=merged),
        reason="The mother told us", at=cast.AT,
    )  # fmt: skip


def open_one(patient: int) -> None:
    cast.case_at(_world(), patient=Patient.objects.get(pk=patient))


def move(by: str, asset: int, to: int) -> None:
    shown = Asset.objects.get(pk=asset)
    shown.case = None  # both pages showed it in the tray
    files.move_file(
        actor=_actor(by), asset=shown, to=Case.objects.get(pk=to), reason="It is of this child", at=cast.AT
    )  # fmt: skip


def submit(case: int) -> None:
    submitting.submit_case(actor=_actor("hana"), case=Case.objects.get(pk=case), at=cast.AT)


def sign(case: int) -> None:
    review = Review.objects.get(case=case)
    signing.sign_review(
        actor=_actor("dev"), review=review, version=review.version, evaluation_code="D0140", no_live_contact=True,
        not_same_building=True, password=cast.PASSWORD, at=cast.AT,
    )  # fmt: skip


def release(case: int) -> None:
    reviewing.release_review(actor=_actor("dev"), case=Case.objects.get(pk=case), at=cast.AT)


def hand(case: int) -> None:
    handing.hand_over(
        actor=_actor("dev"),
        case=Case.objects.get(pk=case),
        to=_actor("eva").person,
        reason="My shift ends now",
        at=cast.AT,
    )


def begin(by: str, order: int, tooth: str) -> dict[str, Any]:
    """The visit under an order; its key."""
    visit = treating.start_visit(
        actor=_actor(by), order=Order.objects.get(pk=order), tooth=tooth, answers=NONE_KNOWN, at=SECOND_VISIT
    )  # fmt: skip
    return {"visit": visit.pk}
