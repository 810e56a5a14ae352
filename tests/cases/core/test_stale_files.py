"""A decision about a file is taken on the row as it now stands, under its lock, never on the one that a page showed."""

import uuid
from datetime import date, timedelta

import pytest

from cases.actions import files
from cases.jobs import examining
from cases.models import Asset, AssetState
from teledent.files.models import StoredFile
from teledent.kit.decisions import Conflict, Refused
from tests import cast
from tests.cast import AT

SOMEBODY_ELSE = {"family_name": "Tran", "given_name": "Juniper", "birth_date": "2019-06-02", "patient_id": "AC-20433"}


@pytest.fixture
def hana(world):
    return world.of("hana")


@pytest.fixture
def case(world):
    return cast.case_at(world)


@pytest.fixture
def other(world):
    return cast.case_at(world, patient=cast.make_patient(world, given="Noor", family="Aydin", born=date(2018, 9, 1)))


def as_shown(asset):
    return Asset.objects.select_related("case", "site", "original").get(pk=asset.pk)


def sign(world, case):
    for step, reach in enumerate((cast.submit, cast.start, cast.sign), start=1):
        reach(world, case, AT + timedelta(minutes=10 * step))


def in_tray(world, hana):
    asset = files.declare_file(
        actor=hana, site=world.school, case=None, public_id=uuid.uuid4(), size=3, sha256="a" * 64, name="x", at=AT,
        view="upper", device="Camera", captured_at=AT,
    )  # fmt: skip
    stored = StoredFile.objects.create(key="tests/tray", sha256="a" * 64, size=3, created_at=AT)
    files.file_received(asset, stored, sent_at=AT, at=AT)
    Asset.objects.filter(pk=asset.pk).update(state=AssetState.EXAMINED, examined_at=AT)
    return as_shown(asset)


def examine(asset, identity=SOMEBODY_ELSE):
    """What the job writes after the decoder's child has answered."""
    Asset.objects.filter(pk=asset.pk).update(state=AssetState.RECEIVED, examined_at=None)
    said = {
        "media_type": "application/dicom",
        "device": {"make": "", "model": ""},
        "captured_at": None,
        "identity": identity,
    }
    examining._write(asset_id=asset.pk, mirrored=False, kept=[], found={"ok": True, "examination": said})


DECISIONS = {
    "strike": lambda hana, asset, to: files.strike_file(actor=hana, asset=asset, reason="Taken twice", at=AT),
    "move": lambda hana, asset, to: files.move_file(actor=hana, asset=asset, to=to, reason="Wrong case", at=AT),
    "label": lambda hana, asset, to: files.label_file(actor=hana, asset=asset, at=AT, view="left"),
    "accept": lambda hana, asset, to: files.accept_held_file(actor=hana, asset=asset, reason="I took it", at=AT),
}


@pytest.mark.parametrize("decision", ["strike", "move"])
def test_a_picture_of_a_signed_case_is_not_reached_through_its_row_from_the_tray(world, hana, case, other, decision):
    asset = in_tray(world, hana)
    files.move_file(actor=hana, asset=as_shown(asset), to=case, reason="The slate names the child", at=AT)
    sign(world, case)
    with pytest.raises(Conflict):
        DECISIONS[decision](hana, asset, other)
    asset.refresh_from_db()
    assert (asset.case, asset.state) == (case, AssetState.EXAMINED)


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_picture_that_went_to_another_case_is_not_decided_from_the_first_cases_page(
    world, hana, case, other, decision
):
    shown = as_shown(cast.put_file(case, hana, view="upper"))
    files.move_file(actor=hana, asset=as_shown(shown), to=other, reason="Wrong case chosen", at=AT)
    third = cast.case_at(world, patient=cast.make_patient(world, given="Ada", born=date(2017, 1, 9)))
    with pytest.raises(Conflict):
        DECISIONS[decision](hana, shown, third)
    assert as_shown(shown).case == other


def test_a_picture_does_not_move_into_a_case_signed_meanwhile(world, hana, case, other):
    asset = cast.put_file(case, hana, view="upper")
    loaded = type(other).objects.select_related("site").get(pk=other.pk)
    sign(world, other)
    with pytest.raises(Refused, match="does not change"):
        files.move_file(actor=hana, asset=asset, to=loaded, reason="Wrong case chosen", at=AT)


def test_a_move_from_before_the_examination_keeps_the_hold_that_the_examination_found(hana, case, other):
    shown = as_shown(cast.put_file(case, hana, view="upper"))
    examine(shown)
    files.move_file(actor=hana, asset=shown, to=other, reason="Wrong case chosen", at=AT)
    shown.refresh_from_db()
    assert (shown.case, shown.is_held) == (other, True)


def test_a_hold_of_another_reason_than_the_one_shown_is_not_accepted_with_it(hana, case):
    asset = cast.put_file(case, hana, view="upper")
    examine(asset)
    shown = as_shown(asset)
    Asset.objects.filter(pk=asset.pk).update(hold_code="bytes-elsewhere", hold_reason="Already on another patient.")
    with pytest.raises(Conflict, match="another reason"):
        files.accept_held_file(actor=hana, asset=shown, reason="I took it myself", at=AT)
    assert as_shown(asset).is_held


def test_what_arrived_meanwhile_is_not_struck_off_as_missing_from_a_case_that_is_read(world, hana, case):
    cast.fill(world, case, AT)
    case.refresh_from_db()
    late = files.declare_file(
        actor=hana, site=case.site, case=case, public_id=uuid.uuid4(), size=4, sha256="b" * 64, name="x", at=AT,
        view="upper", device="Camera", captured_at=AT,
    )  # fmt: skip
    cast.submitting.submit_case(actor=hana, case=case, at=AT)
    shown = as_shown(late)
    stored = StoredFile.objects.create(key="tests/late", sha256="b" * 64, size=4, created_at=AT)
    files.file_received(late, stored, sent_at=AT, at=AT)
    Asset.objects.filter(pk=late.pk).update(state=AssetState.EXAMINED, examined_at=AT)
    with pytest.raises(Refused):
        files.strike_file(actor=hana, asset=shown, reason="Will not come", at=AT)
    assert as_shown(late).state == AssetState.EXAMINED


def test_bytes_that_arrive_after_a_move_are_told_on_the_timeline_of_the_case_they_lie_in(hana, case, other):
    asset = files.declare_file(
        actor=hana, site=case.site, case=case, public_id=uuid.uuid4(), size=4, sha256="b" * 64, name="x", at=AT
    )
    shown = as_shown(asset)
    files.move_file(actor=hana, asset=as_shown(asset), to=other, reason="Wrong case chosen", at=AT)
    stored = StoredFile.objects.create(key="tests/late", sha256="b" * 64, size=4, created_at=AT)
    files.file_received(shown, stored, sent_at=AT, at=AT)
    assert other.events.filter(kind="file_received").exists()
    assert not case.events.filter(kind="file_received").exists()


def test_striking_off_twice_keeps_the_first_reason(hana, case):
    asset = cast.put_file(case, hana, view="upper")
    files.strike_file(actor=hana, asset=as_shown(asset), reason="Blurred, taken again", at=AT)
    files.strike_file(actor=hana, asset=asset, reason="Something else", at=AT)
    assert as_shown(asset).struck_reason == "Blurred, taken again"
    assert case.events.filter(kind="file_struck").count() == 1
