"""What a payer wrote is what is read, to the cent and to the sign, and what does not add up is out by just that."""

import io
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.x12.r835 import ClaimPayment, read_835
from billing.x12.reading import BrokenEdiError, TransactionSet, read_sets
from tests.billing.x12.envelopes import Marks, interchange
from tests.billing.x12.reading_back import read_back, told
from tests.billing.x12.remittance_strategies import (
    answers_to,
    any_check,
    billed_claims,
    checks_for,
    marks,
    signed_cents,
)
from tests.billing.x12.remittances import Billed, BilledLine, Check, Segment, paid, predetermined, remittance

slowly = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
BILLED = Billed("TD26-1", (BilledLine("A", "D0191", Decimal("45.00")), BilledLine("B", "D9996", Decimal("30.10"))))


def file_of(*checks: Check, dress: Marks | None = None) -> bytes:
    sets = [remittance(check, f"{at:04}") for at, check in enumerate(checks, 1)]
    return interchange(sets, dress or Marks()).encode()


def claims_in(data: bytes) -> list[ClaimPayment]:
    """The claims of the first set."""
    found = next(read_sets(io.BytesIO(data)))
    assert isinstance(found, TransactionSet)
    return [one for one in read_835(found) if isinstance(one, ClaimPayment)]


def claims_of(segments: list[Segment]) -> list[ClaimPayment]:
    """The claims of a set whose segments a test has changed, with its SE counted anew."""
    return claims_in(interchange([recounted(segments)]).encode())


def recounted(segments: list[Segment]) -> list[Segment]:
    return [*segments[:-1], ["SE", str(len(segments)), segments[-1][2]]]


@given(st.lists(any_check, min_size=1, max_size=3), marks)
@slowly
def test_any_remittance_is_read_as_it_was_written(checks: list[Check], dress: Marks):
    assert read_back(file_of(*checks, dress=dress)) == [told(check) for check in checks]


@given(billed_claims().flatmap(checks_for), marks)
@slowly
def test_a_likely_remittance_is_read_as_it_was_written_and_balances(check: Check, dress: Marks):
    data = file_of(check, dress=dress)
    assert read_back(data) == [told(check)]
    assert [claim.out_by for claim in claims_in(data)] == [0] * len(check.answers)


@given(billed_claims(1).flatmap(lambda claims: answers_to(claims[0])))
@slowly
def test_a_correction_comes_to_what_the_second_answer_pays(answers: tuple):
    claims = claims_in(file_of(Check("EFT1", answers)))
    assert [claim.is_reversal for claim in claims] == [answer.status == "22" for answer in answers]
    if len(answers) == 2:
        back, anew = claims
        assert [line.charge for line in back.lines] == [-line.charge for line in anew.lines]
        assert back.charge == -anew.charge


@given(signed_cents.filter(bool))
@slowly
def test_a_line_is_out_by_what_was_added_to_its_payment(off: Decimal):
    segments = remittance(Check("EFT1", (paid(BILLED, contractual=Decimal("7.00")),)))
    (at,) = [at for at, one in enumerate(segments) if one[0] == "SVC" and one[1] == ["AD", "D0191"]]
    segments[at][3] = str(Decimal(str(segments[at][3])) + off)
    (claim,) = claims_of(segments)
    assert [line.out_by for line in claim.lines] == [-off, 0]
    assert claim.out_by == -off


@given(signed_cents.filter(bool))
@slowly
def test_a_claim_is_out_by_what_was_added_to_its_payment(off: Decimal):
    segments = remittance(Check("EFT1", (paid(BILLED),)))
    (clp,) = [one for one in segments if one[0] == "CLP"]
    clp[4] = str(Decimal(str(clp[4])) + off)
    (claim,) = claims_of(segments)
    assert claim.out_by == -off


@given(signed_cents.filter(bool))
@slowly
def test_a_claim_whose_lines_balance_is_out_by_what_their_charges_lack(off: Decimal):
    segments = remittance(Check("EFT1", (paid(BILLED),)))
    (clp,) = [one for one in segments if one[0] == "CLP"]
    clp[3], clp[4] = str(Decimal(str(clp[3])) + off), str(Decimal(str(clp[4])) + off)
    (claim,) = claims_of(segments)
    assert claim.out_by == off


