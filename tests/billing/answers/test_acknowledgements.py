"""TA1, 999 and 277CA: each means its own thing, and only a 277CA speaks of claims."""

import pytest

from billing.models import Acknowledgement, Export
from tests.billing import cast as money
from tests.billing.answers.paper import acknowledged, check, file_of, interchange_answer, paid_in_full, taken_on


def syntax(*sets: list[str]) -> bytes:
    return file_of(*sets, gs="FA", version="005010X231A1")


def claims_answer(*sets: list[str]) -> bytes:
    return file_of(*sets, gs="HN", version="005010X214")


def status(claim) -> str:
    claim.refresh_from_db()
    return claim.status


def test_a_file_that_kept_to_the_syntax_moves_no_claim(bring, sent):
    bring(syntax(acknowledged(group=Export.objects.get().control_number)))
    assert status(sent) == "exported"
    assert [row.export_id for row in Acknowledgement.objects.all()] == [Export.objects.get().pk] * 2


def test_a_file_that_broke_the_syntax_turns_its_claims_away(bring, sent):
    bring(syntax(acknowledged("R", group=Export.objects.get().control_number, faults=("IK3*NM1*8**8", "IK4*9*67*1"))))
    assert status(sent) == "rejected"
    row = Acknowledgement.objects.filter(verdict="rejected").order_by("pk").first()
    assert row.codes == ["NM1 8  8", "NM1 8 9 1"]


def test_an_unreadable_interchange_turns_its_claims_away(bring, sent):
    number = Export.objects.get().control_number
    bring(file_of(before=(interchange_answer(number, "R", "006"),)))
    assert status(sent) == "rejected"


def test_a_claim_that_is_taken_on_keeps_the_payers_number(bring, sent):
    bring(claims_answer(taken_on((str(sent), "A2:20"))))
    assert status(sent) == "accepted"
    assert sent.payer_claim_number == "ICN4"


@pytest.mark.parametrize("refusal", ["A3:21:IL", "A7:562:85", "A8:116", "A6:44", "A4:35"])
def test_a_claim_that_is_turned_away_says_why_in_codes(bring, sent, refusal):
    bring(claims_answer(taken_on((str(sent), refusal))))
    assert status(sent) == "rejected"
    assert Acknowledgement.objects.get(claim=sent).codes == [refusal]


def test_a_batch_that_is_turned_away_turns_its_claims_away(bring, sent):
    bring(claims_answer(taken_on(batch_id=Export.objects.get().batch_id, batch_status="A3:116")))
    assert status(sent) == "rejected"


def test_an_answer_about_money_is_not_undone_by_a_late_acknowledgement(bring, sent):
    bring(file_of(check(paid_in_full(sent))))
    bring(claims_answer(taken_on((str(sent), "A3:21"))))
    assert status(sent) == "paid"


def test_a_claim_that_was_turned_away_goes_out_anew_and_the_old_refusal_counts_no_more(bring, sent, desk):
    first = Export.objects.get()
    bring(syntax(acknowledged("R", group=first.control_number)))
    again = money.sent_anew(desk, sent)
    assert status(sent) == "exported"
    bring(syntax(acknowledged("E", group=again.control_number)))
    bring(claims_answer(taken_on(batch_id=first.batch_id, batch_status="A3:116")))
    assert status(sent) == "exported"


def test_what_names_nothing_of_ours_is_kept_for_a_person(bring, sent):
    bring(syntax(acknowledged("R", group=4711)))
    bring(claims_answer(taken_on(("SOMEBODY-1", "A3:21"))))
    assert status(sent) == "exported"
    assert Acknowledgement.objects.fitting_nothing().count() == 4  # set, group, batch and claim


def test_another_kind_of_277_is_refused(bring, sent):
    other = [segment.replace("005010X214", "005010X212") for segment in taken_on((str(sent), "A3:21"))]
    part = bring(file_of(other, gs="HN", version="005010X212")).parts.get()
    assert (part.state, status(sent)) == ("refused", "exported")
