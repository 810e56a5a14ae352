"""A claim for what was asked ahead names the number of the answer: REF*G3 on the claim, or on each line its own."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from billing.actions import authorising
from billing.claims.authorised import Authorised, AuthorisedUnits
from billing.claims.earlier_lines import CoveredLine, PayerAdjustment
from billing.claims.facts import ClaimFacts, EarlierAnswer
from billing.claims.lines import draft_claim
from billing.models import Claim
from billing.views.authorisations import _used
from tests.billing import cast as money
from tests.billing.asking_ahead import cast as ahead
from tests.billing.claims.cast import DAY_SEEN, with_coverage
from tests.billing.claims.test_authorised import approved, item_two, on_two_teeth
from tests.billing.x12.files import submission, written
from tests.billing.x12.independent_reader import read, structural_faults
from tests.billing.x12.random_claims import FIRST
from tests.judges.pyx12_judge import pyx12_errors


def told(number: str, tooth: str = "", **changes) -> Authorised:
    units = (AuthorisedUnits("D1354", tooth),)
    return Authorised(number, **{"valid_from": DAY_SEEN - timedelta(days=9), "units": units, "row": number, **changes})


def with_answers(*answers: Authorised) -> ClaimFacts:
    return replace(on_two_teeth(approved("PA-77")), predetermined=answers)


def references(facts: ClaimFacts, folder):
    path = written(folder, [submission(facts, "hygienist")])
    assert pyx12_errors(path) + structural_faults(path.read_text()) == []
    (claim,) = read(path.read_text()).claims
    return claim.references, [line.references.get("G3", "") for line in claim.lines]


def test_one_number_stands_on_the_claim_beside_the_authorisation(tmp_path):
    facts = with_answers(told("PD-1"))
    assert references(facts, tmp_path) == ({"G3": "PD-1", "G1": "PA-77"}, ["", "", ""])
    assert item_two(facts) == "PA-77; predetermination PD-1"


def test_two_numbers_stand_each_on_its_line(tmp_path):
    facts = with_answers(told("PD-1", "A"), told("PD-2", "B"))
    assert references(facts, tmp_path) == ({"G1": "PA-77"}, ["", "PD-1", "PD-2"])
    assert item_two(facts) == "PA-77; predetermination PD-1 (line 2); PD-2 (line 3)"


def test_the_newest_answer_counts_and_one_of_another_day_or_tooth_does_not():
    later = told("NEW", valid_from=DAY_SEEN)
    ended = told("ENDED", valid_until=DAY_SEEN - timedelta(days=1))
    to_come = told("TO-COME", valid_from=DAY_SEEN + timedelta(days=1))
    draft = draft_claim(with_answers(told("OLD"), later, ended, to_come, told("OTHER", "C")), "hygienist")
    assert [line.predetermination for line in draft.lines] == ["", "NEW", "NEW"]


@pytest.mark.parametrize(
    ("numbers", "of_claim", "of_lines"),
    [(("FP-1", "FP-1"), "FP-1", ["", "", ""]), (("FP-1", "FP-2"), "", ["", "FP-1", "FP-2"]), ((), "", ["", "", ""])],
)
def test_what_the_payer_before_authorised_stands_in_its_loop_or_on_its_lines(tmp_path, numbers, of_claim, of_lines):
    facts = on_two_teeth(approved("PA-77"))
    covered = tuple(CoveredLine(at, number) for at, number in enumerate(numbers, start=2))
    total = draft_claim(facts, "hygienist").total
    taken_off = (PayerAdjustment("CO", "45", total),)
    answer = EarlierAnswer(FIRST, total, Decimal(0), DAY_SEEN, adjustments=taken_off, covered=covered)
    facts = replace(with_coverage(facts, sequence="S"), earlier_answer=answer)
    path = written(tmp_path, [submission(facts, "hygienist")])
    assert pyx12_errors(path) + structural_faults(path.read_text()) == []
    (claim,) = read(path.read_text()).claims
    assert claim.references["G1"] == "PA-77"
    assert [one[2] for one in claim.earlier if (one.tag, one[1]) == ("REF", "G1")] == ([of_claim] if of_claim else [])
    theirs = [line.references_of_others.get("G1", "") for line in claim.lines]
    assert theirs == of_lines


@pytest.mark.django_db
def test_a_claim_of_the_same_patient_names_the_number_once_it_is_answered(asking, case):
    row = ahead.drafted(asking, case, lines=[authorising.Asked("D0140")])
    claim = Claim.objects.get(case=case, part="dentist")
    assert claim.draft["lines"][0]["predetermination"] == ""
    said = authorising.Approval("PD-778", money.AT.date())
    authorising.record_approval(actor=asking.rita, row=row, said=said, of_lines={}, at=money.LATER)
    claim.refresh_from_db()
    assert (claim.status, claim.draft["lines"][0]["predetermination"]) == ("ready", "PD-778")
    text = money.unzipped(money.exported(asking))["claims.837d.edi"].decode()
    assert read(text).claims[0].references == {"G3": "PD-778"}
    row.refresh_from_db()
    ((line, *_),) = _used(row, asking.rita.person)
    assert (line.claim, line.code) == (claim, "D0140")
