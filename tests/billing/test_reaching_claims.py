"""What happens to a case reaches its claims in the same transaction (RE-5, CO-2)."""

from datetime import date, timedelta

import pytest

from billing.actions import checking, ending, settings
from billing.models import BilledOnce, Claim
from cases.actions import capturing, consenting
from cases.models import Scope
from teledent.kit.decisions import Conflict
from tests import cast
from tests.billing import cast as money


def withdraw_billing(desk, patient) -> None:
    consenting.withdraw_consent(
        actor=desk.rita, patient=patient, scope=Scope.BILLING, reason="The mother called", at=money.LATER
    )


def test_retraction_stops_what_was_not_sent(desk):
    claim = money.ready_claim(desk)
    cast.retract(desk.world, claim.case, money.LATER)
    claim.refresh_from_db()
    assert (claim.status, claim.stopped_because) == ("stopped", "The case was retracted.")
    assert not BilledOnce.objects.exists()
    assert checking.recheck_claim(actor=desk.rita, claim=claim, at=money.LATER).status == "stopped"


def test_retraction_stops_a_claim_that_was_not_to_be_billed_so_that_nobody_revives_it(desk):
    claim = money.ready_claim(desk)
    ending.do_not_bill(actor=desk.rita, claim=claim, reason="grant", at=money.LATER)
    cast.retract(desk.world, claim.case, money.LATER)
    with pytest.raises(Conflict, match="now stopped"):
        ending.bill_after_all(actor=desk.rita, claim=claim, at=money.LATER)


def test_retraction_puts_a_sent_claim_on_the_void_worklist(desk):
    claim = money.ready_claim(desk)
    money.exported(desk)
    assert not Claim.objects.needing_void().exists()
    cast.retract(desk.world, claim.case, money.LATER)
    assert list(Claim.objects.needing_void()) == [claim]
    assert [event.kind for event in claim.events.all()][-1] == "void_wanted"
    assert BilledOnce.objects.filter(claim=claim).exists()  # the payer has it: the day is free when it is voided


def test_withdrawn_consent_to_bill_holds_a_ready_claim_and_new_consent_lets_it_go(desk):
    claim = money.ready_claim(desk)
    withdraw_billing(desk, claim.case.patient)
    claim.refresh_from_db()
    assert claim.status == "blocked"
    assert {p["rule"] for p in claim.blocking} == {"CO-1.bill", "CO-1.signature"}
    assert not BilledOnce.objects.exists()
    consenting.record_consent(
        actor=desk.rita, patient=claim.case.patient, scopes={Scope.BILLING: True}, signer_name="Lucia Villanueva",
        signer_authority="Mother", evidence="paper", language="Spanish", valid_from=date(2026, 11, 17), at=money.LATER,
    )  # fmt: skip
    claim.refresh_from_db()
    assert claim.status == "ready"


CAPTURED = {Scope.SCREENING: "screening", Scope.PHOTOGRAPHS: "photographs", Scope.RADIOGRAPHS: "radiographs"}


@pytest.mark.parametrize("scope", CAPTURED)
def test_a_scope_of_capturing_withdrawn_after_the_signature_holds_both_claims_at_once(desk, scope):
    desk.cedar.rendering_on_site = "hygienist"
    settings.save_payer(actor=desk.rita, payer=desk.cedar, at=money.AT)
    patient = cast.make_patient(desk.world)
    money.cover(desk, patient)
    case = cast.case_at(desk.world, patient=patient)
    money.put_film(desk, case)
    capturing.record_service(actor=desk.world.of("hana"), case=case, code="D0191", ordered_by="Protocol", at=money.AT)
    money.reach_signature(desk, case)
    money.run_jobs()
    assert {claim.status for claim in money.claims_of(case).values()} == {"ready"}
    consenting.withdraw_consent(
        actor=desk.world.of("hana"), patient=patient, scope=scope, reason="The mother called the school", at=money.LATER
    )
    for claim in money.claims_of(case).values():
        assert (claim.status, [p["rule"] for p in claim.blocking]) == ("blocked", ["CO-2.capture"])
        assert CAPTURED[scope] in claim.blocking[0]["sentence"]
    assert not BilledOnce.objects.exists()


def test_a_later_no_of_the_family_holds_the_claim_and_a_consent_that_ran_out_does_not(desk):
    claim, week = money.ready_claim(desk), timedelta(days=7)
    claim = checking.check_claim(claim.pk, at=money.AT + 52 * week)  # the consent ended in August
    assert "CO-2.capture" not in [problem["rule"] for problem in claim.problems]
    consenting.record_consent(
        actor=desk.world.of("hana"), patient=claim.case.patient, scopes={Scope.PHOTOGRAPHS: False}, evidence="paper",
        signer_name="Lucia Villanueva", signer_authority="Mother", language="Spanish", valid_from=date(2026, 11, 20),
        at=money.AT + week,
    )  # fmt: skip
    claim.refresh_from_db()
    assert [problem["rule"] for problem in claim.blocking] == ["CO-2.capture"]


def test_a_scope_that_the_case_did_not_take_holds_nothing(desk):
    claim = money.ready_claim(desk)
    for scope in (Scope.RADIOGRAPHS, Scope.SCHOOL):
        consenting.withdraw_consent(
            actor=desk.world.of("hana"),
            patient=claim.case.patient,
            scope=scope,
            reason="The mother called",
            at=money.LATER,
        )
    claim.refresh_from_db()
    assert claim.status == "ready"


def test_withdrawn_consent_leaves_a_sent_claim_alone(desk):
    claim = money.ready_claim(desk)
    money.exported(desk)
    withdraw_billing(desk, claim.case.patient)
    claim.refresh_from_db()
    assert (claim.status, claim.void_wanted_at) == ("exported", None)
