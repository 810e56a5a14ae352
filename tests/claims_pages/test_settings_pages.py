from datetime import date
from decimal import Decimal

import pytest

from billing.models import ControlNumber, Fee, Payer, Receiver
from cases.models import CodeLicence
from tests.billing import cast as billing_cast
from tests.claims_pages.reading import text_of

PAYER = {
    "name": "Harbor Plan", "payer_id": "HARB1", "receiver": "", "filing_code": "CI", "filing_limit_days": "365", "street": "",
    "street_2": "", "city": "", "state": "", "zip_code": "", "takes_asynchronous": "unknown", "companion_codes": ["D0140"],
    "dos_basis": "capture", "service_facility": "originating", "place_teledentistry": "02", "place_at_home": "10",
    "rendering_on_site": "", "supervising_dentist": "", "accepts_assignment": "on", "appeal_signed_by": "dentist",
    "appeal_days": "",
}  # fmt: skip
RECEIVER = {
    "name": "North Gate", "usage": "T", "sender_id": "RIVERBEND", "sender_qualifier": "ZZ", "receiver_id": "NORTH1",
    "receiver_qualifier": "ZZ", "submitter_name": "Riverbend Dental", "contact_name": "Billing desk", "contact_phone": "541-555-0142",
    "contact_email": "", "claims_per_file": 5000, "picture_kilobytes": 10_000, "packet_kilobytes": 10_000, "claim_kilobytes": 30_000,
    "files_per_claim": 20, "narrative_signs": 2000,
}  # fmt: skip


def test_a_payer_is_added_with_what_nobody_has_answered_yet(rita, desk):
    page = rita.post("/claims/payers/add/", PAYER, follow=True)
    assert "Harbor Plan is saved" in text_of(page)
    assert "Harbor Plan HARB1 Not chosen Not known D0140 The day the patient was seen Not answered yet" in text_of(page)
    harbor = Payer.objects.get(name="Harbor Plan")
    assert (harbor.rendering_on_site, harbor.companion_codes, harbor.dos_basis) == ("", ["D0140"], "capture")


def test_a_payer_whose_list_names_a_neighbour_of_d9996_is_saved_with_a_warning(rita, desk):
    billing_cast.import_code(desk, "D9310", use="evaluation")
    page = rita.post("/claims/payers/add/", {**PAYER, "companion_codes": ["D0140", "D9310"]}, follow=True)
    assert "Harbor Plan is saved" in text_of(page)
    assert "it counts only where a dated rule of this payer names it" in text_of(page)
    quiet = rita.post("/claims/payers/add/", {**PAYER, "name": "Quiet Plan"}, follow=True)
    assert "dated rule of this payer" not in text_of(quiet)


