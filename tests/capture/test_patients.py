"""A new patient, the question about a similar one, corrections, and opening a case (ID-1)."""

import uuid
from datetime import date

import pytest
from django.urls import reverse

from cases.actions import registering
from cases.models import Case, Patient
from tests import cast
from tests.capture.conftest import words
from tests.eight_scripts import EIGHT_SCRIPTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(world):
    return {
        "public_id": str(uuid.uuid4()), "given_name": "Mateo", "family_name": "Villanueva-Reyes", "birth_date": "2018-03-14", "sex": "M",
        "site": str(world.school.public_id), "room": "12", "guardian_name": "Lucia Villanueva", "guardian_relationship": "Mother",
        "guardian_has_authority": "on",
    }  # fmt: skip


def add(client, typed, **more):
    return client.post(reverse("capture-patient-add"), {**typed, **more})


def test_a_new_patient_stands_on_the_list_with_room_and_guardian(hana, typed):
    answer = add(hana, typed)
    made = Patient.objects.get()
    assert answer["Location"] == reverse("capture-patient", args=[made.public_id])
    assert made.enrolments.get().room == "12"
    assert made.guardians.get().has_authority


def test_the_same_form_sent_twice_makes_one_patient(hana, typed):
    add(hana, typed)
    add(hana, typed)
    assert Patient.objects.count() == 1


def test_a_twin_asks_first_and_is_made_only_on_a_deliberate_no(world, hana, typed):
    cast.make_patient(world, given="Lucas")
    asked = add(hana, typed)
    assert asked.status_code == 422
    assert "Is it one of these?" in words(asked)
    assert Patient.objects.count() == 1
    add(hana, typed, is_patient="another")
    assert Patient.objects.count() == 2


def test_the_question_about_a_twin_leads_back_to_all_that_was_typed(world, hana, typed):
    cast.make_patient(world)
    assert 'value="typed"' in add(hana, typed).content.decode()
    form = add(hana, typed, is_patient="typed")
    assert (form.status_code, Patient.objects.count()) == (200, 1)
    assert "New patient" in words(form)
    assert form.context["form"]["family_name"].value() == "Villanueva-Reyes"


def test_it_is_this_one_takes_the_known_patient_and_makes_none(world, hana, typed):
    known = cast.make_patient(world)
    answer = add(hana, typed, is_patient=str(known.public_id))
    assert answer["Location"] == reverse("capture-patient", args=[known.public_id])
    assert Patient.objects.count() == 1


def test_a_child_who_changed_schools_is_offered_and_joins_the_new_site(world, as_person, typed):
    known = cast.make_patient(world)
    bo = as_person("bo")
    page = reverse("capture-patient", args=[known.public_id])
    assert bo.get(page).status_code == 404
    add(bo, {**typed, "site": str(world.other_school.public_id)}, is_patient=str(known.public_id))
    assert bo.get(page).status_code == 200


def test_a_patient_that_was_not_shown_cannot_be_taken_in(world, as_person, typed):
    cast.make_patient(world)
    hidden = cast.make_patient(world, given="Juniper", family="Tran", born=date(2019, 6, 2))
    answer = add(
        as_person("bo"), {**typed, "site": str(world.other_school.public_id)}, is_patient=str(hidden.public_id)
    )
    assert answer.status_code == 404


def test_patients_of_another_practice_are_never_asked_about(world, elsewhere, hana, typed):
    cast.make_patient(elsewhere)
    assert add(hana, typed).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("birth_date", "2030-01-01", "in the future"),
        ("card_given_name", "Юлия", "Latin letters"),
        ("site", "1c4d3f0e-0000-4000-8000-000000000000", "choice"),
    ],
)
def test_what_cannot_be_is_refused_beside_the_field_with_everything_typed_kept(hana, typed, field, value, sentence):
    answer = add(hana, typed, **{field: value})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'value="Villanueva-Reyes"' in answer.content.decode()


@pytest.mark.parametrize("name", EIGHT_SCRIPTS.values(), ids=EIGHT_SCRIPTS)
def test_a_name_is_kept_and_shown_as_typed_with_the_card_s_name_beside_it(hana, typed, name):
    page = add(hana, typed, **name.typed)["Location"]
    made = Patient.objects.get()
    assert {field: getattr(made, field) for field in name.typed} == name.typed
    assert name.in_use in words(hana.get(page))
    form = hana.get(reverse("capture-patient-edit", args=[made.public_id])).context["form"]
    assert {field: form[field].value() for field in name.typed} == name.typed


def test_two_scripts_in_one_name_are_kept_as_typed(hana, typed):
    add(hana, {**typed, "given_name": "အောင်", "family_name": "佐藤 العربية"})
    assert Patient.objects.get().name == "အောင် 佐藤 العربية"


def test_a_correction_keeps_the_patient_and_changes_what_was_wrong(world, hana, typed):
    known = cast.make_patient(world)
    address = reverse("capture-patient-edit", args=[known.public_id])
    assert hana.get(address).status_code == 200
    hana.post(address, {**typed, "given_name": "Matteo", "room": "14"})
    known.refresh_from_db()
    assert (known.given_name, known.given_key) == ("Matteo", "matteo")
    assert known.enrolments.get().room == "14"


def test_a_second_tap_on_open_opens_no_second_case(world, hana):
    known = cast.make_patient(world)
    said = {"public_id": str(uuid.uuid4()), "site": str(world.school.public_id), "kind": "screening"}
    for _ in range(2):
        hana.post(reverse("capture-open", args=[known.public_id]), said)
    assert Case.objects.count() == 1


def test_a_correction_does_not_put_back_what_another_page_saved_meanwhile(world):
    stale = cast.make_patient(world)
    Patient.objects.filter(pk=stale.pk).update(
        card_family_name="Reyes", street="9 New Street"
    )  # the front desk, meanwhile
    registering.correct_patient(
        actor=world.of("hana"), patient=stale, site=world.school, details={"phone": "541-555-0199"}, at=cast.AT
    )
    now = Patient.objects.get(pk=stale.pk)
    assert (now.card_family_name, now.street, now.phone) == ("Reyes", "9 New Street", "541-555-0199")
