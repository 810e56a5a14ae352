"""Consent scope by scope: recorded with its signer, shown as it stands, withdrawn with effect at once (CO-1, CO-2)."""

import pytest
from django.urls import reverse

from cases.actions import consenting
from cases.actions.consenting import TEXT
from cases.models import CaseEvent, Consent, ConsentScope
from cases.states import Status
from teledent.kit.decisions import Refused
from tests import cast
from tests.capture.conftest import send, words, work
from tests.capture.drawn import photograph

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
        ({"scope_screening": "given", "signer_name": ""}, "Fill this in"),
    ],
)
def test_an_incomplete_answer_is_refused_in_words_and_recorded_nowhere(hana, patient, said, sentence):
    answer = record(hana, patient, **said)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert not Consent.objects.exists()


@pytest.fixture
def scan(hana, patient, world):
    """A photographed form that was sent into the patient's case and examined."""
    sent = send(hana, cast.case_at(world, patient=patient), photograph(None), view="form")
    work()
    sent.refresh_from_db()
    return sent


def test_a_scan_that_was_sent_into_the_case_is_kept_as_evidence(hana, patient, scan):
    answer = record(hana, patient, scope_teaching="given", evidence="scan", scan=str(scan.public_id))
    assert answer.status_code == 302
    assert Consent.objects.latest("pk").scan == scan.original
    event = CaseEvent.objects.filter(kind="consent_recorded").latest("pk")
    assert event.details["scan"] == scan.original.sha256
    address = reverse("picture", args=[scan.public_id, "review", 1])
    assert f'href="{address}"' in hana.get(reverse("capture-consent", args=[patient.public_id])).content.decode()
    assert hana.get(address).status_code == 200


def test_a_scan_is_chosen_and_is_this_patients(hana, world, patient, scan):
    assert "Choose the scanned form." in words(record(hana, patient, scope_teaching="given", evidence="scan"))
    other = cast.make_patient(world, given="Noor", family="Abernathy")
    foreign = {"scope_teaching": "given", "evidence": "scan", "scan": str(scan.public_id)}
    assert record(hana, other, **foreign).status_code == 422
    with pytest.raises(Refused, match="Choose the scanned form"):
        consenting.record_consent(
            actor=world.of("hana"), patient=other, scopes={"teaching": True}, signer_name="Lucia", signer_authority="Mother",
            evidence="scan", language="English", valid_from=cast.AT.date(), at=cast.AT, scan=scan,
        )  # fmt: skip
    assert not other.consents.exists()


def test_without_a_scan_the_page_says_how_one_is_kept(hana, patient):
    page = words(hana.get(reverse("capture-consent", args=[patient.public_id])))
    assert "send it into the case as “Form or letter” first" in page
    assert record(hana, patient, scope_teaching="given", evidence="scan").status_code == 422


def test_nothing_is_taken_back_where_nothing_stands(hana, patient):
    assert "Take consent back" not in words(hana.get(reverse("capture-consent", args=[patient.public_id])))


def test_withdrawing_says_which_cases_stop_and_stops_them(world, hana):
    case = cast.case_at(world)
    page = words(hana.get(reverse("capture-consent", args=[case.patient.public_id])))
    assert f"that takes it, at once. Unsigned: {case.label}" in page
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
