"""Consent scope by scope: recorded with its signer, shown as it stands, withdrawn with effect at once (CO-1, CO-2)."""

import pytest
from django.urls import reverse

from cases.actions.consenting import TEXT
from cases.models import Consent, ConsentScope
from cases.states import Status
from tests import cast
from tests.capture.conftest import words

pytestmark = pytest.mark.django_db
SIGNED = {
    "signer_name": "Lucia Villanueva", "signer_authority": "Mother", "evidence": "paper", "language": "Spanish",
    "valid_from": "2026-09-01", "valid_until": "2027-08-31",
}  # fmt: skip


@pytest.fixture
def patient(world):
    return cast.make_patient(world)


def record(client, patient, **said):
    return client.post(reverse("capture-consent", args=[patient.public_id]), {**SIGNED, **said})


def test_each_scope_is_given_refused_or_not_asked(hana, patient):
    assert record(hana, patient, scope_screening="given", scope_teaching="refused").status_code == 302
    assert dict(ConsentScope.objects.values_list("scope", "given")) == {"screening": True, "teaching": False}
    page = words(hana.get(reverse("capture-patient", args=[patient.public_id])))
    assert "Screening In force" in page
    assert "Use pictures for teaching Refused" in page
    assert "Radiographs Not asked" in page


def test_the_text_that_was_shown_stands_on_the_page(hana, patient):
    assert TEXT.split(".")[0] in words(hana.get(reverse("capture-consent", args=[patient.public_id])))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "given or refused"),
        ({"scope_screening": "given", "evidence": "verbal"}, "Name the witness"),
        ({"scope_screening": "given", "valid_until": "2026-01-01"}, "before the first"),
        ({"scope_screening": "given", "signer_name": ""}, "required"),
    ],
)
def test_an_incomplete_answer_is_refused_in_words_and_recorded_nowhere(hana, patient, said, sentence):
    answer = record(hana, patient, **said)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert not Consent.objects.exists()


def test_withdrawing_says_which_cases_stop_and_stops_them(world, hana):
    case = cast.case_at(world)
    page = words(hana.get(reverse("capture-consent", args=[case.patient.public_id])))
    assert f"stops at once: {case.label}" in page
    said = {"scope": "teledentistry", "reason": "The mother called at noon"}
    hana.post(reverse("capture-consent-withdraw", args=[case.patient.public_id]), said)
    case.refresh_from_db()
    assert case.status == Status.STOPPED


def test_a_withdrawal_without_a_reason_changes_nothing(world, hana):
    case = cast.case_at(world)
    address = reverse("capture-consent-withdraw", args=[case.patient.public_id])
    assert hana.post(address, {"scope": "teledentistry", "reason": "n/a"}).status_code == 422
    case.refresh_from_db()
    assert case.status == Status.DRAFT
