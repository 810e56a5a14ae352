"""Every request that random plans make is a whole 837D asked ahead: no date of service, no text beyond its element."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.claims.facts import OnSiteService
from billing.x12.d837_claim import ClaimSubmission, Granted
from billing.x12.segments import clean
from tests.billing.claims.cast import adult, school_child
from tests.billing.x12.files import packet, submission, text_of, written
from tests.billing.x12.independent_reader import read, structural_faults
from tests.billing.x12.random_claims import requests, submissions
from tests.judges.pyx12_judge import pyx12_errors


@given(requests())
@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
def test_the_file_is_whole_and_says_what_is_planned(one: ClaimSubmission):
    text = text_of(one)
    assert structural_faults(text) == []
    file = read(text)
    (claim,) = file.claims
    assert claim.asks_ahead
    assert not [segment for segment in file.segments if segment.tag == "DTP"]
    assert Decimal(claim.clm[2]) == one.draft.total == sum(line.charge for line in claim.lines)
    assert [(line.code, line.tooth[2] if line.tooth else "") for line in claim.lines] == [
        (line.code, line.tooth) for line in one.draft.lines
    ]
    assert claim.references == {granted.kind: clean(granted.number)[:50].rstrip() for granted in one.granted}


@given(requests())
@settings(max_examples=100, suppress_health_check=list(HealthCheck), deadline=None)
def test_text_changes_no_tag_and_no_place_of_a_segment(one: ClaimSubmission):
    tags = [segment.tag for segment in read(text_of(one)).segments if segment.tag != "NTE"]
    assert tags.count("CLM") == tags.count("ISA") == tags.count("IEA") == 1
    assert tags.count("LX") == tags.count("SV3") == tags.count("REF") - 1 - len(one.granted) == len(one.draft.lines)


@given(st.lists(st.one_of(requests(), submissions()), min_size=25, max_size=25))
@settings(max_examples=4, suppress_health_check=list(HealthCheck), deadline=None)
def test_pyx12_takes_them_beside_claims(tmp_path_factory: pytest.TempPathFactory, made: list[ClaimSubmission]):
    many = [replace(one, claim_id=f"TD26-{index}") for index, one in enumerate(made)]
    assert pyx12_errors(written(tmp_path_factory.mktemp("random"), many)) == []


def test_the_reader_sees_what_a_request_must_not_say():
    """It judges by itself: a dated request, and one that says how care was delivered, are refused."""
    as_claim = text_of(replace(submission(school_child()), ahead=True))
    assert "planned care that says how it was delivered" in structural_faults(as_claim)
    dated = as_claim.replace("\nNTE*", "\nDTP*472*D8*20260915~\nNTE*", 1)
    assert "planned care with a date of service" in structural_faults(dated)


def test_a_request_with_attachments_is_taken(tmp_path):
    facts = school_child()
    one = replace(submission(facts, "hygienist", attachments=packet("PA00012")), ahead=True)
    path = written(tmp_path, [one])
    assert pyx12_errors(path) + structural_faults(path.read_text()) == []


@pytest.mark.parametrize("frequency", ["7", "8"])
def test_a_request_replaces_no_claim(frequency):
    with pytest.raises(ValueError, match="replaces nothing"):
        replace(submission(adult(), frequency=frequency, payer_claim_number="1"), ahead=True)


def test_a_claim_bears_one_number_of_each_kind():
    with pytest.raises(ValueError, match="one number"):
        replace(submission(adult()), granted=(Granted("G3", "1"), Granted("G3", "2")))


def test_a_claim_may_name_the_number_that_a_request_was_granted(tmp_path):
    facts = replace(adult(), services=(OnSiteService("D1354", adult().case.day_seen, tooth="19"),))
    one = replace(submission(facts, "hygienist"), granted=(Granted("G3", "PD-77"), Granted("G1", "A1")))
    path = written(tmp_path, [one])
    assert pyx12_errors(path) + structural_faults(path.read_text()) == []
    assert read(path.read_text()).claims[0].references == {"G3": "PD-77", "G1": "A1"}
