"""Which contradictions are found, in which order, and which of them stop the signature."""

import pytest

from cases import teeth
from cases.dentition import missing_teeth
from cases.mismatches import RULES, Chart, mismatches, standing
from cases.policies import Step, blocking, checklist
from cases.record_facts import DiagnosisFact, FindingFact, PlanFact
from tests.cases.core.records import AT, a_record, a_review


def a_mark(tooth="LLD", surfaces="O", condition="decay", icdas=""):
    return FindingFact(tooth, surfaces, condition, "", icdas)


def a_diagnosis(code="K02.52", tooth="LLD"):
    return DiagnosisFact(code, "", tooth)


def a_line(tooth="LLD", diagnosis="K02.52"):
    return PlanFact(tooth, "Filling", 1, "Decay", diagnosis)


DECAY, CARIES = a_mark(), a_diagnosis()


def rules_of(findings=(DECAY,), diagnoses=(CARIES,), plan=()):
    return [one.rule for one in mismatches(Chart(tuple(findings), tuple(diagnoses), tuple(plan)), teeth.universal)]


def test_a_record_that_fits_together_is_quiet():
    assert rules_of(plan=[a_line()]) == []


@pytest.mark.parametrize(
    ("rule", "said"),
    [("DX-1", {"diagnoses": [a_diagnosis("Z01.20", ""), a_diagnosis()]}),
     ("DX-2", {"diagnoses": [a_diagnosis("Z01.20", ""), a_diagnosis("Z01.21", "")], "findings": []}),
     ("DX-3", {"findings": [a_mark(), a_mark("LLD", "", "missing")]}),
     ("DX-4", {"diagnoses": [a_diagnosis("K02.62")]}),
     ("DX-5", {"findings": [a_mark(surfaces="MD")]}),
     ("DX-6", {"findings": [a_mark(icdas="5")], "diagnoses": [a_diagnosis("K02.51")]}),
     ("DX-7", {"findings": [a_mark(icdas="0-1")]}),
     ("DX-8", {"diagnoses": [a_diagnosis(tooth=""), a_diagnosis("K02.3")]}),
     ("DX-9", {"findings": [a_mark(), a_mark("UR6", "O", "sealant")], "diagnoses": [a_diagnosis(), a_diagnosis("K02.51", "UR6")]}),
     ("DX-10", {"findings": [a_mark(), a_mark("LLE")]}),
     ("PL-1", {"plan": [a_line("UR6", "")]}),
     ("PL-2", {"findings": [a_mark(), a_mark("UR6", "", "missing")], "plan": [a_line("UR6", "")]}),
     ("PL-3", {"findings": [a_mark(), a_mark("UR6", "O", "sealant")], "plan": [a_line("UR6")]})],
)  # fmt: skip
def test_each_rule_finds_its_contradiction_and_nothing_else(rule, said):
    assert rules_of(**said) == [rule]


def test_what_is_found_comes_in_the_order_of_the_rules_with_a_mend_each():
    found = mismatches(
        Chart((a_mark("LLD", "", "missing"),), (a_diagnosis("Z01.20", ""), a_diagnosis()), (a_line(),)), teeth.universal
    )
    order = [rule.id for rule in RULES]
    assert [order.index(one.rule) for one in found] == sorted(order.index(one.rule) for one in found)
    assert all(one.sentence and one.mend for one in found)


def test_both_kinds_of_surface_on_one_tooth_allow_either_family():
    for code in ("K02.52", "K02.62"):
        assert rules_of([a_mark(surfaces="OD")], [a_diagnosis(code)]) == []


@pytest.mark.parametrize(("code", "tooth"), [("K01.1", "LL8"), ("K00.6", "LL8"), ("K08.409", "LL8")])
def test_what_is_said_of_absent_teeth_may_be_said_of_them(code, tooth):
    assert rules_of([a_mark(tooth, "", "unerupted")], [a_diagnosis(code, tooth)]) == []


def test_the_hygienists_mark_counts_until_the_dentist_speaks_of_that_tooth():
    hers, own = (a_mark("LLD", "", "watch"), a_mark("UR6")), (a_mark("LLD", "O"),)
    assert {(one.tooth, one.condition) for one in standing(hers, own)} == {("LLD", "decay"), ("UR6", "decay")}


@pytest.mark.parametrize(
    "own", [[], [a_mark("LLD", "", "plaque")], [a_mark("LLD", "", "missing")], [a_mark("LLD", "", "present")]]
)
def test_the_hygienists_word_on_a_tooth_that_is_gone_stands_as_long_as_the_dentist_gives_none(own):
    hers = [a_mark("LLD", "", "missing")]
    gone = {one.tooth for one in standing(hers, own) if one.condition == "missing"}
    assert gone == missing_teeth(hers, own)
    assert ("DX-3" in rules_of(standing(hers, own))) == bool(gone)


def contradictory(**changes):
    review = a_review(diagnoses=(a_diagnosis("Z01.20", ""), a_diagnosis()))
    return a_record(status="in_review", submitted_at=AT, review=review, **changes)


def test_a_certain_contradiction_stops_the_signature_and_leads_to_the_diagnosis():
    (line,) = blocking(checklist(contradictory()), Step.SIGN)
    assert "Z01.20 says that nothing abnormal was found" in line.note
    assert line.mend == "diagnoses"


def test_an_uncertain_one_does_not():
    review = a_review(findings=(a_mark(icdas="0-1"),))
    assert not blocking(checklist(a_record(status="in_review", submitted_at=AT, review=review)), Step.SIGN)


def test_a_case_that_was_signed_before_the_rules_is_not_held_by_them():
    notes = [line.note for line in checklist(contradictory(signed_at=AT))]
    assert not any("Z01.20 says" in note for note in notes)
