"""One claim of a remittance posts to one claim of ours, or waits with the reason (CL-9).

What is posted is added to the claim, never written over: a reversal takes back the answer it repeats with turned signs,
a correction answers anew. Each line's outcome is drawn again from all that stands, and the claim's status follows.

Everything here runs inside the caller's transaction, with the cases of all claims locked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from billing.changed import follow_void, follow_voided
from billing.claims.lines import age_on
from billing.deadlines import redraw
from billing.models import Claim, ClaimLine, ClaimPayment, FilingCode, LineOutcome, LinePayment, PaymentState, Waiting
from billing.moving import move_claim, write
from billing.outcomes.claim_status import move_after
from billing.outcomes.classify import ZERO, Adjustment, Answer, Judgement, Outcome, Terms, judge
from billing.outcomes.matching import OurLine, TheirLine, apportion, match_lines
from billing.outcomes.reasons import CONTRACT
from billing.states import CHECKED, ENDED, MOVES, SENT, Status
from billing.still_held import take_on_late
from billing.terms import RuleBook, read_rules, terms_for
from billing.x12.r835 import PREDETERMINATION, REVERSAL
from teledent.accounts.days import today_in
from teledent.accounts.models import Person

POST = "billing.post_remittance"  # the job that posts a whole one
ADULT = 21  # years: children's Medicaid ends there
JUDGED_BY = LineOutcome._meta.get_field("judged_by").max_length


@dataclass(slots=True)
class Posted:
    """A claim of ours with everything that was posted to it, oldest first."""

    claim: Claim
    lines: list[ClaimLine]
    payments: list[ClaimPayment] = field(default_factory=list)

    @property
    def standing(self) -> list[ClaimPayment]:
        """Answers that no reversal has taken back, oldest first."""
        standing: list[ClaimPayment] = []
        for payment in self.payments:
            if payment.status_code == REVERSAL:
                taken = next((one for one in reversed(standing) if _takes_back(payment, one)), None)
                if taken is not None:
                    standing.remove(taken)
            else:
                standing.append(payment)
        return standing


def _takes_back(reversal: ClaimPayment, earlier: ClaimPayment) -> bool:
    return (reversal.charge, reversal.paid) == (-earlier.charge, -earlier.paid)


def load(claim_identifiers: Iterable[str], *, practice_id: int) -> dict[str, Posted]:
    """Our claims by the number they were sent with, in a handful of queries however many there are."""
    claims = Claim.objects.filter(practice=practice_id, claim_id__in=set(claim_identifiers))
    found = {
        claim.pk: Posted(claim, list(claim.lines.all()))
        for claim in claims.select_related("coverage__payer", "case__patient", "practice")
        .defer("facts", "draft")
        .prefetch_related("lines")
    }
    earlier = ClaimPayment.objects.filter(claim__in=found, state=PaymentState.POSTED).select_related("remittance")
    for payment in earlier.prefetch_related("lines").order_by("posted_at", "pk"):
        found[payment.claim_id or 0].payments.append(payment)
    return {posted.claim.claim_id: posted for posted in found.values()}


def why_waiting(payment: ClaimPayment, posted: Posted | None) -> Waiting | None:
    """Why `payment` cannot be posted to this claim; None when it can."""
    if payment.status_code == PREDETERMINATION:
        return Waiting.NO_MONEY
    if posted is None:
        return Waiting.NO_CLAIM
    if posted.claim.status not in SENT and not posted.claim.was_let_go:
        return Waiting.NOT_SENT
    if payment.out_by:
        return Waiting.OUT_OF_BALANCE
    standing = posted.standing
    if payment.status_code == REVERSAL:
        if not any(_takes_back(payment, one) for one in standing):
            return Waiting.NOTHING_TO_REVERSE
    elif any(one.paid for one in standing):
        return Waiting.ANSWERED_BEFORE
    if abs(payment.charge) != posted.claim.total:
        return Waiting.ANOTHER_CHARGE
    return None if lines_of(payment, posted) is not None else Waiting.LINES


def lines_of(payment: ClaimPayment, posted: Posted) -> tuple[int, ...] | None:
    """The number of our line for each judged line, or None; empty when the payer judged the claim as a whole."""
    theirs = [
        TheirLine(
            line.control_number, line.submitted_code or line.code, line.service_date, line.charge,
            (line.paid, line.allowed, str(line.adjustments), str(line.remarks)),
        )
        for line in payment.lines.all()
    ]  # fmt: skip
    ours = [
        OurLine(
            line.number, f"{posted.claim.claim_id}-{line.number}", line.code, line.service_date, line.charge or ZERO
        )
        for line in posted.lines
    ]
    return match_lines(theirs, ours)


def post(payment: ClaimPayment, posted: Posted, numbers: Sequence[int], *, person: Person | None, at: datetime) -> None:
    """Give the payment and its lines to the claim. `keep` writes it and `draw` what follows from it, once a batch."""
    ours = {line.number: line for line in posted.lines}
    for line, number in zip(payment.lines.all(), numbers, strict=True):
        line.line = ours[number]
    payment.claim, payment.posted_at, payment.posted_by = posted.claim, at, person
    payment.state, payment.waits_because = PaymentState.POSTED, ""
    posted.payments.append(payment)


def keep(payments: Sequence[ClaimPayment]) -> None:
    """Write what became of these payments, whose lines were fetched ahead."""
    LinePayment.objects.bulk_update([line for one in payments for line in one.lines.all() if line.line_id], ["line"])
    ClaimPayment.objects.bulk_update(
        payments, ["claim", "authorisation", "posted_at", "posted_by", "state", "waits_because"]
    )


def draw(changed: Sequence[Posted], *, person: Person | None, at: datetime) -> None:
    """Judge every line of these claims anew by all that stands, write the outcomes, and let the claims follow."""
    rows: list[LineOutcome] = []
    gone: list[int] = []
    book = rules_of(changed)
    for posted in changed:
        drawn = outcomes_of(posted, book, at=at)
        rows += drawn
        gone += {line.pk for line in posted.lines} - {row.line_id for row in drawn}
        _follow(posted, drawn, person=person, at=at)
    waiting = Claim.objects.filter(
        replaces__in=[one.claim.pk for one in changed], status__in=CHECKED | {Status.REJECTED}
    )
    redraw(waiting)  # a correction that waits runs from this answer
    LineOutcome.objects.filter(line__in=gone).delete()
    _keep_outcomes(rows)
    for posted in changed:  # at the end: the same remittance may have answered the void as well
        follow_voided(posted.claim, stands=bool(posted.standing), person=person, at=at)


def rules_of(many: Iterable[Posted]) -> RuleBook:
    """The payers' rows in use for the codes of these claims; one query."""
    claims = list(many)
    payers = {one.claim.coverage.payer_id for one in claims if one.claim.coverage is not None}
    return read_rules(payers, {line.code for one in claims for line in one.lines})


