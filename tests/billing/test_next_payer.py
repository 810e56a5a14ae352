"""The claim to the next payer carries the answer of the one before, to the cent (edi.md 3.2: 2320 to 2430)."""

import pytest

from billing.actions import changing, coordinating
from billing.actions.authorising import Asked
from billing.actions.changing import correct_claim, void_claim
from billing.actions.checking import check_claim
from billing.models import BilledOnce, Claim
from teledent.kit.decisions import Refused
from tests import cast
from tests.billing import cast as money
from tests.billing.answers.conftest import bring, sent  # noqa: F401
from tests.billing.answers.paper import Clp, Svc, check, file_of, paid_in_full, taken_back
from tests.billing.authorised import approved
from tests.billing.test_changing import in_837, known
from tests.billing.x12.independent_reader import read


def judged(claim: Claim, paid: str, *cas: str, claim_cas: tuple[str, ...] = ()) -> Clp:
    first, second = claim.lines.all()
    lines = [
        Svc(first.code, "72", paid, list(cas), control=f"{claim}-1"),
        Svc(second.code, "0", "0", control=f"{claim}-2"),
    ]
    total = paid if not claim_cas else str(float(paid) - sum(float(one.rsplit("*", 1)[1]) for one in claim_cas))
    return Clp(str(claim), "72", total, lines, cas=list(claim_cas))


def second_plan(desk, claim, **changes):
    kept = {"priority": "S", "member_id": "SP-1", "subscriber_given_name": "Omar", "own_member_id": False, **changes}
    return money.cover(desk, claim.case.patient, desk.state_plan, **kept)


def bill_next(desk, claim) -> Claim:
    claim.refresh_from_db()
    return coordinating.bill_next_payer(actor=desk.rita, claim=claim, at=money.LATER)


@pytest.fixture(autouse=True)
def second_payer(desk):
    """It wants what the first one was told, and no diagnosis."""
    desk.state_plan.diagnosis_required = desk.state_plan.epsdt = False
    desk.state_plan.save()


def test_the_answer_goes_with_it_line_by_line_and_balances(desk, sent, bring):  # noqa: F811
    second_plan(desk, sent)
    bring(file_of(check(judged(sent, "48.25", "CO*45*12", "PR*2*9.65**1*2.10"))))
    made = bill_next(desk, sent)
    assert made.status == "ready", made.problems
    (claim,), _ = in_837(desk)
    assert (claim.subscriber["SBR"][1], claim.clm[1], claim.clm[2]) == ("S", made.claim_id, "72")
    assert [one.elements for one in claim.lines[0].judged] == [
        ["CEDAR1", "48.25", "AD:D0140", "", "1"],
        ["CO", "45", "12"],
        ["PR", "2", "9.65", "", "1", "2.1"],
        ["573", "D8", "20261201"],
    ]
    assert [one.elements for one in claim.earlier if one.tag in ("AMT", "OI", "REF")] == [
        ["D", "48.25"],
        ["", "", "Y", "", "", "Y"],
        ["F8", "PAYER-1"],
    ]
    assert claim.date == f"{sent.service_date:%Y%m%d}"  # as the first payer was told, whatever this one's own basis


def test_each_payer_is_told_the_number_of_its_own_authorisation_and_the_first_ones_in_its_loop(desk, bring):  # noqa: F811
    """837D: REF*G1 of the payer that the claim goes to in 2300, of the payer before in 2330B."""
    patient = cast.make_patient(desk.world)
    first = money.cover(desk, patient)
    approved(desk, first, Asked("D0140"), number="PA-77")
    case = money.signed(desk, patient=patient)
    money.run_jobs()
    money.exported(desk)
    claim = money.claims_of(case)["dentist"]
    approved(desk, second_plan(desk, claim), Asked("D0140"), number="SP-88")
    bring(file_of(check(judged(claim, "48.25", "CO*45*23.75"))))
    assert bill_next(desk, claim).status == "ready"
    text = money.unzipped(money.exported(desk))["claims.837d.edi"].decode()
    (written,) = read(text).claims
    assert written.references["G1"] == "SP-88"
    assert [one.elements for one in written.earlier if one.tag == "REF"] == [["G1", "PA-77"], ["F8", "PAYER-1"]]


def test_adjustments_of_the_whole_claim_balance_too(desk, sent, bring):  # noqa: F811
    second_plan(desk, sent)
    bring(file_of(check(judged(sent, "72", claim_cas=("OA*23*5.5",)))))
    assert bill_next(desk, sent).status == "ready"
    (claim,), _ = in_837(desk)
    assert [one.elements for one in claim.earlier if one.tag == "CAS"] == [["OA", "23", "5.5"]]


def test_the_day_is_shared_and_passes_on_when_the_first_is_voided(desk, sent, bring):  # noqa: F811
    second_plan(desk, sent)
    bring(file_of(check(paid_in_full(sent))))
    made = bill_next(desk, sent)
    assert BilledOnce.objects.get().claim == sent
    in_837(desk)
    sent.refresh_from_db()
    void_claim(
        actor=desk.rita, claim=sent, reason="The payer asks for it", number=sent.payer_claim_number, at=money.LATER
    )
    in_837(desk)
    assert BilledOnce.objects.get().claim == made


def test_an_answer_taken_back_holds_what_has_not_gone_out(desk, sent, bring):  # noqa: F811
    second_plan(desk, sent)
    full = paid_in_full(sent)
    bring(file_of(check(full)))
    made = bill_next(desk, sent)
    bring(file_of(check(taken_back(full), trace="CHK-2"), number=906), name="back.835")
    assert [one["rule"] for one in check_claim(made.pk, at=money.LATER).blocking] == ["COB.answer"]


def test_it_needs_an_answer_and_a_plan_and_is_made_once(desk, sent, bring):  # noqa: F811
    with pytest.raises(Refused, match="has not answered"):
        bill_next(desk, sent)
    bring(file_of(check(paid_in_full(sent))))
    with pytest.raises(Refused, match="No further plan"):
        bill_next(desk, sent)
    second_plan(desk, sent)
    assert bill_next(desk, sent) == bill_next(desk, sent)
    assert Claim.objects.filter(follows=sent).count() == 1


def test_what_the_payer_answered_to_the_correction_counts_and_nothing_after_a_void(desk, sent, bring):  # noqa: F811
    second_plan(desk, sent)
    bring(file_of(check(paid_in_full(sent))))
    made = bill_next(desk, sent)
    sent.refresh_from_db()
    correction = correct_claim(actor=desk.rita, claim=sent, reason="Other card", number="PAYER-1", at=money.LATER)
    money.exported(desk)  # takes the claim to the next payer as well
    bring(file_of(check(judged(correction, "60", "CO*45*12"), trace="CHK-2"), number=906), name="second.835")
    again = correct_claim(
        actor=desk.rita, claim=known(made), reason="The first payer changed it", number="S-1", at=money.LATER
    )
    assert again.facts["earlier_answer"]["paid"] == "60.00"
    void_claim(actor=desk.rita, claim=known(correction), reason="Not ours", number="PAYER-1", at=money.LATER)
    changing.drop_change(actor=desk.rita, claim=again, reason="Let it be", at=money.LATER)
    money.exported(desk)
    last = correct_claim(
        actor=desk.rita, claim=known(made), reason="The first payer took it back", number="S-1", at=money.LATER
    )
    assert [one["rule"] for one in last.blocking] == ["COB.answer"]
