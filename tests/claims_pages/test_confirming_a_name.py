import pytest

from billing.actions import checking
from cases.models import Patient
from tests.billing import cast as billing_cast
from tests.claims_pages.reading import text_of
from tests.services.standing import built_once


@built_once
def renamed(desk):
    claim = billing_cast.ready_claim(desk)
    Patient.objects.filter(pk=claim.case.patient_id).update(family_name="Villanueva")
    return checking.check_claim(claim.pk, at=billing_cast.LATER)


def test_the_page_asks_whether_two_names_are_of_one_person(rita, renamed):
    address = f"/claims/{renamed.public_id}/"
    page = text_of(rita.get(address))
    assert "signed for “Mateo Villanueva-Reyes”" in page
    assert "It is the same person" in page
    answer = rita.post(f"{address}name/", {"reason": "Her mother married"}, follow=True)
    assert "Checked: ready." in text_of(answer)
    assert "Rita Castellane confirmed that Mateo Villanueva-Reyes is now Mateo Villanueva" in text_of(answer)
    assert "It is the same person" not in text_of(answer)


@pytest.mark.parametrize("filler", ["", "x"])
def test_a_reason_that_says_nothing_comes_back_in_the_form(rita, renamed, filler):
    answer = rita.post(f"/claims/{renamed.public_id}/name/", {"reason": filler})
    assert answer.status_code == 422
    renamed.refresh_from_db()
    assert renamed.status == "blocked"
