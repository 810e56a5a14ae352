"""A picture is in while there are pictures of it the way it is marked now; else it is on its way, and everybody is told."""

import uuid

import pytest

from cases.actions import files, reviewing, submitting
from cases.jobs import examining
from cases.models import AssetState, Derivative
from cases.states import Status
from cases.views.record.gallery import absent_of
from teledent.files.models import StoredFile
from teledent.jobs.models import Job
from teledent.kit.decisions import Refused
from tests import cast
from tests.cast import AT

EXAMINATION = {"media_type": "image/jpeg", "device": {"make": "", "model": ""}, "captured_at": None, "identity": None}
FOUND = {"ok": True, "examination": EXAMINATION}


@pytest.fixture
def hana(world):
    return world.of("hana")


@pytest.fixture
def case(world):
    case = cast.case_at(world)
    cast.fill(world, case, AT)
    case.refresh_from_db()
    for asset in case.assets.all():
        derive(asset, mirrored=False)
    Job.objects.all().delete()
    return case


@pytest.fixture
def lower(case):
    return case.assets.get(view="lower")


def derive(asset, *, mirrored):
    stored = StoredFile.objects.create(key=f"tests/{uuid.uuid4().hex}", sha256="e" * 64, size=1, created_at=AT)
    Derivative.objects.create(
        asset=asset, recipe="review", recipe_version=1, file=stored, width=1, height=1, mirrored=mirrored
    )


def turn(hana, asset, *, mirrored):
    files.label_file(actor=hana, asset=asset, at=AT, mirrored=mirrored)
    asset.refresh_from_db()


def test_a_turned_picture_is_not_in_until_it_was_examined_anew(world, hana, case, lower):
    turn(hana, lower, mirrored=True)
    assert lower.state == AssetState.RECEIVED
    assert [absent.label for absent in absent_of(case.assets.all())] == ["Lower"]
    submitting.submit_case(actor=hana, case=case, at=AT)
    with pytest.raises(Refused, match="Not every picture is in"):
        reviewing.start_review(actor=world.of("dev"), case=case, at=AT)
    examining._write(asset_id=lower.pk, mirrored=True, found=FOUND, kept=[])
    lower.refresh_from_db()
    assert (lower.state, lower.examined_at) == (AssetState.EXAMINED, AT)


def test_a_turning_that_was_set_aside_is_told_and_can_be_tried_again(hana, case, lower):
    turn(hana, lower, mirrored=True)
    examining.set_aside(**Job.objects.get().payload)
    lower.refresh_from_db()
    assert lower.state == AssetState.FAILED
    assert case.events.filter(kind="processing_failed").exists()
    Job.objects.all().delete()
    files.examine_again(actor=hana, asset=lower, at=AT)
    assert Job.objects.get().payload == {"asset_id": lower.pk}


def test_a_picture_turned_back_is_in_at_once(hana, lower):
    turn(hana, lower, mirrored=True)
    turn(hana, lower, mirrored=False)
    assert lower.state == AssetState.EXAMINED


def test_an_examination_from_before_the_turn_does_not_bring_the_picture_in(hana, lower):
    turn(hana, lower, mirrored=True)
    examining._write(asset_id=lower.pk, mirrored=False, found=FOUND, kept=[])
    lower.refresh_from_db()
    assert lower.state == AssetState.RECEIVED


def test_a_document_is_turned_back_by_its_view(hana, lower):
    derive(lower, mirrored=True)
    turn(hana, lower, mirrored=True)
    files.label_file(actor=hana, asset=lower, at=AT, view="form")
    lower.refresh_from_db()
    assert (lower.mirrored, lower.state) == (False, AssetState.EXAMINED)


def test_a_hold_outlives_the_turn(hana, lower):
    type(lower).objects.filter(pk=lower.pk).update(hold_code="other-name", hold_reason="The file names “Tran”.")
    turn(hana, lower, mirrored=True)
    examining._write(asset_id=lower.pk, mirrored=True, found=FOUND, kept=[])
    lower.refresh_from_db()
    assert (lower.state, lower.hold_code) == (AssetState.EXAMINED, "other-name")


def test_a_late_examination_changes_nothing_of_a_signed_case(world):
    case = cast.case_at(world, Status.SIGNED)
    asset = case.assets.first()
    for found in (FOUND, {"ok": False, "code": "truncated", "sentence": "The file is incomplete."}):
        examining._write(asset_id=asset.pk, mirrored=False, found=found, kept=[])
    asset.refresh_from_db()
    assert (asset.state, asset.examination) == (AssetState.EXAMINED, {})


def test_a_file_that_was_struck_off_is_not_labelled(hana, lower):
    files.strike_file(actor=hana, asset=lower, reason="Taken twice", at=AT)
    with pytest.raises(Refused, match="struck off"):
        files.label_file(actor=hana, asset=lower, at=AT, mirrored=True)


@pytest.mark.parametrize("found", [FOUND, {"ok": False, "code": "truncated", "sentence": "The file is incomplete."}])
def test_a_file_that_was_struck_off_stays_so_whatever_its_examination_says(hana, lower, found):
    files.strike_file(actor=hana, asset=lower, reason="Taken twice", at=AT)
    examining._write(asset_id=lower.pk, mirrored=False, found=found, kept=[])
    lower.refresh_from_db()
    assert lower.state == AssetState.STRUCK
