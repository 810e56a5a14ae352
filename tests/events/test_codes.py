"""A child of the list is called up by the code of her slate or of her family's form, on the page and on a device."""

import json
import uuid

import pytest
from django.urls import reverse

from cases.actions import attending, merging
from cases.events.slates import Slate, code_of, square_of
from cases.family_forms.codes import code_of as form_code
from cases.models import EventChild, FamilyForm, FormRun
from tests import cast
from tests.events.conftest import DAY, page, plan

pytestmark = pytest.mark.django_db


def slate_of(patient, event):
    return Slate(event.public_id, EventChild.objects.get(patient=patient, event=event).tag)


def form_for(world, event, patient):
    """The row of a form that was printed."""
    run = FormRun.objects.create(
        event=event, back_by=event.starts_on, requested_by=world.people["olu"], requested_at=cast.AT
    )
    return FamilyForm.objects.create(
        public_id=uuid.uuid4(), run=run, patient=patient, language="en", text_version="1", text_sha256="a" * 64
    )


def called(client, event, text):
    return client.post(page(event), {"text": text})


def test_the_codes_of_her_slate_and_of_her_form_open_her_as_her_tag_does(world, as_person, event, mateo):
    hana, form = as_person("hana"), form_for(world, event, mateo)
    for text in (slate_of(mateo, event).tag, code_of(slate_of(mateo, event)), form_code(form.public_id)):
        assert called(hana, event, text)["Location"] == reverse("capture-patient", args=[mateo.public_id])


def test_codes_of_another_day_call_up_nobody_and_say_so(world, as_person, event, mateo):
    other = plan(world, first=DAY.replace(day=25))
    attending.add_child(actor=world.of("hana"), event=other, patient=mateo, at=cast.AT)
    form, hana = form_for(world, other, mateo), as_person("hana")
    for what, text in (("slate", code_of(slate_of(mateo, other))), ("form", form_code(form.public_id))):
        answer = called(hana, event, text)
        assert f"This {what} is of no child on this list. It may be of another school day." in answer.content.decode()
    assert "Look at the tag once more" in called(hana, event, "https://example.org/").content.decode()


def test_a_form_of_a_row_that_was_merged_away_is_hers(world, as_person, event, mateo):
    twin = cast.make_patient(world, given="Matteo", family="Villanueva")
    forms = [form_for(world, event, one) for one in (mateo,)]
    forms.append(FamilyForm.objects.create(
        public_id=uuid.uuid4(), run=forms[0].run, patient=twin, language="en", text_version="1", text_sha256="a" * 64
    ))  # fmt: skip
    merging.merge_patients(actor=world.of("olu"), kept=mateo, merged=twin, reason="The mother told us", at=cast.AT)
    hana = as_person("hana")
    for form in forms:
        assert called(hana, event, form_code(form.public_id))["Location"].endswith(f"{mateo.public_id}/")
    day = hana.get(f"/device/api/day/{event.public_id}").json()
    (child,) = day["children"]
    assert child["forms"] == [str(form.public_id) for form in forms]


def test_a_device_is_told_the_code_of_her_slate_to_draw_and_of_no_other_day_s_form(world, as_person, event, mateo):
    other = plan(world, first=DAY.replace(day=25))
    form_for(world, other, mateo)
    (child,) = as_person("hana").get(f"/device/api/day/{event.public_id}").json()["children"]
    assert child["slate"] == json.loads(json.dumps(square_of(slate_of(mateo, event))._asdict()))
    assert child["forms"] == []
