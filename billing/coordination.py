"""What the payer before answered, read from its posted remittance into the facts of the claim to the next payer."""

from dataclasses import replace
from decimal import Decimal

from billing.claims.earlier_lines import CoveredLine, LineAnswer, PayerAdjustment
from billing.claims.facts import ClaimFacts, EarlierAnswer
from billing.models import Claim, Frequency, LinePayment
from billing.posting import load
from billing.states import SENT, Status
from teledent.kit import clock


def with_earlier_answer(facts: ClaimFacts, claim: Claim) -> ClaimFacts:
    """`facts` of a claim that follows another, with the answer that stands there; without one while none stands.

    The bill is the same to both payers, so it is dated as the first was.
    """
    if facts.coverage is None or claim.follows is None:
        return facts
    before = newest_version(claim.follows)
    first = ClaimFacts.from_json(before.facts).coverage
    basis = first.payer.dos_basis if first else facts.coverage.payer.dos_basis
    coverage = replace(facts.coverage, payer=replace(facts.coverage.payer, dos_basis=basis))
    return replace(facts, coverage=coverage, earlier_answer=earlier_answer(before))


def newest_version(claim: Claim) -> Claim:
    """The claim that now stands for `claim` with its payer: itself, or the last correction that went out."""
    while later := claim.successors.filter(status__in=SENT).exclude(frequency=Frequency.VOID).first():
        claim = later
    return claim


def earlier_answer(claim: Claim) -> EarlierAnswer | None:
    """The newest answer to `claim` that stands; None when nothing stands, or the claim was voided. Four queries."""
    coverage = ClaimFacts.from_json(claim.facts).coverage
    posted = load([claim.claim_id], practice_id=claim.practice_id)[claim.claim_id]
    if not posted.standing or coverage is None or claim.status == Status.VOIDED:
        return None
    current = posted.standing[-1]
    remittance = current.remittance
    judged: dict[int, list[LinePayment]] = {}
    for row in current.lines.all():
        judged.setdefault(row.line_id or 0, []).append(row)
    return EarlierAnswer(
        coverage=coverage,
        charge=current.charge,
        paid=current.paid,
        answered_on=remittance.paid_on or clock.local_date(remittance.received_at, claim.case.site.time_zone),
        claim_number=current.payer_claim_number,
        adjustments=_adjustments(current.adjustments),
        lines=tuple(_line(line.number, line.code, judged[line.pk]) for line in posted.lines if line.pk in judged),
        covered=tuple(CoveredLine(line.number, line.authorisation) for line in posted.lines if line.authorisation),
    )


def _line(number: int, code: str, rows: list[LinePayment]) -> LineAnswer:
    """One line of ours, which the payer may have split; under the code it was judged by, where it is one code."""
    judged = {row.code.rpartition(":")[2] for row in rows}
    return LineAnswer(
        number=number,
        code=judged.pop() if len(judged) == 1 else code,
        charge=sum((row.charge for row in rows), Decimal("0.00")),
        paid=sum((row.paid for row in rows), Decimal("0.00")),
        adjustments=tuple(one for row in rows for one in _adjustments(row.adjustments)),
    )


def _adjustments(rows: list[list[str]]) -> tuple[PayerAdjustment, ...]:
    return tuple(PayerAdjustment(group, reason, Decimal(amount)) for group, reason, amount in rows)
