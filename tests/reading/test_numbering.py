"""A number is read and shown in its reader's own numbering, on every page; what nobody's page shows says the tooth in words."""

import pytest

from cases.actions.phrasing import choose_numbering
from cases.actions.second_reading import ask_second_read
from cases.models import Asset, Order
from cases.states import Status
from teledent.kit import clock
from tests import cast
from tests.capture.conftest import words
from tests.reading.test_queue import another_dentist
from tests.reading.test_stage import give

SAID = {"kind": "sealant", "reason": "Deep grooves"}


@pytest.fixture
def fdi(world):
    """Everybody of the cast reads FDI."""
    for person in world.people.values():
        choose_numbering(person=person, numbering="fdi")


def a_picture_of(case, tooth):
    asset = case.assets.first()
    give(asset)
    Asset.objects.filter(pk=asset.pk).update(tooth=tooth)


def test_an_order_in_the_draft_is_read_and_shown_in_the_numbering_of_its_writer(desk, fdi):
    desk.post("orders/", tooth_keys="51, 16", **SAID)
    assert sorted(Order.objects.values_list("tooth", flat=True)) == ["UR6", "URA"]
    page = words(desk.get())
    assert "Seal 51" in page
    assert "Seal 16" in page
    refused = desk.post("orders/", htmx=True, tooth_keys="3", **SAID)
    assert "3 is not a tooth. Use 11 to 48 or 51 to 85." in words(refused)


def test_a_line_of_the_plan_is_offered_for_an_order_by_the_number_its_reader_uses(written, fdi):
    written.post("plan/", what="Sealant", rationale="Deep grooves", tooth="16", priority=1, diagnosis="")
    assert "Sealant, 16" in written.get().content.decode()


def test_an_order_after_the_signature_is_read_in_the_numbering_of_the_dentist(case_at, client_of, fdi):
    case = case_at(Status.SIGNED)
    client_of("dev").post(f"/cases/{case.public_id}/order/", {**SAID, "tooth_keys": "51", "password": cast.PASSWORD})
    assert Order.objects.get().tooth == "URA"


def test_pictures_carry_the_number_of_their_reader_on_the_stage_the_record_and_the_second_read(
    desk, case_at, world, client_of, fdi
):
    a_picture_of(desk.case, "UR6")
    assert words(desk.get()).count("Frontal 16") == 2  # on the picture, and in the set
    world.people["eva"] = another_dentist(world)
    case = case_at(Status.SUBMITTED)
    a_picture_of(case, "LLD")
    ask_second_read(actor=world.of("olu"), case=case, reader=world.people["eva"], question="Decay?", at=clock.now())
    choose_numbering(person=world.people["eva"], numbering="palmer")
    second = words(client_of("eva").get(f"/reading/{case.public_id}/second/"))
    assert "Frontal LLD" in second
    assert "LLD: Decay, occlusal" in second
    assert "Frontal 74" in words(client_of("dev").get(f"/cases/{case.public_id}/"))


def test_the_checklist_which_many_read_names_teeth_in_words(desk):
    assert "Marked: lower left primary first molar" in words(desk.get())
