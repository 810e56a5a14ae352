"""What is billed of a question of another office says who sent it, and nothing that nobody of the practice saw or did."""

import pytest

from billing.attachments import planned_attachments
from billing.claims.facts import ClaimFacts
from billing.claims.lines import draft_claim
from billing.claims.remarks import remarks
from billing.packet.narrative import narrative
from billing.packet_content import packet_content
from cases.letters.catalogue import SHIPPED
from cases.letters.letter import Addressee, letter_of
from cases.reporting import report_facts
from tests import cast
from tests.billing import cast as money
from tests.consulting.cast import asked_by, signed


@pytest.fixture
def case(desk):
    patient = cast.make_patient(desk.world)
    money.cover(desk, patient)
    case = signed(desk.world, asked_by(desk.world, at=money.AT), patient, at=money.AT)
    money.give_pictures(case)
    money.run_jobs()
    return case


@pytest.fixture
def claim(case):
    return money.claims_of(case)["dentist"]


def test_no_payer_is_asked_whether_it_pays_what_a_patient_began(case, claim):
    assert set(money.claims_of(case)) == {"dentist"}
    assert not {one["rule"] for one in claim.problems} & {"PAY.began-with-patient", "PAY.patient-initiated"}


def test_the_claim_is_not_of_the_site_and_says_who_sent_the_records(case, claim):
    facts = ClaimFacts.from_json(claim.facts)
    assert facts.case.away_from_site
    assert remarks(facts, draft_claim(facts, "dentist"))[0] == "ASYNC TELEDENTISTRY. RECORDS SENT BY ANOTHER OFFICE."
    assert claim.draft["service_facility"] is None


def test_the_packet_says_who_sent_a_question_and_who_completed_the_record(case, claim):
    facts = ClaimFacts.from_json(claim.facts)
    packet = packet_content(case, claim.claim_id, facts, planned_attachments(claim))
    told = narrative(packet)[0]
    assert (
        "Dr. Ada Moss (Moss Family Dental), by a link, sent a question about this patient with records of the office."
        in told
    )
    assert "Nobody of the practice was there." in told
    assert "together with a complaint" not in told
    assert packet.record.how_collected.endswith("pictures taken with: Orthophos S.")
    assert "Seen in person" not in packet.record.how_collected


def test_the_letter_to_the_family_names_no_hygienist_as_who_took_the_pictures(case):
    facts = report_facts(case, case.signature)
    letter = letter_of(facts, to=Addressee("Lucia"), phrases=SHIPPED["en"], language="en")
    assert not any("Hana" in text for text in letter.intro)
