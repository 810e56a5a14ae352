"""The manager's pages: found, compared, merged, taken apart; old addresses lead to the one that stays."""

from django.urls import reverse

from cases.models import PatientMerge
from cases.states import Status
from tests import cast
from tests.capture.conftest import words


def test_from_the_list_of_those_alike_to_one_patient_and_back(world, one, two, as_person):
    cast.case_at(world, Status.SIGNED, patient=two)
    olu = as_person("olu")
    listed = words(olu.get(reverse("patients")))
    assert "Mateo Villanueva-Reyes" in listed
    compare = reverse("patients-compare", args=[one.public_id, two.public_id])
    assert compare in olu.get(reverse("patients")).content.decode()
    page = words(olu.get(compare))
    assert "Legal name differs Mateo Villanueva-Reyes Matteo Villanueva" in page
    assert "Cases differs 0 1" in page
    assert olu.post(compare, {"kept": str(one.public_id), "reason": ""}).status_code == 422
    done = olu.post(compare, {"kept": str(one.public_id), "reason": "The mother told us"})
    made = PatientMerge.objects.get()
    assert done["Location"] == reverse("patients-merge", args=[made.public_id])
    hana = as_person("hana")
    assert "Mateo Villanueva-Reyes" in words(hana.get(reverse("capture-patient", args=[two.public_id])))
    found = words(olu.post(reverse("records"), {"text": "Matteo"}))
    assert "TD-00001" in found
    back = olu.post(done["Location"], {"reason": "Two children after all"}, follow=True)
    assert "are two patients again" in words(back)
    assert "Matteo Villanueva" in words(as_person("bo").get(reverse("capture-patient", args=[two.public_id])))


def test_any_two_are_found_by_name_and_compared(one, two, as_person):
    olu = as_person("olu")
    page = reverse("patients")
    assert olu.post(page, {"text": "villanueva", "compare": "1", "both": [str(one.public_id)]}).status_code == 422
    chosen = olu.post(page, {"text": "villanueva", "both": [str(one.public_id), str(two.public_id)]})
    assert chosen["Location"] == reverse("patients-compare", args=[one.public_id, two.public_id])
    assert "Nobody by that name" in words(olu.post(page, {"text": "zzz"}))


def test_a_second_click_is_told_so(one, two, merge, as_person):
    made, olu = merge(), as_person("olu")
    compare = reverse("patients-compare", args=[one.public_id, two.public_id])
    assert "one patient already" in words(
        olu.post(compare, {"kept": str(one.public_id), "reason": "Again"}, follow=True)
    )
    address = reverse("patients-merge", args=[made.public_id])
    assert olu.post(address, {"reason": "Two children"}).status_code == 302
    assert olu.post(address, {"reason": "Two children"}).status_code == 409
