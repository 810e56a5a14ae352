"""Whatever a payer decides of claims of ours, in any file that the standard allows: posted to the cent, in its class."""

import uuid
from datetime import date
from decimal import Decimal

from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from billing.models import Claim, ClaimPayment, Fee, LineOutcome, Remittance
from tests import cast
from tests.billing import cast as money
from tests.billing.answers.fates import FATES, dated
from tests.billing.x12.envelopes import interchange
from tests.billing.x12.remittance_strategies import marks
from tests.billing.x12.remittances import Billed, BilledLine, Check, remittance
from tests.services.standing import built_once

NAMES = ("Ada", "Bo", "Cleo", "Dee", "Eli", "Fay")
amounts = st.integers(0, 9_000).map(lambda cent: Decimal(cent).scaleb(-2))


@built_once
def many(desk):
    """Claims of one file, with fees that differ."""
    claims = []
    for number, given_name in enumerate(NAMES):
        Fee.objects.filter(code="D0140").update(amount=Decimal("72.00") - number)
        Fee.objects.filter(code="D9996").update(amount=Decimal(number % 2) * Decimal("14.35"))
        claims.append(money.ready_claim(desk, patient=cast.make_patient(desk.world, given=given_name)))
    money.exported(desk)
    return claims


def billed(claim: Claim) -> Billed:
    lines = (BilledLine(f"{claim}-{line.number}", line.code, line.charge) for line in claim.lines.order_by("number"))
    return Billed(str(claim), tuple(lines))


@given(st.data())
@settings(max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_a_file_of_any_answers_posts_to_the_cent_and_in_their_classes(bring, many, data):
    fates = {
        claim.claim_id: data.draw(st.sampled_from(FATES))(billed(claim), data.draw(amounts), data.draw(amounts))
        for claim in many
    }
    answers = [dated(one, claim.service_date) for claim in many for one in fates[claim.claim_id].answers]
    check = Check(uuid.uuid4().hex[:12], tuple(answers), paid_on=date(2026, 12, 1))
    with transaction.atomic():
        file = bring(interchange([remittance(check)], data.draw(marks)).encode())
        assert (file.state, Remittance.objects.get().amount) == ("read", check.amount)
        waiting = set(ClaimPayment.objects.exclude(state="posted").values_list("waits_because", flat=True))
        assert waiting <= {"estimate"}
        for claim in Claim.objects.all():
            fate = fates[claim.claim_id]
            rows = LineOutcome.objects.filter(claim=claim).select_related("line")
            assert {f"{claim}-{row.line.number}": (row.paid, row.outcome) for row in rows} == fate.lines
            assert claim.paid == fate.paid
            assert (claim.status == "exported") == (not fate.stands)
        transaction.set_rollback(True)
