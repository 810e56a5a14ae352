"""Every file that we write is taken by pyx12 and by our own independent reader."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from billing.claims.facts import CardName, ClaimFacts, OnSiteService
from billing.claims.lines import Part, draft_claim
from billing.claims.rules import check, may_be_sent
from billing.x12.segments import Delimiters
from tests.billing.claims.cast import (
    DAY_SEEN,
    SERVICES,
    adult,
    medicaid_child,
    school_child,
    with_case,
    with_coverage,
    with_patient,
    with_practice,
)
from tests.billing.x12.files import packet, submission, written
from tests.billing.x12.independent_reader import read, structural_faults
from tests.eight_scripts import EIGHT_SCRIPTS, LATIN, OTHER_SCRIPTS, Name
from tests.judges.pyx12_judge import pyx12_errors

Made = Callable[[], ClaimFacts]
ARCHETYPES = pytest.mark.parametrize("made", [school_child, adult, medicaid_child])

VIETNAMESE = Name("Thị Ánh", "Đặng", "Thị", "Đặng")  # Latin too, with two marks on a letter


def refused(path: Path) -> list[str]:
    return pyx12_errors(path) + structural_faults(path.read_text(encoding="ascii"))


@ARCHETYPES
@pytest.mark.parametrize("part", ["dentist", "hygienist"])
def test_each_kind_of_claim_is_taken(made: Made, part: Part, tmp_path: Path):
    facts = made()
    assert may_be_sent(check(facts, draft_claim(facts, part)))
    assert refused(written(tmp_path, [submission(facts, part)])) == []


@ARCHETYPES
def test_a_claim_with_attachments_is_taken(made: Made, tmp_path: Path):
    path = written(tmp_path, [submission(made(), attachments=packet("TD26000017"))])
    assert refused(path) == []
    (claim,) = read(path.read_text()).claims
    assert [(paper[1], paper[2], paper[5], paper[6]) for paper in claim.paperwork] == [
        ("OZ", "EL", "AC", "TD26000017A"),
        ("RB", "EL", "AC", "TD26000017B"),
    ]


def as_sent(name: Name) -> list[str]:
    """Family and given name in the letters that a payer reads."""
    return {LATIN: ["ZOLC-MULLER", "LUKASZ"], VIETNAMESE: ["DANG", "THI"]}.get(
        name, [name.card_family.upper(), name.card_given.upper()]
    )


@pytest.mark.parametrize("name", [*EIGHT_SCRIPTS.values(), VIETNAMESE], ids=[*EIGHT_SCRIPTS, "Vietnamese"])
def test_names_in_eight_scripts_travel_as_the_card_prints_them(name: Name, tmp_path: Path):
    card = CardName(name.card_family or name.family, name.card_given or name.given)
    facts = with_patient(with_coverage(school_child(), subscriber_name=card), card_name=card, name_in_use=name.in_use)
    assert may_be_sent(check(facts, draft_claim(facts, "dentist")))
    path = written(tmp_path, [submission(facts)])
    assert refused(path) == []
    (claim,) = read(path.read_text()).claims
    for loop in (claim.patient, claim.subscriber):
        assert [loop["NM1"][3], loop["NM1"][4]] == as_sent(name)


@pytest.mark.parametrize("name", OTHER_SCRIPTS.values(), ids=OTHER_SCRIPTS)
def test_a_name_without_its_latin_card_name_is_held_by_a_rule(name: Name):
    for card, rule in ((CardName(name.family, name.given), "NAME.latin"), (CardName("", ""), "NAME.card")):
        facts = with_patient(school_child(), card_name=card)
        assert [problem.rule for problem in check(facts, draft_claim(facts, "dentist"))] == [rule]


def test_a_file_of_many_claims_keeps_its_hierarchy_and_its_counts(tmp_path: Path):
    other = replace(school_child().practice, name="Hill Dental", npi="1999999984")
    cast = [school_child(), adult(), medicaid_child(), with_practice(adult(), name=other.name, npi=other.npi)]
    many = [submission(cast[index // 15], claim_id=f"TD26-{index:06d}") for index in range(60)]
    path = written(tmp_path, many)
    assert refused(path) == []
    assert len(read(path.read_text()).claims) == 60
    assert path.read_text().count("NM1*85*") == 2


def test_fifty_lines_with_teeth_surfaces_and_areas_are_taken(tmp_path: Path):
    teeth = ["1", "32", "A", "T", "51", "82", "AS", "TS"]
    services = [OnSiteService("D1354", DAY_SEEN, tooth=teeth[i % 8], surfaces="MOD"[: i % 4]) for i in range(48)]
    area = OnSiteService("D1206", DAY_SEEN, oral_cavity="10", quantity=3)
    facts = replace(school_child(), services=(*services, area, SERVICES[0]))
    assert may_be_sent(check(facts, draft_claim(facts, "hygienist")))
    assert refused(written(tmp_path, [submission(facts, "hygienist")])) == []


@pytest.mark.parametrize("frequency", ["7", "8"])
def test_a_replacement_and_a_void_carry_the_payer_s_number(frequency: str, tmp_path: Path):
    claim = submission(adult(), frequency=frequency, payer_claim_number="20269871")
    path = written(tmp_path, [claim])
    assert refused(path) == []
    assert "REF*F8*20269871~" in path.read_text()


def test_a_patient_at_home_and_a_case_signed_across_new_year_are_taken(tmp_path: Path):
    facts = with_coverage(adult(), valid_until=None)
    facts = with_case(
        facts, patient_at_home=True, day_seen=date(2026, 12, 31), signed_at=datetime(2027, 1, 2, tzinfo=UTC)
    )
    assert may_be_sent(check(facts, draft_claim(facts, "dentist")))
    assert refused(written(tmp_path, [submission(facts)])) == []


@pytest.mark.parametrize("readable", [True, False])
@pytest.mark.parametrize("delimiters", [Delimiters(), Delimiters("|", ">", "^", "!"), Delimiters(component="+")])
def test_other_delimiters_and_no_line_breaks_are_taken(readable: bool, delimiters: Delimiters, tmp_path: Path):
    path = written(tmp_path, [submission(medicaid_child())], readable=readable, delimiters=delimiters)
    assert refused(path) == []
    assert ("\n" in path.read_text()) == readable


def test_the_files_of_two_moments_differ_in_nothing_but_the_envelope(tmp_path: Path):
    first, second = (
        written(tmp_path, [submission(school_child())], control_number=number).read_text() for number in (42, 43)
    )
    differing = [one.split("*")[0] for one, two in zip(first.split("~"), second.split("~"), strict=True) if one != two]
    assert [tag.strip() for tag in differing] == ["ISA", "IEA"]