def outcomes_of(posted: Posted, book: RuleBook, *, at: datetime) -> list[LineOutcome]:
    """How each answered line stands by all that was posted and these rules; not saved."""
    answers = _answers(posted)
    return [
        _outcome(posted, line, answers[line.pk], _terms(posted, line, book), at=at)
        for line in posted.lines
        if line.pk in answers
    ]


def judge_anew(
    changed: Iterable[tuple[Posted, Sequence[LineOutcome]]], *, person: Person | None, because: str, at: datetime
) -> None:
    """Write outcomes that other rules make of what was posted, and let the claims follow. No answer came: what was paid,
    and the days from which corrections and appeals count, stay. `because` is the rule, in words; the timeline keeps it."""
    rows: list[LineOutcome] = []
    for posted, drawn in changed:
        rows += drawn
        share = sum((row.patient_share for row in drawn), ZERO)
        name = move_after([Outcome(row.outcome) for row in drawn], paid=posted.claim.paid, lines=len(posted.lines))
        details = {"paid": posted.claim.paid, "anew": because}
        move_claim(posted.claim, name, person=person, at=at, details=details, patient_share=share)
        if posted.claim.is_void:
            follow_void(posted.claim, at=at)
    _keep_outcomes(rows)


def _keep_outcomes(rows: Sequence[LineOutcome]) -> None:
    LineOutcome.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["line"], update_fields=[
            "outcome", "step", "paid", "patient_share", "written_off", "allowed", "expected", "short_by", "judged_by", "codes", "at",
        ],
    )  # fmt: skip


def _answers(posted: Posted) -> dict[int, Answer]:
    """What stands for each line, by its primary key; a line that nobody judged is not in it."""
    if not posted.standing:
        return {}
    current = posted.standing[-1]
    judged: dict[int, list[LinePayment]] = {}
    for line in current.lines.all():
        judged.setdefault(line.line_id or 0, []).append(line)
    if not judged:
        return _of_whole_claim(posted, current)
    claims_own = _apportioned(current.adjustments, [line for line in posted.lines if line.pk in judged])
    return {
        line.pk: _added(judged[line.pk], claims_own[line.pk], current.remarks)
        for line in posted.lines
        if line.pk in judged
    }


