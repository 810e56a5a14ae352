"""What a remittance says is posted to the cent, or waits with its reason (CL-9)."""

from decimal import Decimal

import pytest

from billing.models import ClaimPayment, EdiPart, LineOutcome, Remittance
from tests.billing.answers.paper import Clp, Svc, check, denied, file_of, paid_in_full, taken_back


def outcomes(claim) -> dict[str, tuple[str, str]]:
    return {
        row.line.code: (row.outcome, row.step) for row in LineOutcome.objects.filter(claim=claim).select_related("line")
    }


def why(claim_identifier: str) -> str:
    return ClaimPayment.objects.get(claim_identifier=claim_identifier).waits_because


def test_a_claim_that_is_paid_as_billed_is_paid(bring, sent):
    file = bring(file_of(check(paid_in_full(sent))))
    sent.refresh_from_db()
    assert (file.state, sent.status, sent.paid, sent.payer_claim_number) == (
        "read",
        "paid",
        Decimal("72.00"),
        "PAYER-1",
    )
    assert outcomes(sent) == {"D0140": ("paid", "close"), "D9996": ("expected_zero", "close")}
    assert Remittance.objects.get().state == "posted"


def test_contract_and_patient_share_are_no_denial(bring, sent):
    line = Svc("D0140", "72.00", "40.00", ["CO*45*12.00", "PR*2*20.00"], f"{sent}-1", allowed="60.00")
    bring(
        file_of(
            check(Clp(str(sent), "72.00", "40.00", [line, Svc("D9996", "0", "0", control=f"{sent}-2")], share="20"))
        )
    )
    sent.refresh_from_db()
    row = LineOutcome.objects.get(claim=sent, line__code="D0140")
    assert (row.outcome, row.paid, row.patient_share, row.written_off) == (
        "paid", Decimal("40.00"), Decimal("20.00"), Decimal("12.00"),
    )  # fmt: skip
    assert (sent.status, sent.patient_share) == ("paid", Decimal("20.00"))


def test_less_than_the_plan_itself_allows_is_underpaid_by_the_difference(bring, sent):
    line = Svc("D0140", "72.00", "40.00", ["CO*45*12.00", "OA*94*20.00"], f"{sent}-1", allowed="60.00")
    bring(file_of(check(Clp(str(sent), "72.00", "40.00", [line, Svc("D9996", "0", "0", control=f"{sent}-2")]))))
    row = LineOutcome.objects.get(claim=sent, line__code="D0140")
    assert (row.outcome, row.step, row.short_by) == ("underpaid", "appeal", Decimal("20.00"))


@pytest.mark.parametrize(("reason", "remarks", "expected"), [
    ("252", (), ("documents", "attach")), ("16", ("MA130",), ("documents", "resubmit")), ("119", (), ("frequency", "appeal")),
    ("11", (), ("diagnosis", "correct")), ("16", ("M76",), ("diagnosis", "correct")), ("197", (), ("authorisation", "correct")),
    ("96", (), ("not_covered", "close")), ("5", (), ("not_covered", "correct")), ("16", ("N122",), ("addon_alone", "correct")),
    ("18", (), ("duplicate", "look")), ("27", (), ("eligibility", "correct")), ("29", (), ("filing_limit", "appeal")),
    ("97", (), ("other", "look")), ("999", (), ("other", "look")),
])  # fmt: skip
def test_each_denial_has_its_class_and_its_next_step_though_the_claim_says_processed(
    bring, sent, reason, remarks, expected
):
    bring(file_of(check(denied(sent, reason, remarks=remarks))))
    sent.refresh_from_db()
    assert outcomes(sent)["D0140"] == expected
    assert sent.status == "denied"


