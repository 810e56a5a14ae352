"""Random claims of the invented cast: hostile text, other lines and fees, modifiers, corrections, voids, and the payer before."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from billing.asking_ahead.plan import Planned, draft_request
from billing.claims.authorised import Authorised, AuthorisedUnits
from billing.claims.earlier_lines import LineAnswer, PayerAdjustment
from billing.claims.facts import CardName, ClaimFacts, EarlierAnswer, Fee, OnSiteService
from billing.claims.lines import ClaimDraft, draft_claim
from billing.claims.payer_rules import PayerRule
from billing.x12.d837_claim import ClaimSubmission, Granted
from tests.billing.claims.cast import (
    COVERAGE,
    DAY_SEEN,
    DAY_SIGNED,
    PAYER,
    adult,
    medicaid_child,
    school_child,
    with_case,
    with_coverage,
    with_patient,
)

NASTY = "*~:^|\x00\x1b\r\n\t\x85\u2028\u202e`\\{}[]<>ßøłĐ’“—é李م😀"
text = st.text(st.one_of(st.sampled_from(NASTY), st.characters(codec="utf-8")), max_size=60)
words = text.map(lambda said: "Ab" + said)  # a blank name is the rules' affair
cents = st.integers(0, 90_000).map(lambda amount: Decimal(amount).scaleb(-2))
DAY_LAST = date(2026, 12, 31)
FIRST = replace(COVERAGE, payer=replace(PAYER, name="First Dental", payer_id="FIRST1"), member_id="F-1", sequence="P")

rules = st.lists(
    st.builds(
        PayerRule,
        st.sampled_from(["D0140", "D9996", "D1354"]),
        st.just("A manual"),
        covered=st.just("yes"),
        modifiers=st.lists(st.sampled_from(["GQ", "95", "U1", "KX"]), unique=True, max_size=4).map(tuple),
    ),
    unique_by=lambda one: one.code,
    max_size=2,
).map(tuple)

units = st.builds(
    AuthorisedUnits,
    st.sampled_from(["D0140", "D9996", "D0191", "D1354"]),
    st.sampled_from(["", "A", "32"]),
    left=st.integers(0, 3),
)
approved = st.lists(
    st.builds(
        Authorised,
        words,
        st.just(DAY_SEEN - timedelta(days=9)),
        units=st.lists(units, max_size=3).map(tuple),
        row=st.uuids().map(str),
    ),
    max_size=3,
).map(tuple)


@st.composite
def facts(draw: st.DrawFn) -> ClaimFacts:
    made = draw(st.sampled_from([school_child, adult, medicaid_child]))()
    name = CardName(draw(words), draw(words), draw(text), draw(text))
    made = with_patient(
        made, card_name=name, address=replace(made.patient.address, street=draw(words), street2=draw(text))
    )
    made = with_coverage(
        made, subscriber_name=name, member_id=draw(words), group_number=draw(text), group_name=draw(text)
    )
    made = with_case(made, why_store_and_forward=draw(text))
    fees = tuple(Fee(fee.code, draw(cents), fee.valid_from) for fee in made.fees)
    services = tuple(
        OnSiteService("D1354", DAY_SEEN, tooth=tooth, quantity=draw(st.sampled_from([1, 1, 2])))
        for tooth in draw(st.lists(st.sampled_from(["1", "32", "A", "T", "51", "AS"]), max_size=4))
    )
    made = replace(made, authorised=draw(approved))
    return replace(
        made, fees=fees, services=(*made.services, *services), site=replace(made.site, name=draw(words)), payer_rules=draw(rules)
    )  # fmt: skip


@st.composite
def parted(draw: st.DrawFn, charge: Decimal) -> tuple[Decimal, tuple[PayerAdjustment, ...]]:
    """A charge parted to the cent: what was paid, and up to nine adjustments, one of which may be below zero."""
    left, adjustments = charge, []
    for _ in range(draw(st.integers(0, 9))):
        amount = draw(st.integers(-500, 9_000).map(lambda cent: Decimal(cent).scaleb(-2)))
        if amount <= left:
            group, reason = (
                draw(st.sampled_from(["CO", "CR", "OA", "PI", "PR"])),
                draw(st.sampled_from(["45", "2", "A1", "253"])),
            )
            adjustments.append(PayerAdjustment(group, reason, amount))
            left -= amount
    return left, tuple(adjustments)


@st.composite
def answers(draw: st.DrawFn, draft: ClaimDraft) -> EarlierAnswer:
    """An answer of the first payer to these lines that balances at line and claim."""
    number = draw(st.sampled_from(["", "20269871", "A*B~C"]))
    if draw(st.booleans()):
        paid, adjustments = draw(parted(draft.total))
        return EarlierAnswer(FIRST, draft.total, paid, DAY_SIGNED, number, adjustments)
    lines = []
    for line in draft.lines:
        paid, adjustments = draw(parted(line.charge or Decimal(0)))
        lines.append(LineAnswer(line.number, line.code, line.charge or Decimal(0), paid, adjustments))
    whole = draw(st.integers(0, 500).map(lambda cent: Decimal(cent).scaleb(-2)))
    paid = sum((line.paid for line in lines), Decimal(0)) - whole
    own = (PayerAdjustment("OA", "23", whole),) if whole else ()
    return EarlierAnswer(FIRST, draft.total, paid, DAY_SIGNED, number, own, tuple(lines))


@st.composite
def submissions(draw: st.DrawFn, claim_id: str = "TD26-000017-1") -> ClaimSubmission:
    made, part = draw(facts()), draw(st.sampled_from(["dentist", "hygienist"]))
    draft = draft_claim(made, part)
    if draw(st.booleans()):
        made = replace(with_coverage(made, sequence="S"), earlier_answer=draw(answers(draft)))
    frequency = draw(st.sampled_from(["1", "7", "8"]))
    number = "" if frequency == "1" else draw(words)
    return ClaimSubmission(claim_id, made, draft, frequency=frequency, payer_claim_number=number)


@st.composite
def plans(draw: st.DrawFn) -> list[Planned]:
    return [
        Planned(
            draw(st.sampled_from(["D1354", "D1206", "D0270", "D0140"])),
            quantity=draw(st.integers(1, 3)),
            tooth=draw(st.sampled_from(["", "1", "32", "A", "T", "51", "AS"])),
        )
        for _ in range(draw(st.integers(1, 6)))
    ]


@st.composite
def requests(draw: st.DrawFn, claim_id: str = "PA-00012") -> ClaimSubmission:
    """A request asked ahead: of planned care, with the numbers of an earlier one now and then."""
    made = with_case(draw(facts()), patient_at_home=draw(st.booleans()))
    draft = draft_request(made, draw(plans()), asked_on=draw(st.dates(DAY_SIGNED, DAY_LAST)))
    kinds = draw(st.lists(st.sampled_from(["G1", "G3"]), unique=True))
    return ClaimSubmission(claim_id, made, draft, ahead=True, granted=tuple(Granted(one, draw(words)) for one in kinds))
