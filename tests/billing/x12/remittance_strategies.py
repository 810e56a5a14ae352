"""Remittances that hypothesis draws: likely ones about given claims, and any that the standard can hold."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.billing.x12.envelopes import Marks
from tests.billing.x12.remittances import (
    Answer,
    AnsweredLine,
    Billed,
    BilledLine,
    Check,
    Cut,
    Moved,
    bundled,
    denied,
    paid,
    predetermined,
    recoded,
    reversed_payment,
)

# Letters that the Windows code page writes as one byte, none of which two can be taken for one of UTF-8.
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZÀÉÑÜØß"
CODES = ("D0120", "D0191", "D0274", "D0350", "D0703", "D0707", "D1206", "D9996")
cents = st.integers(0, 999_999).map(lambda count: Decimal(count).scaleb(-2))
signed_cents = st.integers(-999_999, 999_999).map(lambda count: Decimal(count).scaleb(-2))
days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
names = st.text(LETTERS, min_size=1, max_size=30)
numbers = st.text("ABC0123456789", min_size=1, max_size=20)
marks = st.builds(
    Marks,
    element=st.sampled_from("*|+\x1d"),
    component=st.sampled_from(":><\x1f"),
    repetition=st.sampled_from("^!"),
    end=st.sampled_from(["~", "~\n", "~\r\n", "~\r", "'", "\x1c", "\x1e\n", "\n", "\r\n", "\r"]),
)


@st.composite
def billed_claims(draw: DrawFn, most: int = 6) -> tuple[Billed, ...]:
    """Claims as they were sent, with ids that occur once."""
    claims = []
    for at in range(draw(st.integers(1, most))):
        claim_id = f"TD26-{at:06}-{draw(st.integers(1, 3))}"
        lines = draw(st.lists(st.tuples(st.sampled_from(CODES), cents), min_size=1, max_size=5))
        numbered = tuple(BilledLine(f"{claim_id}-{no}", code, charge) for no, (code, charge) in enumerate(lines, 1))
        claims.append(Billed(claim_id, numbered))
    return tuple(claims)


@st.composite
def answers_to(draw: DrawFn, billed: Billed) -> tuple[Answer, ...]:
    """How a payer may answer one claim; a correction is the taking back and the claim judged anew."""
    chosen = draw(st.sampled_from([line.control_number for line in billed.lines]))
    full = paid(billed, contractual=draw(cents), share=draw(cents))
    match draw(st.sampled_from(("paid", "denied", "lines denied", "bundled", "recoded", "corrected", "asked"))):
        case "paid":
            return (replace(full, status=draw(st.sampled_from("123")), remarks=draw(remarks(5))),)
        case "denied":
            return (denied(billed),)
        case "lines denied":
            return (denied(billed, whole=False),)
        case "bundled":
            return (bundled(billed, chosen),)
        case "recoded":
            return (recoded(full, chosen, "D0999"),)
        case "corrected":
            return reversed_payment(full), paid(billed, contractual=draw(cents))
        case _:
            return (predetermined(billed, would_pay=draw(cents)),)


@st.composite
def checks_for(draw: DrawFn, claims: Sequence[Billed], trace: str = "EFT1") -> Check:
    """One payment that answers each of `claims`, with money that belongs to none."""
    answers = tuple(answer for billed in claims for answer in draw(answers_to(billed)))
    return Check(trace, answers, moved=tuple(draw(st.lists(moves, max_size=8))), paid_on=draw(days))


def remarks(most: int) -> SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(("N19", "N362", "N706", "MA01", "M62")), max_size=most).map(tuple)


moves = st.builds(Moved, st.sampled_from(("WO", "FB", "CS", "L6")), st.one_of(st.just(""), numbers), signed_cents)
any_cuts = st.lists(
    st.builds(
        Cut,
        group=st.sampled_from(("CO", "PR", "OA", "PI")),
        reason=st.sampled_from(("1", "2", "45", "97", "119", "A2", "B15")),
        amount=signed_cents,
        quantity=st.sampled_from(("", "1", "-2", "0.5")),
    ),
    max_size=14,
).map(tuple)
any_lines = st.builds(
    AnsweredLine,
    control_number=numbers,
    code=st.sampled_from(CODES),
    charge=signed_cents,
    cuts=any_cuts,
    billed_code=st.sampled_from(("", "D0220")),
    modifiers=st.lists(st.sampled_from(("GT", "95", "KX", "52")), max_size=4).map(tuple),
    allowed=st.none() | cents,
    remarks=remarks(4),
    units=st.sampled_from(("", "1", "3", "0.5")),
    served_on=st.none() | days,
)


@st.composite
def _any_answer(draw: DrawFn) -> Answer:
    lines = tuple(draw(st.lists(any_lines, max_size=4)))
    charge = sum((line.charge for line in lines), Decimal("0.00")) if lines else draw(signed_cents)
    return Answer(
        claim_id=draw(numbers),
        charge=charge,
        lines=lines,
        status=draw(st.sampled_from(("1", "2", "3", "4", "19", "22", "25"))),
        cuts=draw(any_cuts),
        payer_claim_number=draw(numbers),
        frequency=draw(st.sampled_from(("", "1", "7", "8"))),
        remarks=draw(remarks(5)),
        given=draw(names),
        family=draw(names),
        member_id=draw(numbers),
        rendering_npi=draw(numbers),
        served_on=draw(st.none() | days),
    )


any_answer = _any_answer()
any_check = st.builds(
    Check,
    trace=numbers,
    answers=st.lists(any_answer, max_size=4).map(tuple),
    moved=st.lists(moves, max_size=13).map(tuple),
    paid_on=days,
    payer_name=names,
    payer_id=numbers,
    payee_name=names,
    payee_npi=numbers,
    payee_tin=numbers,
    out_by=st.just(Decimal("0.00")) | signed_cents,
)