def test_a_line_paid_in_part_for_a_reason_is_of_that_reason_and_says_how_much(bring, sent):
    line = Svc("D0140", "72.00", "42.00", ["CO*151*30.00"], f"{sent}-1")
    bring(file_of(check(Clp(str(sent), "72.00", "42.00", [line, Svc("D9996", "0", "0", control=f"{sent}-2")]))))
    sent.refresh_from_db()
    row = LineOutcome.objects.get(claim=sent, line__code="D0140")
    assert (row.outcome, row.short_by, sent.status) == ("frequency", Decimal("30.00"), "part_paid")


def test_a_claim_judged_as_a_whole_is_spread_over_its_lines(bring, sent):
    bring(file_of(check(Clp(str(sent), "72.00", "0", cas=["CO*252*72.00"], status="4"))))
    assert outcomes(sent)["D0140"] == ("documents", "attach")


def test_the_same_file_twice_changes_nothing(bring, sent):
    content = file_of(check(paid_in_full(sent)))
    first = bring(content)
    assert bring(content, "again.835") == first
    sent.refresh_from_db()
    assert (Remittance.objects.count(), ClaimPayment.objects.count(), sent.paid) == (1, 1, Decimal("72.00"))


def test_the_same_check_in_another_file_is_known_and_posts_nothing(bring, sent):
    bring(file_of(check(paid_in_full(sent))))
    file = bring(file_of(check(paid_in_full(sent)), number=906))
    part = file.parts.get()
    assert (part.state, "already" in part.reason) == ("twice", True)
    assert ClaimPayment.objects.count() == 1


def test_the_same_check_with_other_claims_says_so(bring, sent):
    bring(file_of(check(paid_in_full(sent))))
    other = [paid_in_full(sent), Clp("NOBODY", "0", "0", [])]
    part = bring(file_of(check(*other), number=906)).parts.get()
    assert part.state == "twice"
    assert "ask the payer" in part.reason


def test_a_check_out_of_balance_is_held_by_how_much_and_posts_nothing(bring, sent):
    bring(file_of(check(paid_in_full(sent), amount="71.99")))
    sent.refresh_from_db()
    remittance = Remittance.objects.get()
    assert (remittance.state, remittance.out_by, sent.status) == ("held", Decimal("-0.01"), "exported")


def test_provider_adjustments_lessen_the_check(bring, sent):
    bring(file_of(check(paid_in_full(sent), plb=("WO:OLD*10.50",))))
    remittance = Remittance.objects.get()
    assert (remittance.state, remittance.amount, remittance.provider_total) == (
        "posted",
        Decimal("61.50"),
        Decimal("10.50"),
    )


def test_a_claim_out_of_balance_waits_and_its_neighbour_posts(bring, sent):
    off = Clp("SOMEBODY", "10.00", "10.00", [Svc("D0140", "10.00", "9.00", ["CO*45*0.50"])])
    bring(file_of(check(off, paid_in_full(sent))))
    sent.refresh_from_db()
    assert sent.status == "paid"
    payment = ClaimPayment.objects.get(claim_identifier="SOMEBODY")
    assert (payment.state, payment.out_by) == ("waiting", Decimal("-0.50"))


def test_what_names_no_claim_of_ours_waits(bring, sent):
    bring(file_of(check(Clp("NOBODY-1", "10.00", "10.00", [Svc("D0140", "10.00", "10.00")]))))
    assert why("NOBODY-1") == "no_claim"


def test_a_claim_of_another_charge_waits(bring, sent):
    bring(file_of(check(Clp(str(sent), "99.00", "99.00", [Svc("D0140", "99.00", "99.00", control=f"{sent}-1")]))))
    sent.refresh_from_db()
    assert (why(str(sent)), sent.status) == ("charge", "exported")


def test_lines_without_our_number_are_found_by_code_day_and_charge(bring, sent):
    lines = [Svc("D9996", "0", "0"), Svc("D0140", "72.00", "72.00", date=f"{sent.service_date:%Y%m%d}")]
    bring(file_of(check(Clp(str(sent), "72.00", "72.00", lines))))
    assert outcomes(sent)["D0140"] == ("paid", "close")