def test_a_line_that_is_gone_shows_though_it_was_paid_in_full():
    segments = remittance(Check("EFT1", (paid(BILLED),)))
    last = max(at for at, one in enumerate(segments) if one[0] == "SVC")
    (claim,) = claims_of([*segments[:last], segments[-1]])
    assert claim.out_by == Decimal("30.10")


def test_a_check_out_by_a_cent_says_so():
    check = Check("EFT1", (paid(BILLED),), out_by=Decimal("0.01"))
    (read,) = read_back(file_of(check))
    assert not isinstance(read, BrokenEdiError)
    assert (read.check.out_by, read.stated[0]) == (Decimal("0.01"), Decimal("75.11"))


def test_a_predetermination_carries_no_money_and_balances():
    (claim,) = claims_in(file_of(Check("EFT1", (predetermined(BILLED, would_pay=Decimal("20.00")),))))
    assert (claim.is_predetermination, claim.paid, claim.out_by) == (True, 0, 0)


def test_money_taken_back_from_the_practice_is_negative():
    check = Check("EFT1", (), out_by=Decimal("-12.50"))
    (read,) = read_back(file_of(check))
    assert not isinstance(read, BrokenEdiError)
    assert read.stated == (Decimal("-12.50"),)


@pytest.mark.parametrize(
    "amount", ["1,234.50", "12.345", "1e3", "$5", "5.00-", "--5", "٣", "NaN", "9" * 16, "0x1", ".", "-"]
)
def test_what_is_no_amount_in_dollars_and_cents_is_refused(amount: str):
    segments = remittance(Check("EFT1", (paid(BILLED),)))
    (clp,) = [one for one in segments if one[0] == "CLP"]
    clp[4] = amount
    with pytest.raises(BrokenEdiError, match="CLP04"):
        claims_of(segments)


WAYS = {"5": "5.00", "5.": "5.00", ".5": "0.50", "+5.10": "5.10", "-0": "0.00", "0012.3400": "12.34"}


@pytest.mark.parametrize(("written", "meant"), WAYS.items())
def test_an_amount_may_be_written_in_many_ways(written: str, meant: str):
    segments = remittance(Check("EFT1", (paid(BILLED),)))
    (clp,) = [one for one in segments if one[0] == "CLP"]
    clp[5] = written
    assert [str(claim.patient_share) for claim in claims_of(segments)] == [meant]


def test_a_code_is_shown_whole_where_another_sign_parts_its_components():
    segments = remittance(Check("EFT1", (paid(BILLED),)))
    (svc, *_) = [one for one in segments if one[0] == "SVC"]
    svc[1] = "AD>D0191"
    (claim,) = claims_of(segments)
    assert claim.lines[0].code == "AD>D0191"


@pytest.mark.parametrize("tag", ["BPR", "TRN", "N1", "CLP", "CAS", "NM1", "DTM", "SVC", "REF", "PLB"])
def test_a_damaged_tag_is_never_passed_over(tag: str):
    answer = paid(BILLED, contractual=Decimal("7.00"))
    check = Check("EFT1", (answer, replace(answer, claim_id="TD26-2")), moved=())
    segments = remittance(check)
    segments.insert(-1, ["PLB", "1234567893", "20261231", ["WO", "1"], "1.00"])
    at = max(at for at, one in enumerate(segments) if one[0] == tag)
    segments[at][0] = "X" + tag[1:]
    with pytest.raises(BrokenEdiError, match="may not stand here"):
        claims_of(recounted(segments))


@pytest.mark.parametrize(
    "stray", [["SVC", ["AD", "D0191"], "1", "1"], ["CAS", "CO", "45", "1"], ["BPR", "I", "1", "C"]]
)
def test_money_that_belongs_to_nothing_is_refused(stray: Segment):
    segments = remittance(Check("EFT1", (paid(BILLED),)))
    at = next(at for at, one in enumerate(segments) if one[0] == "CLP")
    with pytest.raises(BrokenEdiError):
        claims_of([*segments[:at], stray, *segments[at:]])


def test_a_seventh_adjustment_in_one_segment_is_refused():
    segments = remittance(Check("EFT1", (paid(BILLED, contractual=Decimal("7.00")),)))
    (cas, *_) = [one for one in segments if one[0] == "CAS"]
    cas += ["", *["45", "1.00", ""] * 6]
    with pytest.raises(BrokenEdiError, match="more than six"):
        claims_of(segments)
