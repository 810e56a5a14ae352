"""Whatever lines a draft has, D9996 never passes without its companion, and the arithmetic holds."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from billing.claims.lines import ClaimDraft, ClaimLine, draft_claim
from billing.claims.rules import check, may_be_sent
from tests.billing.claims.cast import DAY_SIGNED, DENTIST, PAYER, SUPERVISOR, school_child, with_payer

FACTS = school_child()
GOOD = draft_claim(FACTS, "dentist")

some_line = st.builds(
    ClaimLine,
    number=st.just(1),
    code=st.sampled_from(["D9996", "D9996", "D0140", "D0170", "D0191", "D9995", "D0270"]),
    service_date=st.sampled_from([DAY_SIGNED, DAY_SIGNED, DAY_SIGNED - timedelta(days=1)]),
    place_of_service=st.sampled_from(["02", "02", "03"]),
    rendering_npi=st.sampled_from([DENTIST.npi, DENTIST.npi, SUPERVISOR.npi]),
    charge=st.one_of(st.none(), st.decimals("0.00", "900.00", places=2)),
    quantity=st.sampled_from([1, 1, 2]),
)


@st.composite
def drafts(draw: st.DrawFn) -> ClaimDraft:
    lines = tuple(draw(st.lists(some_line, max_size=4)))
    honest = sum((line.charge or Decimal(0) for line in lines), Decimal(0))
    total = draw(st.sampled_from([honest, honest + 1]))
    return replace(GOOD, lines=lines, total=total)


good_or_odd = st.one_of(drafts(), st.just(GOOD))


@given(good_or_odd, st.sets(st.sampled_from(["D0140", "D0170", "D0191"])))
@settings(max_examples=300)
def test_a_draft_that_passes_has_one_add_on_beside_its_companion(draft: ClaimDraft, accepted: set[str]):
    facts = with_payer(FACTS, companion_codes=tuple(sorted(accepted)))
    if not may_be_sent(check(facts, draft)):
        return
    (addon,) = [line for line in draft.lines if line.code == "D9996"]
    companions = [
        line
        for line in draft.lines
        if line.code in accepted - {"D0191"}
        and (line.service_date, line.rendering_npi) == (addon.service_date, addon.rendering_npi)
    ]
    assert companions
    assert addon.quantity == 1


@given(good_or_odd)
@settings(max_examples=300)
def test_a_draft_that_passes_is_of_one_day_and_one_place_and_adds_up(draft: ClaimDraft):
    if not may_be_sent(check(FACTS, draft)):
        return
    assert {line.service_date for line in draft.lines} == {draft.service_date}
    assert {line.place_of_service for line in draft.lines} == {draft.place_of_service}
    assert draft.total == sum(line.charge for line in draft.lines if line.charge is not None)


def test_the_good_draft_does_pass_so_the_properties_say_something():
    assert may_be_sent(check(FACTS, GOOD))
    assert "D0140" in PAYER.companion_codes


@given(st.lists(st.sampled_from(["D0140", "D0170", "D0171", "D0191", "D0190"]), max_size=6))
def test_an_add_on_without_a_listed_companion_never_passes(accepted: list[str]):
    facts = with_payer(FACTS, companion_codes=tuple(accepted))
    assert may_be_sent(check(facts, GOOD)) == ("D0140" in accepted)
