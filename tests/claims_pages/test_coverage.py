import uuid
from datetime import date

import pytest

from billing.models import Coverage
from billing.views.patients import _unevaluated
from cases.actions.second_reading import ask_second_read
from cases.models import Patient
from tests import cast
from tests.billing import cast as billing_cast
from tests.claims_pages.reading import text_of
from tests.reading.test_queue import another_dentist


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
        "valid_from": "2026-01-01", "valid_until": "",
    }  # fmt: skip


def test_a_case_that_was_retracted_says_nothing_of_what_it_makes(rita, desk):
    case = billing_cast.signed_unevaluated(desk)
    cast.retract(desk.world, case, billing_cast.LATER)
    assert "nothing of the dentist's to bill" not in text_of(rita.get(f"/claims/patients/{case.patient.public_id}/"))


def asked_to_read_too(desk, case):
    eva = another_dentist(desk.world, "eva", "Dr. Eva Osei")
    ask_second_read(actor=desk.world.of("olu"), case=case, reader=eva, question="Is L decayed?", at=billing_cast.LATER)
    return eva


def add(rita, patient, said, **changes):
    return rita.post(f"/claims/patients/{patient.public_id}/coverage/add/", {**said, **changes}, follow=True)


def test_a_case_signed_without_an_evaluation_says_why_it_has_no_claim_and_what_would_make_one(rita, desk):
    case = billing_cast.signed_unevaluated(desk)
    said = text_of(rita.get(f"/claims/patients/{case.patient.public_id}/"))
    assert f"{case.label} , seen" in said
    assert "nothing of the dentist's to bill, D9996 neither" in said
    assert "A visit in person, or a new case with records that can be assessed, makes a claim of its own." in said
    assert "No claim yet" not in said
    second = asked_to_read_too(desk, case)
    assert not _unevaluated(case.patient, second)
    record = text_of(rita.get(f"/cases/{case.public_id}/"))
    assert "No evaluation was performed, so there is no encounter code and nothing of this review is billed." in record


def test_adding_a_coverage_makes_the_held_claim_ready(rita, uninsured, patient, said):
    page = add(rita, patient, said)
    assert "The coverage is saved" in text_of(page)
    assert "<details open><summary" in page.content.decode()  # what comes next is to verify it
    uninsured.refresh_from_db()
    assert (uninsured.status, uninsured.coverage.member_id) == ("ready", "CM-77204881")
    assert [problem["rule"] for problem in uninsured.problems] == ["COV.unverified"]


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


TOLD = {
    "verified_on": "2026-11-20", "how": "portal", "asynchronous": "covered", "authorisation": "needed", "reference": "R-81",
    "note": "Twice a year",
}  # fmt: skip


def verify(rita, coverage, **changes):
    said = {"public_id": str(uuid.uuid4()), "about": str(coverage), **TOLD, **changes}
    return rita.post(f"/claims/coverage/{coverage.public_id}/verify/", said, follow=True)


def test_verifying_says_when_how_and_by_whom_and_the_claim_says_no_more_that_nobody_asked(
    rita, desk, patient, uninsured
):
    coverage = billing_cast.cover(desk, patient, verified_on=None)
    page = text_of(verify(rita, coverage))
    assert "20 Nov 2026 on the payer's site, by Rita Castellane covered needed Twice a year R-81" in page
    uninsured.refresh_from_db()
    assert [problem["rule"] for problem in uninsured.problems] == ["COV.authorisation"]


def test_an_answer_about_the_plan_as_it_was_before_a_correction_is_not_recorded(rita, desk, patient):
    coverage = billing_cast.cover(desk, patient)
    before = coverage.verifications.count()
    assert verify(rita, coverage, about="Cedar Mutual, CM-OLD").status_code == 409
    assert coverage.verifications.count() == before


def test_the_same_form_with_another_answer_is_refused_and_the_first_stands(rita, desk, patient):
    coverage, form = billing_cast.cover(desk, patient), str(uuid.uuid4())
    verify(rita, coverage, public_id=form)
    assert verify(rita, coverage, public_id=form, asynchronous="not_covered").status_code == 409
    assert coverage.verifications.get(public_id=form).asynchronous == "covered"


def test_the_same_verification_sent_twice_is_one_row(rita, desk, patient):
    coverage = billing_cast.cover(desk, patient, verified_on=None)
    same = str(uuid.uuid4())
    verify(rita, coverage, public_id=same)
    verify(rita, coverage, public_id=same)
    assert coverage.verifications.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"how": ""}, "Choose one."),
        ({"verified_on": "2999-01-01"}, "This day has not come yet."),
        ({"verified_on": ""}, "Fill this in."),
        ({"asynchronous": "perhaps"}, "Select a valid choice."),
    ],
)  # fmt: skip
def test_a_verification_that_is_wrong_stays_in_its_form(rita, desk, patient, wrong, sentence):
    coverage = billing_cast.cover(desk, patient, verified_on=None)
    answer = verify(rita, coverage, **wrong)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert 'value="R-81"' in answer.content.decode()
    assert not coverage.verifications.exists()


def test_a_new_member_id_was_not_asked_about_and_the_row_says_what_was(rita, desk, patient, said, uninsured):
    coverage = billing_cast.cover(desk, patient)
    rita.post(f"/claims/coverage/{coverage.public_id}/", {**said, "member_id": "NEW-1"})
    page = text_of(rita.get(f"/claims/patients/{patient.public_id}/"))
    assert "Not verified" in page
    assert "asked about Cedar Mutual, CM-77204881" in page
    uninsured.refresh_from_db()
    assert [problem["rule"] for problem in uninsured.problems] == ["COV.unverified"]


def test_a_verification_entered_in_error_counts_no_more_and_stays_readable(rita, desk, patient, uninsured):
    row = billing_cast.cover(desk, patient).verifications.get()
    where = f"/claims/verifications/{row.public_id}/error/"
    assert rita.post(where, {"reason": "-"}).status_code == 422
    for reason in ("That was her sister", "Another reason"):
        page = text_of(rita.post(where, {"reason": reason}, follow=True))
    assert "Not verified" in page
    assert "Entered in error: That was her sister, Rita Castellane" in page
    uninsured.refresh_from_db()
    assert [problem["rule"] for problem in uninsured.problems] == ["COV.unverified"]


def test_correcting_a_group_leaves_what_was_verified(rita, desk, patient, said):
    coverage = billing_cast.cover(desk, patient)
    rita.post(f"/claims/coverage/{coverage.public_id}/", {**said, "group_number": "G-200"})
    coverage.refresh_from_db()
    assert (coverage.group_number, coverage.verifications.count()) == ("G-200", 1)


def test_two_primary_plans_at_one_time_are_refused(rita, desk, patient, said):
    first = billing_cast.cover(desk, patient, valid_until=date(2026, 11, 30))
    answer = add(rita, patient, said, member_id="CM-2", valid_from="2026-11-30")
    assert answer.status_code == 422
    assert "Primary is already Cedar Mutual, CM-77204881, for days that both name." in text_of(answer)
    add(rita, patient, said, member_id="CM-2", valid_from="2026-12-01")
    add(rita, patient, {**said, "public_id": str(uuid.uuid4())}, member_id="CM-3", priority="S")
    assert list(Coverage.objects.filter(patient=patient).values_list("member_id", flat=True)) == [
        "CM-2",
        first.member_id,
        "CM-3",
    ]


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