def test_a_recoded_line_is_found_by_what_was_billed(bring, sent):
    lines = [Svc("D0170", "72.00", "50.00", ["CO*45*22.00"], billed_as="D0140"), Svc("D9996", "0", "0")]
    bring(file_of(check(Clp(str(sent), "72.00", "50.00", lines))))
    assert outcomes(sent)["D0140"] == ("paid", "close")


def test_a_line_that_fits_nothing_makes_the_claim_wait(bring, sent):
    lines = [Svc("D0120", "72.00", "72.00"), Svc("D9996", "0", "0")]
    bring(file_of(check(Clp(str(sent), "72.00", "72.00", lines))))
    assert why(str(sent)) == "lines"


def test_a_reversal_takes_the_answer_back_and_a_correction_answers_anew(bring, sent):
    first = paid_in_full(sent)
    bring(file_of(check(first)))
    corrected = denied(sent, "119")
    bring(file_of(check(taken_back(first), corrected, trace="CHK-2"), number=906))
    sent.refresh_from_db()
    assert (sent.status, sent.paid) == ("denied", Decimal("0.00"))
    assert outcomes(sent)["D0140"] == ("frequency", "appeal")
    assert ClaimPayment.objects.filter(state="posted").count() == 3


def test_a_reversal_alone_leaves_the_claim_unanswered(bring, sent):
    first = paid_in_full(sent)
    bring(file_of(check(first)))
    bring(file_of(check(taken_back(first), trace="CHK-2"), number=906))
    sent.refresh_from_db()
    assert (sent.status, sent.paid, outcomes(sent)) == ("accepted", Decimal("0.00"), {})


def test_a_reversal_of_what_was_never_posted_waits(bring, sent):
    bring(file_of(check(taken_back(paid_in_full(sent)))))
    assert why(str(sent)) == "reversal"


def test_a_second_payment_without_a_reversal_waits(bring, sent):
    bring(file_of(check(paid_in_full(sent))))
    bring(file_of(check(paid_in_full(sent), trace="CHK-2"), number=906))
    sent.refresh_from_db()
    assert sent.paid == Decimal("72.00")
    assert ClaimPayment.objects.get(state="waiting").waits_because == "answered"


def test_a_denial_is_answered_anew_by_a_payment(bring, sent):
    bring(file_of(check(denied(sent, "252"))))
    bring(file_of(check(paid_in_full(sent), trace="CHK-2"), number=906))
    sent.refresh_from_db()
    assert (sent.status, sent.paid) == ("paid", Decimal("72.00"))


def test_an_estimate_posts_nothing(bring, sent):
    bring(file_of(check(Clp(str(sent), "72.00", "0", [Svc("D0140", "72.00", "0")], status="25"))))
    sent.refresh_from_db()
    assert (why(str(sent)), sent.status) == ("estimate", "exported")


def test_a_broken_set_does_not_take_its_neighbours_with_it(bring, sent):
    cut = check(Clp("X", "1", "1", [Svc("D0140", "1", "1")]), trace="CHK-9")[:-2]
    file = bring(file_of(cut, check(paid_in_full(sent))))
    sent.refresh_from_db()
    states = dict(EdiPart.objects.filter(file=file).values_list("segment", "state"))
    assert list(states.values()) == ["refused", "taken"]
    assert sent.status == "paid"


def test_a_payment_for_another_practice_is_refused(bring, sent):
    part = bring(file_of(check(paid_in_full(sent), npi="1999999984"))).parts.get()
    assert (part.state, "another practice" in part.reason) == ("refused", True)
    assert not Remittance.objects.exists()


@pytest.mark.parametrize("content", [b"", b"Dear practice, please find enclosed", b"ISA*00*", b"\x00\xff" * 5000])
def test_what_is_no_answer_is_refused_with_a_reason(bring, content):
    file = bring(content)
    assert file.state == "refused"
    assert file.reason
