"""What a payer may decide of one claim, and what must follow: written here from the reason, not from the product's lists."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from tests.billing.x12.remittances import (
    ZERO,
    Answer,
    AnsweredLine,
    Billed,
    BilledLine,
    Cut,
    bundled,
    denied,
    paid,
    predetermined,
    reversed_payment,
)

CLASSES = {
    "18": "duplicate", "29": "filing_limit", "26": "eligibility", "B15": "addon_alone", "197": "authorisation",
    "11": "diagnosis", "252": "documents", "119": "frequency", "96": "not_covered", "A1": "other",
}  # fmt: skip
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Fate:
    """The answers to one claim in their order; by line of ours what was paid and the class. `stands` is False of a claim
    that no answer with money is left of."""

    answers: tuple[Answer, ...]
    lines: dict[str, tuple[Decimal, str]] = field(default_factory=dict)
    stands: bool = True

    @property
    def paid(self) -> Decimal:
        return sum((amount for amount, _ in self.lines.values()), ZERO)


def in_full(billed: Billed, amount: Decimal, share: Decimal) -> Fate:
    return _judged(billed, paid(billed))


def by_contract(billed: Billed, amount: Decimal, share: Decimal) -> Fate:
    """A part is written off, a part is the patient's; without either a line that was paid nothing is a person's to read."""
    return _judged(billed, paid(billed, contractual=amount, share=share))


def refused(reason: str) -> Callable[[Billed, Decimal, Decimal], Fate]:
    def fate(billed: Billed, amount: Decimal, share: Decimal) -> Fate:
        answer = denied(billed, reason=reason, remark="N706", whole=amount > share)
        return _judged(billed, answer, of_charged=CLASSES[reason])

    return fate


def refused_whole(billed: Billed, amount: Decimal, share: Decimal) -> Fate:
    """The claim alone is judged, no line of it."""
    answer = Answer(billed.claim_id, billed.charge, cuts=(Cut("CO", "29", billed.charge),), status="4")
    return Fate((answer,), {line.control_number: (ZERO, _class(line, "filing_limit")) for line in billed.lines})


def short(billed: Billed, amount: Decimal, share: Decimal) -> Fate:
    """The plan says what it allows and pays at least two cents less."""
    lines, told = [], {}
    for line in billed.lines:
        missing = min(line.charge, max(amount, 2 * CENT))
        cuts = (Cut("CO", "45", missing),) if missing else ()
        lines.append(AnsweredLine(line.control_number, line.code, line.charge, cuts, allowed=line.charge))
        told[line.control_number] = (line.charge - missing, "underpaid" if missing > CENT else _class(line, "paid"))
    return Fate((Answer(billed.claim_id, billed.charge, tuple(lines)),), told)


def part_of_another(billed: Billed, amount: Decimal, share: Decimal) -> Fate:
    """The first line is refused as part of another, which no rule of this payer says: a person looks."""
    first = billed.lines[0]
    told = _judged(billed, bundled(billed, first.control_number))
    return replace(told, lines={**told.lines, first.control_number: (ZERO, _class(first, "other"))})


def split(billed: Billed, amount: Decimal, share: Decimal) -> Fate:
    """Each line with a charge is answered in two parts."""
    parts: list[AnsweredLine] = []
    for line in billed.lines:
        some = min(amount, line.charge)
        charges = [some, line.charge - some] if ZERO < some < line.charge else [line.charge]
        parts += [AnsweredLine(line.control_number, line.code, charge, allowed=charge) for charge in charges]
    told = {line.control_number: (line.charge, _class(line, "paid")) for line in billed.lines}
    return Fate((Answer(billed.claim_id, billed.charge, tuple(parts)),), told)


def taken_back(billed: Billed, amount: Decimal, share: Decimal) -> Fate:
    first = paid(billed)
    return Fate((first, reversed_payment(first)), stands=False)


def corrected(billed: Billed, amount: Decimal, share: Decimal) -> Fate:
    first, anew = paid(billed), by_contract(billed, amount, share)
    return replace(anew, answers=(first, reversed_payment(first), *anew.answers))


def foreseen(billed: Billed, amount: Decimal, share: Decimal) -> Fate:
    """No payment: what the plan would pay."""
    return Fate((predetermined(billed, would_pay=amount),), stands=False)


FATES: tuple[Callable[[Billed, Decimal, Decimal], Fate], ...] = (
    in_full, by_contract, short, part_of_another, split, corrected, taken_back, foreseen, refused_whole,
    *(refused(reason) for reason in CLASSES),
)  # fmt: skip


def dated(answer: Answer, day: date) -> Answer:
    """As a payer names the day of service, at the claim and each line."""
    return replace(answer, served_on=day, lines=tuple(replace(line, served_on=day) for line in answer.lines))


def _judged(billed: Billed, answer: Answer, *, of_charged: str = "") -> Fate:
    told = {}
    for line in answer.lines:
        nothing = line.paid == ZERO and not any(cut.group == "PR" for cut in line.cuts)
        plain = of_charged or ("other" if nothing else "paid")
        told[line.control_number] = (line.paid, _class(line, plain))
    return Fate((answer,), told)


def _class(line: BilledLine | AnsweredLine, of_charged: str) -> str:
    """A line without a fee is owed nothing, whatever is said of it."""
    return of_charged if line.charge else "expected_zero"
