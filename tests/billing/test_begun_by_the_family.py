"""What a family sent by a link is billed only where the payer is known to pay care that the patient began."""

import pytest

from billing.attachments import planned_attachments
from billing.claims.facts import ClaimFacts
from billing.packet.narrative import practitioner_text
from billing.packet_content import packet_content
from cases.letters.catalogue import SHIPPED
from cases.letters.letter import Addressee, letter_of
from cases.models import Asset
from cases.reporting import report_facts, report_of
from cases.verifying import misfits
from tests import cast
from tests.billing import cast as money
from tests.billing.test_payer_rules import saved
from tests.sending.cast import sent_by


@pytest.fixture
def case(desk):
    """Sent by a mother from home, read and signed; its claim is made."""
    patient = cast.make_patient(desk.world)
    money.cover(desk, patient)
    case = sent_by(desk.world, patient, at=money.AT)
    cast.start(desk.world, case, money.AT)
    cast.sign(desk.world, case, money.AT)
    case.refresh_from_db()
    money.give_pictures(case)
    money.run_jobs()
    return case


def test_as_long_as_nobody_knows_the_claim_is_held_with_that_question(desk, case):
    claims = money.claims_of(case)
    assert set(claims) == {"dentist"}
    assert [one["rule"] for one in claims["dentist"].blocking] == ["PAY.began-with-patient"]


def test_a_yes_of_the_payer_frees_it_and_it_says_where_the_patient_was(desk, case):
    saved(desk, patient_initiated="yes")
    claim = money.claims_of(case)["dentist"]
    assert (claim.status, claim.draft["place_of_service"], claim.draft["service_facility"]) == ("ready", "10", None)


def test_a_no_of_the_payer_ends_in_do_not_bill(desk, case):
    saved(desk, patient_initiated="no")
    (problem,) = money.claims_of(case)["dentist"].blocking
    assert (problem["rule"], problem["mend"]) == ("PAY.patient-initiated", "do-not-bill")


def test_the_packet_says_who_sent_it_and_under_no_licence(desk, case):
    claim = money.claims_of(case)["dentist"]
    facts = ClaimFacts.from_json(claim.facts)
    packet = packet_content(case, claim.claim_id, facts, planned_attachments(claim))
    assert practitioner_text(packet.record.captured_by) == "Ana Reyes (mother), by a link"
    assert "nobody of the practice was there" in packet.record.how_collected
    assert (packet.record.stated_first_by, packet.visit.site_place) == ("Practice", "the patient's home in OR")
    assert (packet.visit.site_name, packet.record.sent_by) == ("", "Ana Reyes (mother), by a link")


def test_report_and_letter_name_no_hygienist_who_was_not_there(desk, case):
    facts = report_facts(case, case.signature)
    said = str(report_of(case, audience="family", language="en"))
    assert "Ana Reyes took 1 photograph of Mateo Villanueva-Reyes and sent them to us by a link." in said
    assert "Alder Creek" not in said
    letter = letter_of(facts, to=Addressee("Ana Reyes"), phrases=SHIPPED["en"], language="en")
    assert letter.intro == ("The dentist looked at the pictures only and did not meet Mateo Villanueva-Reyes.",)


def test_the_record_fits(desk, case):
    assert Asset.objects.filter(case=case, declared_by=None).count() == 1
    assert [said for said in misfits(case) if "missing from the storage" not in said] == []
