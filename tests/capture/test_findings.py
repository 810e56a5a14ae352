"""Teeth are chosen and marked; services done on site are recorded by the hygienist herself."""

import pytest
from django.urls import reverse

from cases.models import Finding, OnSiteService
from tests import cast
from tests.capture.conftest import words

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def case(world):
    return cast.case_at(world)


def mark(client, case, **said):
    return client.post(reverse("capture-mark", args=[case.public_id]), said, headers=HTMX)


def test_two_teeth_and_two_conditions_make_four_marks_in_one_go(case, hana):
    answer = mark(hana, case, teeth=["LLD", "UR6"], conditions=["decay", "plaque"], surfaces=["O", "D"])
    assert answer.status_code == 200
    assert Finding.objects.count() == 4
    assert "Marked: lower left primary first molar, upper right first molar" in words(answer)


def test_a_mark_without_a_tooth_is_refused_and_keeps_what_was_chosen(case, hana):
    answer = mark(hana, case, conditions=["decay"], note="dark spot")
    assert answer.status_code == 422
    assert "Choose a tooth first" in words(answer)
    assert 'value="dark spot"' in answer.content.decode()


def test_an_unknown_tooth_marks_none_of_those_beside_it(case, hana):
    assert mark(hana, case, teeth=["UR6", "XX9"], conditions=["decay"]).status_code == 422
    assert not Finding.objects.exists()


def test_a_mark_is_removed(case, hana):
    mark(hana, case, teeth=["UR6"], conditions=["decay"])
    number = Finding.objects.get().pk
    assert hana.post(reverse("capture-unmark", args=[case.public_id, number])).status_code == 302
    assert not Finding.objects.exists()


def test_a_service_is_recorded_once_for_a_tooth_and_can_be_taken_back(case, hana):
    address = reverse("capture-service", args=[case.public_id])
    said = {"code": "D0190", "quantity": 1, "ordered_by": "Standing protocol of the practice"}
    assert hana.post(address, said, headers=HTMX).status_code == 200
    again = hana.post(address, said, headers=HTMX)
    assert again.status_code == 422
    assert "recorded already" in words(again)
    hana.post(reverse("capture-service-remove", args=[case.public_id, OnSiteService.objects.get().pk]))
    assert not OnSiteService.objects.exists()


def test_without_a_confirmed_code_licence_no_service_is_offered(world, case, hana):
    world.practice.code_licence.delete()
    answer = hana.get(reverse("capture-case", args=[case.public_id]))
    assert "a manager confirms the licence" in words(answer)
