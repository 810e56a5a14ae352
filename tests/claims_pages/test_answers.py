"""The pages of what payers answered: constant queries, what waits with its candidates, and nothing of another practice."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.actions.receiving import receive_edi
from billing.models import ClaimPayment, EdiFile, Remittance
from tests.billing import cast as money
from tests.billing.answers.paper import Clp, Svc, check, denied, file_of, paid_in_full
from tests.claims_pages.reading import text_of


def bring(desk, *claims: Clp, trace: str = "CHK-1", number: int = 905) -> EdiFile:
    content = file_of(check(*claims, trace=trace), number=number)
    file, _ = receive_edi(desk.world.practice, name=f"{trace}.835", blocks=[content], by=None, at=money.LATER)
    money.run_jobs()
    return file


def nobodys(number: int) -> Clp:
    return Clp(f"X-{number}", "10.00", "10.00", [Svc("D0140", "10.00", "10.00")])


@pytest.mark.parametrize("show", ["payments", "waiting", "files"])
def test_a_list_takes_as_many_queries_for_many_rows_as_for_one(rita, desk, sent, show):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert rita.get(f"/claims/answers/?show={show}").status_code == 200
        return len(asked)

    bring(desk, nobodys(1))
    queries()  # what a session asks once
    few = queries()
    for number in range(2, 7):
        bring(desk, nobodys(number), nobodys(number + 50), trace=f"CHK-{number}", number=number)
    assert queries() == few


def test_what_waits_is_posted_to_the_claim_that_a_person_chooses(rita, desk, sent):
    answer = paid_in_full(sent)
    for line in answer.lines:
        line.control = ""
    answer.claim_id = "LOST-NUMBER"
    bring(desk, answer)
    page = rita.get("/claims/answers/?show=waiting")
    assert f"Post to {sent}" in text_of(page)
    payment = ClaimPayment.objects.get()
    rita.post(reverse("payment-post", args=[payment.public_id, sent.public_id]))
    sent.refresh_from_db()
    payment.refresh_from_db()
    assert (sent.status, payment.state, payment.posted_by.name) == ("paid", "posted", "Rita Castellane")


def test_what_does_not_fit_the_chosen_claim_is_refused(rita, desk, sent):
    bring(desk, nobodys(1))
    payment = ClaimPayment.objects.get()
    answer = rita.post(reverse("payment-post", args=[payment.public_id, sent.public_id]))
    assert answer.status_code == 422
    assert "another charge" in text_of(answer)
    payment.refresh_from_db()
    assert payment.state == "waiting"


def test_setting_aside_wants_a_reason_and_keeps_it(rita, desk, sent):
    bring(desk, nobodys(1))
    address = reverse("payment-aside", args=[ClaimPayment.objects.get().public_id])
    assert rita.post(address, {"reason": "-"}).status_code == 422
    rita.post(address, {"reason": "Not our patient"})
    assert "Not our patient" in text_of(rita.get(reverse("remittance", args=[Remittance.objects.get().public_id])))
    assert "Nothing waits" in text_of(rita.get("/claims/answers/?show=waiting"))


def test_the_claim_says_what_was_answered_and_what_to_do(rita, desk, sent):
    bring(desk, denied(sent, "252"))
    page = text_of(rita.get(reverse("claim", args=[sent.public_id])))
    assert "Documents missing" in page
    assert "Send what is missing" in page
    assert "CO-252 attachment needed" in page
    assert "D0140: documents missing. Send what is missing." in text_of(rita.get("/claims/?show=answered"))


def test_a_check_out_of_balance_says_by_how_much(rita, desk, sent):
    content = file_of(check(paid_in_full(sent), amount="71.00"))
    receive_edi(desk.world.practice, name="off.835", blocks=[content], by=None, at=money.LATER)
    money.run_jobs()
    page = text_of(rita.get(reverse("remittance", args=[Remittance.objects.get().public_id])))
    assert "Out of balance by -$1.00. Nothing was posted." in page


def test_a_refused_part_is_shown_with_its_segment_and_reason(rita, desk, sent):
    content = file_of(check(nobodys(1))[:-1])
    file, _ = receive_edi(desk.world.practice, name="cut.835", blocks=[content], by=None, at=money.LATER)
    money.run_jobs()
    assert "GE comes before the SE" in text_of(rita.get(reverse("answers-file", args=[file.public_id])))
