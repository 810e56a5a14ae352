"""Rules about the payer before: its answer is there, is about these very lines, and adds up to the cent (edi.md 3.2)."""

from decimal import Decimal

from billing.claims.facts import ClaimFacts, EarlierAnswer
from billing.claims.latin import to_latin
from billing.claims.lines import ClaimDraft
from billing.claims.rule import Rule

GROUPS = frozenset(["CO", "CR", "OA", "PI", "PR"])


def _has_no_answer(facts: ClaimFacts, _draft: ClaimDraft) -> bool:
    later = facts.coverage is not None and facts.coverage.sequence != "P"
    return later and facts.earlier_answer is None


def _is_about_other_lines(facts: ClaimFacts, draft: ClaimDraft) -> str:
    """A payer before that judged line by line must have judged each line of this claim, for the same charge."""
    answer = facts.earlier_answer
    if answer is None:
        return ""
    if not answer.lines:
        return "" if answer.charge == draft.total else f"${answer.charge:.2f} then, ${draft.total:.2f} now"
    judged = {line.number: line.charge for line in answer.lines}
    now = {line.number: line.charge or Decimal(0) for line in draft.lines}
    other = sorted(number for number in judged.keys() | now.keys() if judged.get(number) != now.get(number))
    return ", ".join(
        f"line {number}: {_dollars(judged.get(number))} then, {_dollars(now.get(number))} now" for number in other
    )


def _does_not_add_up(facts: ClaimFacts, _draft: ClaimDraft) -> str:
    answer = facts.earlier_answer
    if answer is None:
        return ""
    lines = (f"line {line.number} is out by ${line.out_by:.2f}" for line in answer.lines if line.out_by)
    whole = (f"the claim is out by ${answer.out_by:.2f}",) if answer.out_by else ()
    return ", ".join((*lines, *whole, *_paid_apart(answer)))


def _paid_apart(answer: EarlierAnswer) -> tuple[str, ...]:
    """What was paid for the claim is what was paid for its lines, less what was taken off the claim as a whole."""
    if not answer.lines:
        return ()
    of_lines = sum((line.paid for line in answer.lines), Decimal(0)) - sum(
        (one.amount for one in answer.adjustments), Decimal(0)
    )
    off = answer.paid - of_lines
    return (f"the payment differs from that of its lines by ${off:.2f}",) if off and not answer.out_by else ()


def _has_unknown_adjustments(facts: ClaimFacts, _draft: ClaimDraft) -> str:
    answer = facts.earlier_answer
    if answer is None:
        return ""
    adjusted = [*answer.adjustments, *(one for line in answer.lines for one in line.adjustments)]
    odd = {
        f"{one.group}-{one.reason}"
        for one in adjusted
        if one.group not in GROUPS or not 1 <= len(to_latin(one.reason)) <= 5
    }
    return ", ".join(sorted(odd))


def _cannot_name_the_payer(facts: ClaimFacts, _draft: ClaimDraft) -> str:
    """The claim to the next payer names the earlier one and its policyholder."""
    if facts.earlier_answer is None:
        return ""
    coverage = facts.earlier_answer.coverage
    named = (
        coverage.payer.name.strip()
        and len(to_latin(coverage.payer.payer_id)) > 1
        and len(to_latin(coverage.member_id)) > 1
    )
    return "" if named and to_latin(coverage.subscriber_name.last) else coverage.payer.name or "the payer before"


def _dollars(amount: Decimal | None) -> str:
    return "nothing" if amount is None else f"${amount:.2f}"


EARLIER_PAYER_RULES: tuple[Rule, ...] = (
    Rule(
        "COB.answer", "837D 2320", "blocks", "coverage",
        "This claim goes to the next payer, and no answer of the one before stands. Post its remittance first.",
        _has_no_answer,
    ),
    Rule(
        "COB.lines", "837D 2430", "blocks", "lines",
        "The payer before judged other charges than this claim bears ({what}). Bill the next payer what the first was billed.",
        _is_about_other_lines,
    ),
    Rule(
        "COB.balance", "837D 2320, 2430", "blocks", "lines",
        "The answer of the payer before does not add up: {what}. Charge must equal paid and adjustments; look at its remittance.",
        _does_not_add_up,
    ),
    Rule(
        "COB.codes", "837D CAS", "blocks", "lines",
        "The payer before gave adjustment codes that a claim cannot carry: {what}. Look at its remittance.",
        _has_unknown_adjustments,
    ),
    Rule(
        "COB.payer", "837D 2330", "blocks", "coverage",
        "The policyholder, member id or electronic id of {what} is missing, which the claim to the next payer names.",
        _cannot_name_the_payer,
    ),
)  # fmt: skip
