"""From capture to the exported file, as pyx12, an independent reader and a reader of PDFs see it."""

import uuid
from datetime import date

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from billing.actions import checking
from billing.models import Claim
from cases.models import Patient
from teledent.kit import clock
from tests import cast
from tests.billing import cast as money
from tests.billing.x12.independent_reader import Claim as ReadClaim
from tests.billing.x12.independent_reader import Loop, read, structural_faults
from tests.eight_scripts import EIGHT_SCRIPTS, Name
from tests.flows.trip import CHILD
from tests.judges.pyx12_judge import pyx12_errors
from tests.printing.reading import says


def sent(desk, tmp_path) -> tuple[ReadClaim, dict[str, bytes]]:
    """The one claim of the next export, accepted by both judges, and the files beside it."""
    files = money.unzipped(money.exported(desk))
    path = tmp_path / "claims.edi"
    path.write_bytes(files["claims.837d.edi"])
    text = path.read_text(encoding="ascii")
    assert pyx12_errors(path) + structural_faults(text) == []
    (claim,) = read(text).claims
    return claim, files


def named(loop: Loop) -> list[str]:
    return [loop["NM1"][3], loop["NM1"][4]]


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return " ".join("".join(page.get_textpage().get_text_range() for page in document).split())
    finally:
        document.close()


def packet_of(files: dict[str, bytes]) -> str:
    return text_of(next(content for name, content in files.items() if name.endswith("OZ_01.pdf")))


def sheet_of(files: dict[str, bytes]) -> str:
    return text_of(next(content for name, content in files.items() if name.endswith("data_sheet.pdf")))


def test_a_school_child_on_a_parents_plan(desk, tmp_path):
    money.ready_claim(desk)
    claim, files = sent(desk, tmp_path)
    assert (claim.codes, claim.place, claim.date) == (["D0140", "D9996"], ["02", "B", "1"], "20261117")
    assert named(claim.patient) == ["VILLANUEVA", "MATEO"]
    assert named(claim.subscriber) == ["VILLANUEVA", "LUCIA"]
    assert claim.providers["77"]["NM1"][3] == "ALDER CREEK ELEMENTARY"
    packet = packet_of(files)
    for words in (
        str(cast.REVIEW["conclusions"]),
        str(cast.REVIEW["advice"]),
        "Sensitive to cold",
        "OR",
        "RDH-1888",
        "DDS-1497",
    ):
        assert words in packet
    assert "CM-77204881" in sheet_of(files)


def test_an_adult_after_treatment_at_the_practices_clinic(desk, tmp_path):
    money.signed_adult(desk)
    money.run_jobs()
    claim, files = sent(desk, tmp_path)
    assert claim.codes == ["D0171", "D9996"]
    assert (claim.patient, named(claim.subscriber)) == ({}, ["LINDQVIST", "ASA"])
    assert "77" not in claim.providers  # the clinic stands at the billing address, which 2310C may not repeat
    assert "Upper left molar taken out" in packet_of(files)


def test_a_medicaid_child_with_a_member_id_of_its_own(desk, tmp_path):
    patient = cast.make_patient(desk.world)
    money.cover(
        desk, patient, desk.state_plan, own_member_id=True, member_id="OR5512", group_number="", subscriber_given_name="",
        subscriber_family_name="",
    )  # fmt: skip
    money.signed(desk, patient=patient)
    money.run_jobs()
    claim, _ = sent(desk, tmp_path)
    assert (claim.patient, claim.subscriber["NM1"][9], claim.place[0]) == ({}, "OR5512", "03")
    assert claim.diagnoses == [("ABK", "K0252")]
    assert claim.clm[12] == "01"


def test_capture_dated_payers_get_the_day_seen(desk):
    patient = cast.make_patient(desk.world)
    money.cover(desk, patient, desk.state_plan, own_member_id=True)
    case = cast.case_at(desk.world, patient=patient)
    type(case).objects.filter(pk=case.pk).update(day_seen=date(2026, 11, 16))
    money.reach_signature(desk, case)
    claim = checking.check_claim(money.claims_of(case)["dentist"].pk, at=money.LATER)
    assert {line.service_date for line in claim.lines.all()} == {date(2026, 11, 16)}


def register(world: cast.World, name: Name, monkeypatch) -> Patient:
    """A new child by Capture's own form."""
    monkeypatch.setattr(clock, "now", lambda: cast.AT)
    hana = Client()
    hana.force_login(world.people["hana"], backend="django.contrib.auth.backends.ModelBackend")
    school = {"public_id": str(uuid.uuid4()), "site": str(world.school.public_id)}
    answer = hana.post(reverse("capture-patient-add"), {**CHILD, **name.typed, **school})
    patient = Patient.objects.get()
    assert answer["Location"] == reverse("capture-patient", args=[patient.public_id])
    return patient


@pytest.mark.parametrize("name", EIGHT_SCRIPTS.values(), ids=EIGHT_SCRIPTS)
def test_a_name_in_any_script_goes_through_capture_packet_and_claim(desk, tmp_path, monkeypatch, name):
    money.ready_claim(desk, patient=register(desk.world, name, monkeypatch))
    claim, files = sent(desk, tmp_path)
    assert named(claim.patient) == [name.card_family.upper() or "ZOLC-MULLER", name.card_given.upper() or "LUKASZ"]
    for paper in (packet_of(files), sheet_of(files)):
        assert "U+" not in paper  # every letter has its shape: none is replaced by its code point
    # The whole name, letter by letter, also of the shaped scripts; of right-to-left names each word by itself, because a
    # reader of PDFs gives the words of a line in the order of the line.
    assert says(packet_of(files), name.in_use)


def test_a_name_without_latin_letters_anywhere_is_held(desk):
    patient = cast.make_patient(desk.world, given="伟", family="李")
    Patient.objects.filter(pk=patient.pk).update(card_given_name="", card_family_name="")
    patient.refresh_from_db()
    money.cover(desk, patient)
    case = money.signed(desk, patient=patient)
    money.run_jobs()
    assert [p["rule"] for p in money.claims_of(case)["dentist"].blocking] == ["NAME.latin"]


def test_the_sheet_says_what_the_837_says(desk, tmp_path):
    money.ready_claim(desk)
    claim, files = sent(desk, tmp_path)
    sheet = sheet_of(files)
    for value in (claim.clm[1], "72.00", *claim.codes, claim.payer["NM1"][9], claim.billing["NM1"][9], claim.place[0]):
        assert value in sheet
    assert Claim.objects.get().claim_id == claim.clm[1]
