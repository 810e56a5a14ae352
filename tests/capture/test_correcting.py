"""The pages of putting a picture or a whole case right: what the act does is said before it is done."""

from django.urls import reverse

from cases.models import Case
from cases.states import Status
from tests import cast
from tests.capture.conftest import words


def test_moving_a_picture_out_of_a_case_that_is_read_says_that_it_comes_back(world, hana, as_person):
    case = cast.case_at(world, Status.IN_REVIEW)
    right = cast.case_at(world, patient=cast.make_patient(world, given="Noor", family="Aydin"))
    page = reverse("capture-file-move", args=[case.assets.first().public_id])
    assert "Dr. Dev Halloran is reading it and is told at once" in words(hana.get(page))
    hana.post(page, {"to": str(right.public_id), "reason": "Taken while another case was open"})
    case.refresh_from_db()
    assert case.status == Status.DRAFT
    dev = as_person("dev")
    beat = dev.post(reverse("reading-beat", args=[case.public_id]), {"received": "2"})
    assert beat.status_code == 409
    assert "Hana Okafor took this case back: Taken while another case was open" in words(beat)
    assert "Taken back by the site." in words(dev.get(reverse("record", args=[case.public_id])))


def test_a_corrected_case_is_opened_from_the_retracted_one(world, hana):
    case = cast.case_at(world, Status.RETRACTED)
    page = reverse("capture-correct", args=[case.public_id])
    assert page in hana.get(reverse("capture-case", args=[case.public_id])).content.decode()
    shown = words(hana.get(page))
    assert "wrong images" in shown
    assert "checked" not in hana.get(page).content.decode().partition('id="id_pictures"')[2]  # the pictures were wrong
    assert hana.post(page, {"public_id": "x", "whose": "same"}).status_code == 422
    first = hana.post(page, {**token(hana, page), "whose": "same", "pictures": [str(case.assets.first().public_id)]})
    made = Case.objects.get(follows=case)
    assert first["Location"] == reverse("capture-case", args=[made.public_id])
    assert made.assets.count() == 1
    assert f"Corrected by {made.label}" in words(hana.get(reverse("record", args=[case.public_id])))


def test_for_another_child_she_is_found_by_name_and_chosen(world, hana):
    case = cast.case_at(world, Status.RETRACTED)
    noor = cast.make_patient(world, given="Noor", family="Aydin")
    page = reverse("capture-correct", args=[case.public_id])
    asked = hana.post(page, {**token(hana, page), "whose": "other", "text": "aydin"})
    assert asked.status_code == 422
    assert "Noor Aydin, born" in words(asked)
    hana.post(page, {**token(hana, page), "whose": "other", "text": "aydin", "patient": str(noor.public_id)})
    assert Case.objects.get(follows=case).patient == noor


def token(client, page):
    return {"public_id": str(client.get(page).context["form"].initial["public_id"])}
