"""Another reader, in another language, finds the same claims, lines and cents in the same files."""

import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.x12.r835 import Adjustment, ClaimPayment, Line, Payment, ProviderAdjustment, read_835
from billing.x12.reading import TransactionSet, read_sets
from tests.billing.x12.envelopes import Marks, interchange
from tests.billing.x12.remittance_strategies import any_check, billed_claims, checks_for
from tests.billing.x12.remittances import Check, remittance
from tests.judges.oxedi_judge import NONE, judged, money

slowly = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
dresses = st.sampled_from((Marks(), Marks("|", ">", "!", "'"), Marks(end="~\r\n")))
Event = Payment | ClaimPayment | ProviderAdjustment


def events_in(data: bytes) -> list[Event]:
    events: list[Event] = []
    for found in read_sets(io.BytesIO(data)):
        assert isinstance(found, TransactionSet)
        events += read_835(found)
    return events


@given(st.lists(st.one_of(any_check, billed_claims().flatmap(checks_for)), min_size=1, max_size=3), dresses)
@slowly
def test_oxedi_finds_the_same_payments_claims_lines_and_adjustments(checks: list[Check], dress: Marks):
    sets = [remittance(check, f"{at:04}") for at, check in enumerate(checks, 1)]
    data = interchange(sets, dress).encode()
    events, other = events_in(data), judged(data)
    claims = [one for one in events if isinstance(one, ClaimPayment)]
    lines = [line for claim in claims for line in claim.lines]
    adjustments = [
        one for claim in claims for one in [*claim.adjustments, *(a for line in claim.lines for a in line.adjustments)]
    ]
    assert [_payment(one) for one in events if isinstance(one, Payment)] == [
        (
            row["trace_number"],
            row["payer_name"],
            -money(row["total_payment_amount"])
            if row["credit_debit_flag"] == "D"
            else money(row["total_payment_amount"]),
        )
        for row in other.payments
    ]
    assert [_claim(one) for one in claims] == [
        (
            row["claim_id"],
            row["claim_status"],
            money(row["charge_amount"]),
            money(row["payment_amount"]),
            money(row["patient_responsibility"]),
            row["payer_control_number"],
            row["patient_last_name"],
        )
        for row in other.claims
    ]
    assert [_line(one) for one in lines] == [
        (
            row["line_item_control_number"],
            row["procedure_code"],
            money(row["charge_amount"]),
            money(row["payment_amount"]),
            row["service_date"],
            row["allowed_amount"],
        )
        for row in other.services
    ]
    assert [_adjustment(one) for one in adjustments] == [
        (row["group_code"], row["reason_code"], money(row["amount"])) for row in other.adjustments
    ]
    assert [(one.reason, one.amount) for one in events if isinstance(one, ProviderAdjustment)] == [
        (row["reason_code"], money(row["amount"])) for row in other.provider_adjustments
    ]


def _payment(one: Payment) -> tuple:
    return one.trace, one.payer_name, one.amount


def _claim(one: ClaimPayment) -> tuple:
    family = one.patient_name.partition(" ")[2]
    return one.claim_id, one.status, one.charge, one.paid, one.patient_share, one.payer_claim_number, family


def _line(one: Line) -> tuple:
    served_on = NONE if one.service_date is None else str(one.service_date)
    return (
        one.control_number,
        one.code,
        one.charge,
        one.paid,
        served_on,
        NONE if one.allowed is None else str(one.allowed),
    )


def _adjustment(one: Adjustment) -> tuple:
    return one.group, one.reason, one.amount
