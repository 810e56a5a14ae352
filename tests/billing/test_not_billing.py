from datetime import timedelta

import pytest

from billing.actions import ending
from billing.models import NotBilledReason
from teledent.kit.decisions import Conflict, Refused
from tests.billing import cast as money


@pytest.mark.parametrize("reason", [r for r in NotBilledReason.values if r != "other"])
def test_each_reason_ends_a_claim_and_can_be_taken_back(desk, reason):
    claim = money.ready_claim(desk)
    claim = ending.do_not_bill(actor=desk.rita, claim=claim, reason=reason, at=money.LATER)
    assert (claim.status, claim.not_billed_reason) == ("not_billed", reason)
    claim = ending.bill_after_all(actor=desk.rita, claim=claim, at=money.LATER)
    assert (claim.status, claim.not_billed_reason) == ("ready", "")
    assert [e.kind for e in claim.events.all()][-3:] == ["do_not_bill", "bill_after_all", "make_ready"]


def test_another_reason_is_said_in_words(desk):
    claim = money.ready_claim(desk)
    with pytest.raises(Refused, match="in a few words"):
        ending.do_not_bill(actor=desk.rita, claim=claim, reason="other", text="n/a", at=money.LATER)
    claim = ending.do_not_bill(actor=desk.rita, claim=claim, reason="other", text="Charity day", at=money.LATER)
    assert claim.not_billed_text == "Charity day"


def test_a_held_claim_can_be_ended_too(desk):
    case = money.signed(desk)
    money.run_jobs()
    claim = money.claims_of(case)["dentist"]
    assert claim.status == "blocked"
    assert ending.do_not_bill(actor=desk.rita, claim=claim, reason="uninsured", at=money.LATER).status == "not_billed"


def test_a_sent_claim_cannot_be_ended(desk):
    claim = money.ready_claim(desk)
    money.exported(desk)
    with pytest.raises(Conflict, match="now exported"):
        ending.do_not_bill(actor=desk.rita, claim=claim, reason="grant", at=money.LATER)


def test_after_the_payers_filing_limit_the_ending_stays(desk):
    claim = money.ready_claim(desk)
    ending.do_not_bill(actor=desk.rita, claim=claim, reason="grant", at=money.LATER)
    with pytest.raises(Refused, match="filing limit was 15 Feb 2027"):
        ending.bill_after_all(actor=desk.rita, claim=claim, at=money.AT + timedelta(days=91))


def test_a_manager_reads_and_does_not_end(desk):
    claim = money.ready_claim(desk)
    with pytest.raises(Refused, match="your role does not include this"):
        ending.do_not_bill(actor=desk.world.of("olu"), claim=claim, reason="grant", at=money.LATER)
