"""A payer holds what was taken for gone: nothing of it is let go, corrected as an original, or billed twice (CL-5)."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest

from billing.actions import changing
from billing.actions.appealing import begin_appeal
from billing.actions.sending_anew import send_export_anew
from billing.changed import refusal_of
from billing.models import BilledOnce, Claim, ClaimPayment, Verdict
from billing.moving import record_event
from teledent.kit.decisions import Refused
from tests import cast
from tests.billing import cast as money
from tests.billing.answers.conftest import bring  # noqa: F401
from tests.billing.answers.paper import Clp, check, denied, file_of, paid_in_full, taken_back
from tests.billing.test_changing import NUMBER, answered, correct, day_of, in_837, known, sent, turn_away, void  # noqa: F401
from tests.claims_pages.conftest import client_of, rita  # noqa: F401
from tests.claims_pages.reading import text_of


def retract(desk, claim: Claim) -> Claim:
    cast.retract(desk.world, claim.case, money.LATER)
    claim.refresh_from_db()
    return claim


def refused_correction(desk, claim: Claim) -> Claim:
    """A correction of `claim`, taken on under a number, that went out and was turned away without a number."""
    answered(claim, Verdict.ACCEPTED, NUMBER)
    made = correct(desk, claim)
    in_837(desk)
    return turn_away(made)


def same_day(desk, claim: Claim) -> Claim:
    """Another case of that child and day, ready."""
    case = money.signed(desk, patient=claim.case.patient)
    money.run_jobs()
    return money.claims_of(case)["dentist"]


def let_go(desk, claim: Claim) -> Claim:
    claim = retract(desk, turn_away(known(claim, "")))
    assert claim.status == "stopped"
    return claim


# --- a correction that was turned away: the payer has the first claim -------------------------------------------------


def test_a_correction_that_was_turned_away_is_voided_by_the_number_of_the_first_claim(desk, sent, rita):  # noqa: F811
    made = retract(desk, refused_correction(desk, sent))
    assert (made.status, list(Claim.objects.needing_void())) == ("rejected", [made])
    assert day_of(made).claim == made
    page = rita.get(f"/claims/{made.public_id}/")
    assert f'value="{NUMBER}"' in page.content.decode()
    assert "The case was retracted. Void it" in text_of(rita.get("/claims/?show=void"))
    void(desk, made, number=made.number_with_payer)
    (claim,), _ = in_837(desk)
    assert (claim.place[2], claim.references["F8"]) == ("8", NUMBER)
    assert not Claim.objects.needing_void().exists()
    assert not BilledOnce.objects.exists()


def test_one_that_is_turned_away_after_the_retraction_stays_to_be_voided(desk, sent):  # noqa: F811
    made = correct(desk, answered(sent, Verdict.ACCEPTED, NUMBER))
    in_837(desk)
    retract(desk, made)
    assert turn_away(made).status == "rejected"
    assert list(Claim.objects.needing_void()) == [made]


def test_a_correction_of_it_names_the_first_claim_and_is_no_original(desk, sent):  # noqa: F811
    made = refused_correction(desk, sent)
    with pytest.raises(Refused, match="own number"):
        correct(desk, made, number="")
    correct(desk, made, number=made.number_with_payer)
    (claim,), _ = in_837(desk)
    assert (claim.place[2], claim.references["F8"]) == ("7", NUMBER)


def test_a_correction_that_was_taken_on_has_a_number_of_its_own(desk, sent):  # noqa: F811
    made = answered(refused_correction(desk, sent), Verdict.ACCEPTED)
    assert made.number_with_payer == ""
    assert answered(made, Verdict.ACCEPTED, "NEW-1").number_with_payer == "NEW-1"


# --- copies of one claim ----------------------------------------------------------------------------------------------


def test_a_copy_that_was_taken_on_is_held_though_the_next_is_turned_away_as_a_second(desk, sent):  # noqa: F811
    answered(known(sent, ""), Verdict.ACCEPTED)
    money.sent_anew(desk, sent)
    turn_away(sent)
    with pytest.raises(Refused, match="own number"):
        correct(desk, sent, number="")
    assert retract(desk, sent).status == "rejected"
    assert list(Claim.objects.needing_void()) == [sent]


def test_a_claim_whose_only_copy_was_turned_away_after_all_is_let_go(desk, sent):  # noqa: F811
    """The clearinghouse took it on, the payer did not."""
    answered(known(sent, ""), Verdict.ACCEPTED)
    assert retract(desk, turn_away(sent)).status == "stopped"


# --- a void that was turned away while the case is billed again -------------------------------------------------------


def test_the_claim_that_bills_the_case_again_waits_while_the_void_is_refused(desk, sent):  # noqa: F811
    made = void(desk, sent)
    in_837(desk)
    sent.refresh_from_db()
    again = changing.bill_again(actor=desk.rita, claim=sent, at=money.LATER)
    assert (again.status, day_of(sent).claim) == ("ready", again)
    turn_away(made)
    again.refresh_from_db()
    assert (again.status, day_of(sent).claim) == ("blocked", made)
    assert str(again) not in refusal_of(made)
    assert f"The payer holds claim {sent} after all" in again.blocking[0]["sentence"]
    money.run_jobs()
    with pytest.raises(Refused, match="No claim is ready"):
        money.exported(desk)
    money.sent_anew(desk, made)
    money.run_jobs()
    again.refresh_from_db()
    assert (again.status, day_of(sent).claim, again.problems) == ("ready", again, [])


# --- a void that a payment advice judges ------------------------------------------------------------------------------


def test_a_void_that_was_turned_away_and_is_judged_after_all_gives_the_day_back(desk, sent, bring):  # noqa: F811
    made = void(desk, sent)
    in_837(desk)
    turn_away(made)
    bring(file_of(check(paid_in_full(made))))
    made.refresh_from_db()
    assert (made.status, refusal_of(made)) == ("paid", "")
    assert not BilledOnce.objects.exists()


def test_a_void_that_is_denied_holds_the_day_until_another_answer(desk, sent, bring, rita):  # noqa: F811
    made = void(desk, sent)
    in_837(desk)
    bring(file_of(check(answer := denied(made, "16"))))
    made.refresh_from_db()
    assert (made.status, day_of(sent).claim) == ("denied", made)
    assert f"denied this void and holds claim {sent} still" in refusal_of(made)
    page = text_of(rita.get(f"/claims/{made.public_id}/"))
    assert "The void was denied." in page
    assert "Send this claim anew" in page
    assert refusal_of(made) in text_of(rita.get("/claims/?show=answered"))
    with pytest.raises(Refused, match="refused the void"):
        changing.bill_again(actor=desk.rita, claim=sent, at=money.LATER)
    with pytest.raises(Refused, match="nothing to appeal"):
        begin_appeal(actor=desk.rita, claim=made, at=money.LATER)
    bring(file_of(check(taken_back(answer), amount="0", trace="CHK-2"), number=906))
    made.refresh_from_db()
    assert (made.status, refusal_of(made)) == ("accepted", "")
    assert not BilledOnce.objects.exists()


def denied_in_part(claim: Claim) -> Clp:
    """A dollar of the first line is paid, the rest of it refused."""
    answer = denied(claim, "16")
    first = answer.lines[0]
    rest = Decimal(first.charge) - 1
    answer.paid, answer.lines[0] = "1", replace(first, paid="1", cas=[f"CO*16*{rest}"])
    return answer


def test_a_void_that_is_denied_holds_the_day_and_is_sent_anew(desk, sent, bring, rita):  # noqa: F811
    made = void(desk, sent)
    in_837(desk)
    bring(file_of(check(denied(made, "16"))))
    made.refresh_from_db()
    assert (made.status, day_of(sent).claim) == ("denied", made)
    assert "The void was denied." in text_of(rita.get(f"/claims/{made.public_id}/"))
    assert "The payer denied the void" in text_of(rita.get(f"/claims/{sent.public_id}/"))
    export = money.sent_anew(desk, made)
    assert [one.claim for one in export.contents.all()] == [made]
    made.refresh_from_db()
    assert (made.status, refusal_of(made), made.outcomes.count()) == ("exported", "", 0)
    assert not BilledOnce.objects.exists()


def test_a_void_that_is_paid_in_part_holds_the_day_until_the_payer_takes_that_back(desk, sent, bring, rita):  # noqa: F811
    made = void(desk, sent)
    in_837(desk)
    bring(file_of(check(answer := denied_in_part(made))))
    made.refresh_from_db()
    assert (made.status, day_of(sent).claim) == ("part_paid", made)
    assert f"paid a part of this void and holds claim {sent} still" in refusal_of(made)
    with pytest.raises(Refused, match="take that back first"):  # its new answer would find the old one standing
        money.sent_anew(desk, made)
    bring(file_of(check(taken_back(answer), amount="-1", trace="CHK-2"), number=906))
    made.refresh_from_db()
    assert (made.status, refusal_of(made)) == ("accepted", "")


def test_a_whole_file_that_is_sent_anew_leaves_a_denied_void_alone(desk, sent, bring):  # noqa: F811
    made = void(desk, sent)
    other = money.ready_claim(desk, patient=cast.make_patient(desk.world, given="Ada"))
    export = money.exported(desk)
    bring(file_of(check(denied(made, "16"))))
    whole = money.written(
        send_export_anew(actor=desk.rita, export=export, reason="The receiver lost the file", public_id=uuid4(), at=money.LATER)
    )  # fmt: skip
    assert [one.claim for one in whole.contents.all()] == [other]
    made.refresh_from_db()
    assert (made.status, day_of(sent).claim) == ("denied", made)


def test_a_claim_that_was_denied_is_not_sent_anew(desk, sent, bring):  # noqa: F811
    bring(file_of(check(denied(sent, "16"))))
    with pytest.raises(Refused, match="The payer has answered"):
        money.sent_anew(desk, sent)


@pytest.mark.parametrize("in_one_file", [False, True])
def test_a_reversal_of_the_voided_claim_settles_the_void_that_was_denied(desk, sent, bring, rita, in_one_file):  # noqa: F811
    bring(file_of(check(paid := paid_in_full(sent)), number=904))
    made = void(desk, sent)
    in_837(desk)
    refused, reversed_ = denied(made, "16"), taken_back(paid)
    if in_one_file:
        bring(file_of(check(reversed_, refused, trace="CHK-2"), number=906))
    else:
        bring(file_of(check(refused, trace="CHK-2"), number=905))
        bring(file_of(check(reversed_, trace="CHK-3"), number=906))
    for claim in (made, sent):
        claim.refresh_from_db()
    assert (sent.status, sent.paid) == ("voided", 0)
    assert (made.status, refusal_of(made), made.desk) == ("closed_zero", "", "")
    assert not BilledOnce.objects.exists()
    assert f"posted a reversal of claim {sent}" in text_of(rita.get(f"/claims/{made.public_id}/"))
    assert changing.bill_again(actor=desk.rita, claim=sent, at=money.LATER).status == "ready"


def test_a_corrected_answer_to_the_voided_claim_leaves_the_void_denied(desk, sent, bring):  # noqa: F811
    bring(file_of(check(paid := paid_in_full(sent)), number=904))
    made = void(desk, sent)
    in_837(desk)
    bring(file_of(check(denied(made, "16"), trace="CHK-2"), number=905))
    bring(file_of(check(taken_back(paid), denied(sent, "151"), trace="CHK-3"), number=906))
    made.refresh_from_db()
    assert (made.status, day_of(sent).claim) == ("denied", made)


def another_charge(answer: Clp) -> Clp:
    """Judged on another charge than was sent, so that it waits for a person."""
    first, *rest = answer.lines
    dearer = str(Decimal(first.charge) + 1)
    more = replace(first, charge=dearer, cas=[f"CO*151*{dearer}"])
    return replace(answer, charge=str(Decimal(answer.charge) + 1), lines=[more, *rest])


def test_a_void_is_not_settled_while_a_new_judgement_of_the_claim_waits(desk, sent, bring):  # noqa: F811
    bring(file_of(check(paid := paid_in_full(sent)), number=904))
    made = void(desk, sent)
    in_837(desk)
    bring(file_of(check(denied(made, "16"), trace="CHK-2"), number=905))
    bring(file_of(check(taken_back(paid), another_charge(denied(sent, "151")), trace="CHK-3"), number=906))
    assert ClaimPayment.objects.waiting().count() == 1
    made.refresh_from_db()
    assert (made.status, day_of(sent).claim) == ("denied", made)


def test_a_judgement_that_comes_after_the_reversal_takes_the_day_back(desk, sent, bring, rita):  # noqa: F811
    bring(file_of(check(paid := paid_in_full(sent)), number=904))
    made = void(desk, sent)
    in_837(desk)
    bring(file_of(check(denied(made, "16"), trace="CHK-2"), number=905))
    bring(file_of(check(taken_back(paid), trace="CHK-3"), number=906))
    made.refresh_from_db()
    assert (made.status, BilledOnce.objects.count()) == ("closed_zero", 0)
    bring(file_of(check(denied(sent, "151"), trace="CHK-4"), number=907))
    made.refresh_from_db()
    assert (made.status, day_of(sent).claim) == ("denied", made)
    assert f"holds claim {sent} still" in refusal_of(made)
    assert f"posted another answer to claim {sent}" in text_of(rita.get(f"/claims/{made.public_id}/"))


# --- a claim that was let go and that the payer has after all ---------------------------------------------------------


def test_one_that_is_taken_on_late_is_known_though_another_copy_is_turned_away(desk, sent):  # noqa: F811
    for _ in range(2):
        record_event(sent, "sent_anew", person=desk.rita.person, at=money.LATER)
    late = answered(let_go(desk, sent), Verdict.ACCEPTED)
    assert turn_away(late).status == "rejected"
    assert list(Claim.objects.needing_void()) == [late]


def test_one_that_is_taken_on_late_has_its_day_again(desk, sent):  # noqa: F811
    late = answered(let_go(desk, sent), Verdict.ACCEPTED, "LATE-1")
    assert (late.status, day_of(late).claim) == ("accepted", late)
    assert same_day(desk, late).status == "blocked"


def test_it_takes_the_day_from_a_claim_that_has_not_gone_out_until_it_is_voided(desk, sent):  # noqa: F811
    other = same_day(desk, let_go(desk, sent))
    assert (other.status, day_of(other).claim) == ("ready", other)
    late = answered(sent, Verdict.ACCEPTED, "LATE-1")
    other.refresh_from_db()
    assert (other.status, day_of(late).claim) == ("blocked", late)
    void(desk, late)
    in_837(desk)
    money.run_jobs()
    other.refresh_from_db()
    assert (other.status, day_of(other).claim) == ("ready", other)


def test_a_claim_that_was_sent_for_the_day_is_named_on_the_worklist(desk, sent, rita):  # noqa: F811
    other = same_day(desk, let_go(desk, sent))
    money.exported(desk)
    late = answered(sent, Verdict.ACCEPTED, "LATE-1")
    assert day_of(other).claim == other
    told = f"Meanwhile claim {other} bills D9996 of 17 Nov 2026: the payer may count the day twice."
    assert told in late.void_because
    for address in ("/claims/?show=void", "/claims/desk/?show=void", f"/claims/{late.public_id}/"):
        assert told in text_of(rita.get(address))


def test_a_payment_for_it_is_posted_and_asks_for_the_void(desk, sent, bring):  # noqa: F811
    claim = let_go(desk, sent)
    bring(file_of(check(paid_in_full(claim))))
    claim.refresh_from_db()
    assert ClaimPayment.objects.get().state == "posted"
    assert (claim.status, claim.paid, claim.payer_claim_number) == ("paid", claim.total, "PAYER-1")
    assert list(Claim.objects.needing_void()) == [claim]
    assert day_of(claim).claim == claim


def test_a_payment_for_a_claim_that_never_went_out_waits(desk, bring):  # noqa: F811
    claim = retract(desk, money.ready_claim(desk))
    bring(file_of(check(paid_in_full(claim))))
    assert (claim.status, ClaimPayment.objects.get().waits_because) == ("stopped", "not_sent")
