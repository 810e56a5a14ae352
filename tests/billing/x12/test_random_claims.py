"""Every claim that random facts make is a whole 837D: it parses, balances and counts, and no text leaves its element."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.claims.earlier_lines import LineAnswer
from billing.claims.facts import EarlierAnswer
from billing.claims.rules import check
from billing.x12.d837_claim import ClaimSubmission
from billing.x12.segments import clean
from tests.billing.x12.files import text_of, written
from tests.billing.x12.independent_reader import read, structural_faults
from tests.billing.x12.random_claims import FIRST, answers, submissions
from tests.judges.pyx12_judge import pyx12_errors

COB = {"COB.answer", "COB.lines", "COB.balance", "COB.codes", "COB.payer"}


@given(submissions())
@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
def test_the_file_is_whole_and_says_what_was_meant(one: ClaimSubmission):
    text = text_of(one)
    assert structural_faults(text) == []
    (claim,) = read(text).claims
    assert claim.place[2] == one.frequency
    assert claim.references.get("F8", "") == clean(one.payer_claim_number)[:50].rstrip()
    assert Decimal(claim.clm[2]) == one.draft.total == sum(line.charge for line in claim.lines)
    assert [line.code for line in claim.lines] == [line.code for line in one.draft.lines]
    answer = one.facts.earlier_answer
    assert len([line for line in claim.lines if line.judged]) == (len(answer.lines) if answer else 0)


@given(submissions())
@settings(max_examples=100, suppress_health_check=list(HealthCheck), deadline=None)
def test_text_changes_no_tag_and_no_place_of_a_segment(one: ClaimSubmission):
    """The same claim with harmless words has the same segments; only notes come and go with their text."""
    tags = [segment.tag for segment in read(text_of(one)).segments if segment.tag != "NTE"]
    count = int(read(text_of(one)).segments[-3][1])
    notes = sum(segment.tag == "NTE" for segment in read(text_of(one)).segments)
    assert tags.count("CLM") == tags.count("ISA") == tags.count("IEA") == 1
    assert count == len(tags) + notes - 4
    assert tags.count("LX") == tags.count("SV3") == len(one.draft.lines)


@given(st.lists(submissions(), min_size=25, max_size=25))
@settings(max_examples=4, suppress_health_check=list(HealthCheck), deadline=None)
def test_pyx12_takes_them(tmp_path_factory: pytest.TempPathFactory, made: list[ClaimSubmission]):
    many = [ClaimSubmission(f"TD26-{index}", one.facts, one.draft, (), one.frequency, one.payer_claim_number)
            for index, one in enumerate(made)]  # fmt: skip
    assert pyx12_errors(written(tmp_path_factory.mktemp("random"), many)) == []


def problems(one: ClaimSubmission, answer: EarlierAnswer | None) -> dict[str, str]:
    facts = type(one.facts)(
        **{name: getattr(one.facts, name) for name in one.facts.__slots__} | {"earlier_answer": answer}
    )
    return {problem.rule: problem.sentence for problem in check(facts, one.draft) if problem.rule in COB}


@given(submissions(), st.data(), st.integers(1, 900).map(lambda cent: Decimal(cent).scaleb(-2)))
@settings(max_examples=100, suppress_health_check=list(HealthCheck), deadline=None)
def test_an_answer_passes_when_it_balances_and_is_held_by_how_much_when_not(
    one: ClaimSubmission, data: st.DataObject, off: Decimal
):
    answer = data.draw(answers(one.draft))
    assert problems(one, answer) == {}
    short = _less_paid(answer, off)
    assert f"out by ${off:.2f}" in problems(one, short)["COB.balance"]


def _less_paid(answer: EarlierAnswer, off: Decimal) -> EarlierAnswer:
    kept = {name: getattr(answer, name) for name in answer.__slots__}
    first, *others = answer.lines or (None,)
    if first is not None:
        kept["lines"] = (
            LineAnswer(first.number, first.code, first.charge, first.paid - off, first.adjustments),
            *others,
        )
    return EarlierAnswer(**kept | {"paid": answer.paid - off})


@given(submissions())
@settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None)
def test_another_charge_than_the_first_payer_judged_is_held(one: ClaimSubmission):
    lines = tuple(
        LineAnswer(line.number, line.code, (line.charge or Decimal(0)) + 1, Decimal(0)) for line in one.draft.lines
    )
    other = EarlierAnswer(FIRST, one.draft.total, Decimal(0), one.draft.service_date, lines=lines)
    assert "line 1: " in problems(one, other)["COB.lines"]


@given(submissions().filter(lambda made: made.facts.earlier_answer is not None))
@settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None)
def test_a_claim_to_a_later_payer_without_an_answer_is_held(one: ClaimSubmission):
    assert "COB.answer" in problems(one, None)
