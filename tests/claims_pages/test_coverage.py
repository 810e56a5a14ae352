import uuid
from datetime import date, timedelta

import pytest

from billing.models import Coverage
from cases.models import Patient
from teledent.kit import clock
from tests import cast
from tests.billing import cast as billing_cast
from tests.claims_pages.reading import text_of


@pytest.fixture
def patient(uninsured):
    return uninsured.case.patient


@pytest.fixture
def said(desk):
    """What Rita types for a child on her mother's plan."""
    return {
        "public_id": str(uuid.uuid4()), "payer": desk.cedar.pk, "priority": "P", "relationship": "19", "member_id": "CM-77204881",
        "group_number": "G-100", "group_name": "", "subscriber_given_name": "Lucía", "subscriber_family_name": "Villanueva",
        "subscriber_birth_date": "1988-05-02", "subscriber_sex": "F", "street": "", "street_2": "", "city": "", "state": "", "zip_code": "",
        "valid_from": "2026-01-01", "valid_until": "", "verified_on": "2026-11-12", "verified_how": "By phone",
    }  # fmt: skip


def add(rita, patient, said, **changes):
    return rita.post(f"/claims/patients/{patient.public_id}/coverage/add/", {**said, **changes}, follow=True)


def test_adding_a_coverage_makes_the_held_claim_ready(rita, uninsured, patient, said):
    assert "The coverage is saved" in text_of(add(rita, patient, said))
    uninsured.refresh_from_db()
    assert (uninsured.status, uninsured.coverage.member_id) == ("ready", "CM-77204881")
    assert "Verified 12 Nov 2026, By phone, by Rita Castellane" in text_of(
        rita.get(f"/claims/patients/{patient.public_id}/")
    )


