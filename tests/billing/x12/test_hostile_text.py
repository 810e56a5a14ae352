"""Text with delimiters, controls and other scripts never changes the shape of a file, and comes back as normalised."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from billing.claims.facts import Address, CardName, ClaimFacts
from billing.x12.segments import Delimiters, clean
from tests.billing.claims.cast import school_child, with_case, with_coverage, with_patient, with_practice
from tests.billing.x12.files import submission, text_of, written
from tests.billing.x12.independent_reader import read, structural_faults
from tests.judges.pyx12_judge import pyx12_errors

NASTY = "*~:^|\x00\x1b\r\n\t\x85\u2028\u202e`\\{}[]<>ßøłĐ’“—é李م"
# Every text begins with a letter: a blank name is the rules' affair, the encoder's is everything else.
words = st.text(st.one_of(st.sampled_from(NASTY), st.characters(codec="utf-8")), max_size=70).map(lambda t: "Ab" + t)
SHAPE = [segment.tag for segment in read(text_of(submission(school_child()))).segments if segment.tag != "NTE"]


def with_texts(last: str, first: str, street: str, city: str, other: str) -> ClaimFacts:
    name = CardName(last, first, other, other[:5])
    address = Address(street, city, "OR", "97477", street2=other)
    facts = with_patient(school_child(), card_name=name, address=address)
    facts = with_coverage(facts, subscriber_name=name, member_id=other, group_number=other)
    facts = with_practice(facts, name=street, contact_name=other)
    facts = with_case(facts, why_store_and_forward=other)
    return replace(facts, site=replace(facts.site, name=other, address=address))


@given(words, words, words, words, words)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@example("O*Brien", "A~B", "12 Main:St^", "Eugene\r\n", "x|y`z")
def test_no_text_adds_or_removes_a_segment_or_an_element(last: str, first: str, street: str, city: str, other: str):
    text = text_of(submission(with_texts(last, first, street, city, other)))
    file = read(text)
    assert [segment.tag for segment in file.segments if segment.tag != "NTE"] == SHAPE
    assert structural_faults(text) == []
    (claim,) = file.claims
    name = claim.patient["NM1"]
    assert (name[3], name[4]) == (clean(last)[:60].rstrip(), clean(first)[:35].rstrip())
    assert claim.patient["N3"][1] == clean(street)[:55].rstrip()
    assert claim.patient["N4"][1] == clean(city)[:30].rstrip()


@given(st.lists(st.tuples(words, words, words, words, words), min_size=25, max_size=25))
@settings(max_examples=3, suppress_health_check=list(HealthCheck), deadline=None)
def test_pyx12_takes_such_files_too(tmp_path_factory: pytest.TempPathFactory, texts: list[tuple[str, ...]]):
    folder: Path = tmp_path_factory.mktemp("hostile")
    many = [submission(with_texts(*five), claim_id=f"TD26-{index}") for index, five in enumerate(texts)]
    assert pyx12_errors(written(folder, many)) == []


@given(st.text(st.one_of(st.sampled_from(NASTY + "+>!;|"), st.characters(codec="utf-8"))))
def test_no_delimiter_survives_cleaning(text: str):
    odd = Delimiters("|", ">", "+", "!")
    cleaned = clean(text, odd)
    assert not set(cleaned) & set("*:^~|>+!")
    assert clean(cleaned, odd) == cleaned
