"""A patient who was corrected after the signature is not billed before somebody has looked (ID-3)."""

from datetime import date
from typing import Any

import pytest

from billing.actions import checking
from billing.attachments import planned_attachments
from billing.claims.facts import ClaimFacts
from billing.models import Claim
from billing.packet_content import packet_content
from cases.actions import registering
from cases.models import Patient
from teledent.kit.decisions import Refused
from tests import cast
from tests.billing import cast as money


def corrected(desk, **details: Any) -> Claim:
    """A claim that was ready before Hana corrected the patient, checked again."""
    claim = money.ready_claim(desk)
    registering.correct_patient(
        actor=desk.world.of("hana"), patient=Patient.objects.get(pk=claim.case.patient_id), site=desk.world.school,
        at=money.LATER, details=details,
    )  # fmt: skip
    return checking.check_claim(claim.pk, at=money.LATER)


def rules(claim: Claim) -> list[str]:
    return [problem["rule"] for problem in claim.blocking]


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"birth_date": date(2015, 5, 5)}, "ID-3.identity"),
        ({"sex": "F"}, "ID-3.identity"),
        ({"family_name": "Other"}, "ID-3.name"),
        ({"given_name": "Anna"}, "ID-3.name"),
    ],
)
def test_a_correction_after_the_signature_holds_the_claim(desk, changed, rule):
    assert rules(corrected(desk, **changed)) == [rule]


def test_what_the_front_desk_copies_from_the_card_is_no_correction_of_the_patient(desk):
    assert corrected(desk, card_given_name="Matteo", street="9 Hill Street").status == "ready"


def test_a_new_name_is_confirmed_with_a_reason_and_the_packet_says_what_was_signed(desk):
    claim = corrected(desk, family_name="Villanueva")
    with pytest.raises(Refused, match="why the name changed"):
        checking.confirm_name(actor=desk.rita, claim=claim, reason="ok", at=money.LATER)
    with pytest.raises(Refused, match="your role"):
        checking.confirm_name(
            actor=desk.world.of("olu"), claim=claim, reason="Adopted by her stepfather", at=money.LATER
        )
    claim = checking.confirm_name(actor=desk.rita, claim=claim, reason="The school had misspelt it", at=money.LATER)
    assert claim.status == "ready"
    event = claim.events.get(kind="name_confirmed")
    assert (event.person_name, event.details["reason"]) == ("Rita Castellane", "The school had misspelt it")
    packet = packet_content(claim.case, claim.claim_id, ClaimFacts.from_json(claim.facts), planned_attachments(claim))
    assert packet.patient.legal_name == "Mateo Villanueva-Reyes"


def test_a_confirmed_name_covers_no_later_one_and_no_other_birth_date(desk):
    claim = corrected(desk, family_name="Villanueva")
    checking.confirm_name(actor=desk.rita, claim=claim, reason="The school had misspelt it", at=money.LATER)
    Patient.objects.filter(pk=claim.case.patient_id).update(family_name="Other", birth_date=date(2015, 5, 5))
    assert rules(checking.check_claim(claim.pk, at=money.LATER)) == ["ID-3.identity", "ID-3.name"]


def test_nothing_is_confirmed_where_no_name_changed(desk):
    claim = money.ready_claim(desk)
    with pytest.raises(Refused, match="no changed name"):
        checking.confirm_name(actor=desk.rita, claim=claim, reason="The school had misspelt it", at=money.LATER)


def test_both_claims_of_the_case_are_free_at_once(desk):
    desk.cedar.rendering_on_site = "hygienist"
    desk.cedar.save()
    patient = cast.make_patient(desk.world)
    money.cover(desk, patient)
    case = money.with_service(desk, patient=patient)
    Patient.objects.filter(pk=patient.pk).update(family_name="Villanueva")
    money.run_jobs()
    claims = money.claims_of(case)
    assert {rules(claim)[0] for claim in claims.values()} == {"ID-3.name"}
    checking.confirm_name(actor=desk.rita, claim=claims["hygienist"], reason="Her mother married", at=money.LATER)
    assert {claim.status for claim in money.claims_of(case).values()} == {"ready"}