def test_the_same_form_sent_twice_is_one_coverage(rita, patient, said):
    add(rita, patient, said)
    add(rita, patient, said)
    assert Coverage.objects.filter(patient=patient).count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"subscriber_given_name": "Лусия"}, "Payers read Latin letters only."),
        ({"subscriber_family_name": ""}, "Copy the subscriber's names from the insurance card."),
        ({"member_id": ""}, "Fill this in."),
        ({"valid_until": "2025-12-31"}, "The last day lies before the first."),
        ({"verified_how": ""}, "Say how it was verified."),
        ({"verified_on": ""}, "Say when it was verified."),
        ({"verified_on": "2999-01-01"}, "This day has not come yet."),
        ({"payer": "999999"}, "Select a valid choice."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(rita, patient, said, wrong, sentence):
    answer = add(rita, patient, said, **wrong)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert 'value="G-100"' in answer.content.decode()
    assert not Coverage.objects.filter(patient=patient).exists()


def test_a_payer_of_another_practice_is_no_choice(rita, patient, said):
    elsewhere = billing_cast.build_desk(cast.build_world("Second "))
    answer = add(rita, patient, said, payer=elsewhere.cedar.pk)
    assert answer.status_code == 422
    assert "Select a valid choice" in text_of(answer)


def test_verifying_says_when_how_and_by_whom(rita, desk, patient):
    coverage = billing_cast.cover(desk, patient, verified_on=None, verified_how="")
    today = clock.now().date() - timedelta(days=1)
    rita.post(
        f"/claims/coverage/{coverage.public_id}/verify/", {"verified_on": today, "verified_how": "On the payer's site"}
    )
    coverage.refresh_from_db()
    assert (coverage.verified_on, coverage.verified_how) == (today, "On the payer's site")
    assert coverage.verified_by == desk.world.people["rita"]


def test_a_verification_without_its_how_stays_in_its_form(rita, desk, patient):
    coverage = billing_cast.cover(desk, patient, verified_on=None, verified_how="")
    answer = rita.post(
        f"/claims/coverage/{coverage.public_id}/verify/", {"verified_on": "2026-11-20", "verified_how": ""}
    )
    assert answer.status_code == 422
    assert 'value="2026-11-20"' in answer.content.decode()


def test_correcting_a_group_leaves_the_verification_with_whoever_made_it(rita, desk, patient, said):
    coverage = billing_cast.cover(desk, patient)
    Coverage.objects.filter(pk=coverage.pk).update(verified_by=desk.world.people["olu"])
    kept = {**said, "verified_on": coverage.verified_on, "verified_how": coverage.verified_how, "group_number": "G-200"}
    rita.post(f"/claims/coverage/{coverage.public_id}/", kept)
    coverage.refresh_from_db()
    assert (coverage.group_number, coverage.verified_by) == ("G-200", desk.world.people["olu"])


def test_a_new_member_id_is_verified_by_whoever_writes_it(rita, desk, patient, said):
    coverage = billing_cast.cover(desk, patient)
    Coverage.objects.filter(pk=coverage.pk).update(verified_by=desk.world.people["olu"])
    rita.post(f"/claims/coverage/{coverage.public_id}/", {**said, "member_id": "NEW-1"})
    coverage.refresh_from_db()
    assert (coverage.member_id, coverage.verified_by) == ("NEW-1", desk.world.people["rita"])


CARD = {
    "card_given_name": "Taro", "card_family_name": "Yamada", "street": "1 Oak Street", "street_2": "", "city": "Springfield",
    "state": "OR", "zip_code": "97477",
}  # fmt: skip


def test_the_name_on_the_card_makes_a_held_claim_ready(rita, desk):
    patient = cast.make_patient(desk.world, given="太郎", family="山田", born=date(2017, 1, 1))
    Patient.objects.filter(pk=patient.pk).update(card_given_name="", card_family_name="")
    billing_cast.cover(desk, patient)
    case = billing_cast.signed(desk, patient=patient)
    billing_cast.run_jobs()
    assert "not in Latin letters" in text_of(rita.get("/claims/"))
    rita.post(f"/claims/patients/{patient.public_id}/card/", CARD)
    assert billing_cast.claims_of(case)["dentist"].status == "ready"
    patient.refresh_from_db()
    assert (patient.card_family_name, patient.family_name, patient.street) == ("Yamada", "山田", "1 Oak Street")


def test_a_card_name_in_another_script_is_refused_beside_its_field(rita, patient):
    answer = rita.post(f"/claims/patients/{patient.public_id}/card/", {**CARD, "card_given_name": "太郎"})
    assert answer.status_code == 422
    assert "Payers read Latin letters only" in text_of(answer)
    assert 'value="1 Oak Street"' in answer.content.decode()


def test_the_front_desk_changes_no_legal_name_through_the_card(rita, patient):
    rita.post(
        f"/claims/patients/{patient.public_id}/card/", {**CARD, "given_name": "Other", "birth_date": "2000-01-01"}
    )
    patient.refresh_from_db()
    assert (patient.given_name, patient.birth_date) == ("Mateo", date(2018, 3, 14))


ANSWER = {
    "scope_billing": "given", "scope_teledentistry": "", "signer_name": "Lucia Villanueva", "signer_authority": "Mother",
    "evidence": "paper", "witness": "", "language": "Spanish", "valid_from": "2026-09-01", "valid_until": "2027-08-31",
}  # fmt: skip


def test_consent_to_bill_lets_a_held_claim_go(rita, desk):
    patient = cast.make_patient(desk.world)
    cast.consent_to(desk.world, patient, "screening", "photographs", "teledentistry")
    billing_cast.cover(desk, patient)
    case = billing_cast.signed(desk, patient=patient)
    billing_cast.run_jobs()
    assert "There is no consent in force to bill insurance" in text_of(rita.get("/claims/"))
    rita.post(f"/claims/patients/{patient.public_id}/consent/", ANSWER)
    assert billing_cast.claims_of(case)["dentist"].status == "ready"


def test_an_empty_answer_is_no_consent(rita, patient):
    before = patient.consents.count()
    answer = rita.post(f"/claims/patients/{patient.public_id}/consent/", {**ANSWER, "scope_billing": ""})
    assert answer.status_code == 422
    assert 'value="Lucia Villanueva"' in answer.content.decode()
    assert patient.consents.count() == before


def test_only_scopes_of_a_claim_are_asked_here(rita, patient):
    rita.post(f"/claims/patients/{patient.public_id}/consent/", {**ANSWER, "scope_radiographs": "given"})
    newest = patient.consents.order_by("-pk").first()
    assert [row.scope for row in newest.scopes.all()] == ["billing"]


def test_a_manager_reads_coverage_and_changes_nothing(client_of, desk, patient):
    coverage = billing_cast.cover(desk, patient)
    olu = client_of("olu")
    page = olu.get(f"/claims/patients/{patient.public_id}/")
    assert "CM-77204881" in text_of(page)
    assert 'method="post" action="/claims/' not in page.content.decode()
    assert olu.get(f"/claims/coverage/{coverage.public_id}/").status_code == 404