def _of_whole_claim(posted: Posted, payment: ClaimPayment) -> dict[int, Answer]:
    """A claim judged as a whole: each line bears paid amount and adjustments by its charge."""
    charges = [line.charge or ZERO for line in posted.lines]
    paid = apportion(payment.paid, charges)
    own = _apportioned(payment.adjustments, posted.lines)
    return {
        line.pk: Answer(charge, amount, own[line.pk], tuple(payment.remarks))
        for line, charge, amount in zip(posted.lines, charges, paid, strict=True)
    }


def _apportioned(adjustments: Sequence[Sequence[str]], lines: Sequence[ClaimLine]) -> dict[int, tuple[Adjustment, ...]]:
    shares: dict[int, list[Adjustment]] = {line.pk: [] for line in lines}
    for group, reason, amount in adjustments:
        parts = apportion(Decimal(amount), [line.charge or ZERO for line in lines])
        for line, part in zip(lines, parts, strict=True):
            shares[line.pk].append(Adjustment(group, reason, part))
    return {pk: tuple(own) for pk, own in shares.items()}


def _added(judged: Sequence[LinePayment], claims_own: tuple[Adjustment, ...], remarks: Sequence[str]) -> Answer:
    """One line of ours, which the payer may have split."""
    allowed = [line.allowed for line in judged if line.allowed is not None]
    return Answer(
        charge=sum((line.charge for line in judged), ZERO),
        paid=sum((line.paid for line in judged), ZERO),
        adjustments=(
            *(Adjustment(group, reason, Decimal(amount)) for line in judged for group, reason, amount in line.adjustments),
            *claims_own,
        ),
        remarks=(*(remark for line in judged for remark in line.remarks), *remarks),
        allowed=sum(allowed, ZERO) if len(allowed) == len(judged) else None,
    )  # fmt: skip


def _terms(posted: Posted, line: ClaimLine, book: RuleBook) -> Terms:
    """What the payer's rows in use said on the day of the service."""
    coverage, day = posted.claim.coverage, line.service_date
    if coverage is None:
        return Terms()
    payer = coverage.payer
    return terms_for(
        book.rule_for(payer.pk, line.code, plan=payer.filing_code, day=day),
        quantity=line.quantity,
        charge=line.charge,
        in_medicaid=payer.epsdt or payer.filing_code == FilingCode.MEDICAID,
        is_child=age_on(posted.claim.case.patient.birth_date, day) < ADULT,
    )


def _outcome(posted: Posted, line: ClaimLine, answer: Answer, terms: Terms, *, at: datetime) -> LineOutcome:
    judgement: Judgement = judge(answer, terms)
    contract = (one.amount for one in answer.adjustments if one.group == "CO" and one.reason in CONTRACT)
    return LineOutcome(
        line=line, claim=posted.claim, outcome=judgement.outcome, step=judgement.step, paid=answer.paid,
        patient_share=answer.patient_share, written_off=sum(contract, ZERO), allowed=answer.allowed, expected=terms.expected,
        short_by=judgement.short_by, judged_by=terms.schedule[:JUDGED_BY], at=at,
        codes=[f"{one.group}-{one.reason}" for one in answer.adjustments] + list(answer.remarks),
    )  # fmt: skip


def _answered_on(posted: Posted, at: datetime) -> date | None:
    """The day of the answer that stands, from which corrections and appeals count: the payer's own, else when it came."""
    standing = posted.standing
    if not standing:
        return None
    answer = standing[-1]
    return answer.remittance.paid_on or today_in(posted.claim.practice, answer.posted_at or at)


def _follow(posted: Posted, drawn: Sequence[LineOutcome], *, person: Person | None, at: datetime) -> None:
    """Money of all answers together, and the status that the lines make."""
    claim = posted.claim
    if claim.was_let_go:  # whoever judges a claim has it
        take_on_late(claim, person=person, at=at)
    changes: dict[str, Any] = {
        "answered_at": at,
        "answered_on": _answered_on(posted, at),
        "paid": sum((payment.paid for payment in posted.payments), ZERO),
        "patient_share": sum((row.patient_share for row in drawn), ZERO),
    }
    if number := next((one.payer_claim_number for one in reversed(posted.payments) if one.payer_claim_number), ""):
        changes["payer_claim_number"] = number
    name = move_after([Outcome(row.outcome) for row in drawn], paid=changes["paid"], lines=len(posted.lines))
    in_one_file = name == "take_back" and claim.status not in MOVES[name].sources
    if in_one_file or claim.status in ENDED:  # an answer, late or taken back, moves no claim that another replaced
        write(claim, **changes)
        return
    move_claim(claim, name, person=person, at=at, details={"paid": changes["paid"]}, **changes)
    if claim.is_void:
        follow_void(claim, at=at)