def test_answering_who_renders_lets_the_hygienists_claim_go(rita, desk):
    patient = billing_cast.cast.make_patient(desk.world)
    billing_cast.cover(desk, patient)
    case = billing_cast.with_service(desk, patient=patient)
    billing_cast.run_jobs()
    cedar = {
        **PAYER,
        "name": "Cedar Mutual",
        "payer_id": "CEDAR1",
        "receiver": desk.receiver.pk,
        "rendering_on_site": "hygienist",
    }
    rita.post(f"/claims/payers/{desk.cedar.public_id}/", cedar)
    billing_cast.run_jobs()
    assert billing_cast.claims_of(case)["hygienist"].status == "ready"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": "Cedar Mutual"}, "The practice has a payer of this name already."),
        ({"payer_id": ""}, "Fill this in."),
        ({"place_teledentistry": "2"}, "Two digits, for example 02"),
        ({"companion_codes": ["D9999"]}, "Select a valid choice."),
        ({"rendering_on_site": "supervising"}, "Name the dentist who renders on-site services."),
        ({"takes_asynchronous": "perhaps"}, "Select a valid choice."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_payer_is_said_and_the_rest_stays(rita, desk, wrong, sentence):
    answer = rita.post("/claims/payers/add/", {**PAYER, **wrong})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert 'value="365"' in answer.content.decode()


def test_a_receiver_of_another_practice_is_no_choice(rita, desk):
    elsewhere = billing_cast.build_desk(billing_cast.cast.build_world("Second "))
    assert rita.post("/claims/payers/add/", {**PAYER, "receiver": elsewhere.receiver.pk}).status_code == 422


def test_a_new_receiver_begins_with_control_number_zero(rita, desk):
    assert "North Gate is saved" in text_of(rita.post("/claims/receivers/add/", RECEIVER, follow=True))
    assert ControlNumber.objects.get(receiver__name="North Gate").value == 0


def test_a_receiver_is_changed_and_keeps_its_numbers(rita, desk):
    ControlNumber.objects.filter(receiver=desk.receiver).update(value=41)
    rita.post(f"/claims/receivers/{desk.receiver.public_id}/", {**RECEIVER, "usage": "P"})
    receiver = Receiver.objects.get(pk=desk.receiver.pk)
    assert (receiver.name, receiver.usage, receiver.control_number.value) == ("North Gate", "P", 41)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": "Example Clearinghouse"}, "The practice has a receiver of this name already."),
        ({"sender_id": "RIVER*BEND"}, "Two to fifteen letters and digits"),
        ({"sender_qualifier": "QQ"}, "A qualifier is 01, 14, 20"),
        ({"claims_per_file": 5001}, "less than or equal to 5000"),
        ({"claims_per_file": 0}, "greater than or equal to 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_receiver_is_said(rita, desk, wrong, sentence):
    answer = rita.post("/claims/receivers/add/", {**RECEIVER, **wrong})
    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_a_new_fee_ends_the_one_before_it(rita, desk):
    rita.post("/claims/fees/add/", {"code": "D0140", "amount": "80.00", "valid_from": "2027-01-01", "valid_until": ""})
    before, after = Fee.objects.filter(code="D0140").order_by("valid_from")
    assert (before.valid_until, after.amount) == (date(2026, 12, 31), Decimal("80.00"))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": "-1"}, "greater than or equal to 0"),
        ({"amount": "1.005"}, "no more than 2 decimal places"),
        ({"code": "D1110"}, "Select a valid choice."),
        ({"valid_until": "2020-01-01"}, "The last day lies before the first."),
        ({"valid_from": "2025-06-01"}, "D0140 has a fee of 72.00 from 1 Jan 2026. End it first."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_fee_is_said_and_changes_none(rita, desk, wrong, sentence):
    typed = {"code": "D0140", "amount": "80.00", "valid_from": "2027-01-01", "valid_until": ""}
    answer = rita.post("/claims/fees/add/", {**typed, **wrong})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert list(Fee.objects.filter(code="D0140").values_list("amount", "valid_until")) == [(Decimal("72.00"), None)]


def test_a_zero_fee_is_a_fee(rita, desk):
    rita.post("/claims/fees/add/", {"code": "D0190", "amount": "0.00", "valid_from": "2026-01-01", "valid_until": ""})
    assert Fee.objects.get(code="D0190").amount == 0


def test_a_claim_without_a_fee_names_it_and_is_ready_once_it_is_entered(rita, desk):
    Fee.objects.filter(code="D0140").delete()
    patient = billing_cast.cast.make_patient(desk.world)
    billing_cast.cover(desk, patient)
    case = billing_cast.signed(desk, patient=patient)
    billing_cast.run_jobs()
    claim = billing_cast.claims_of(case)["dentist"]
    assert "no fee" in text_of(rita.get(f"/claims/{claim.public_id}/"))
    rita.post("/claims/fees/add/", {"code": "D0140", "amount": "72.00", "valid_from": "2026-01-01", "valid_until": ""})
    billing_cast.run_jobs()
    assert billing_cast.claims_of(case)["dentist"].status == "ready"


def test_a_manager_confirms_the_licence_and_waiting_claims_go(client_of, rita, desk):
    patient = billing_cast.cast.make_patient(desk.world)
    billing_cast.cover(desk, patient)
    case = billing_cast.signed(desk, patient=patient)
    CodeLicence.objects.all().delete()
    billing_cast.run_jobs()
    assert "The codes are inactive." in text_of(rita.get("/claims/codes/"))
    assert "The practice is licensed" not in text_of(rita.get("/claims/codes/"))
    page = client_of("olu").post("/claims/codes/confirm/", follow=True)
    assert "Olu Adeyemi confirmed" in text_of(page)
    billing_cast.run_jobs()
    assert billing_cast.claims_of(case)["dentist"].status == "ready"


def test_lists_show_the_practices_own_rows_only(rita, desk):
    elsewhere = billing_cast.build_desk(billing_cast.cast.build_world("Second "))
    Payer.objects.filter(pk=elsewhere.cedar.pk).update(name="Foreign payer")
    Receiver.objects.filter(pk=elsewhere.receiver.pk).update(name="Foreign receiver")
    Fee.objects.filter(practice=elsewhere.world.practice).update(amount="777.77")
    for name in ("payers", "receivers", "fees", "codes", "practice"):
        page = text_of(rita.get(f"/claims/{name}/"))
        assert "Foreign" not in page
        assert "777.77" not in page
        assert "Second Riverbend" not in page
