"""Coverage goes with the patient, and a day is billed once for what is one patient now (CL-5)."""

import uuid
from datetime import timedelta

import pytest

from billing.actions import authorising
from billing.actions.elsewhere import mark_entered_in_error, record_seen_elsewhere
from billing.models import BilledOnce, Claim, Coverage, SeenElsewhere
from billing.states import Status as ClaimStatus
from cases.actions import merging, signing
from cases.merging import looks_as_before, looks_like, objections
from cases.models import Case
from teledent.kit.decisions import Conflict, Refused
from tests import cast
from tests.billing import cast as money

LATER = cast.AT + timedelta(hours=3)


@pytest.fixture
def twins(world, disk):
    """One child registered twice under one name, each row with a claim for D9996 on the same day that is ready."""
    desk = money.build_desk(world)
    claims = [money.ready_claim(desk, patient=cast.make_patient(world)) for _ in range(2)]
    return desk, *claims


def merge(world, first, second):
    one, two = first.case.patient, second.case.patient
    return merging.merge_patients(
        actor=world.of("olu"), kept=one, merged=two, reason="The mother told us", at=LATER
    )  # fmt: skip


def sent(claim):
    """As the export leaves it."""
    Claim.objects.filter(pk=claim.pk).update(status=ClaimStatus.EXPORTED, exported_at=LATER)
    claim.refresh_from_db()


def test_two_that_wait_leave_the_day_to_the_one_that_stays(world, twins):
    _, first, second = twins
    (told,) = objections(first.case.patient, second.case.patient)
    assert not told.refuses
    assert f"{second.claim_id} will be held" in told.sentence
    made = merge(world, first, second)
    money.run_jobs(LATER)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("ready", "blocked")
    assert second.blocking[0]["rule"] == "CL-5.once-a-day"
    assert BilledOnce.objects.get().claim == first
    assert Coverage.objects.filter(patient=first.case.patient).count() == 2
    merging.unmerge_patients(actor=world.of("olu"), merge=made, reason="Two children after all", at=LATER)
    money.run_jobs(LATER + timedelta(hours=1))
    second.refresh_from_db()
    assert second.status == "ready"
    assert set(BilledOnce.objects.values_list("claim__claim_id", "patient")) == {
        (one.claim_id, one.case.patient_id) for one in (first, second)
    }


def test_the_one_that_was_sent_keeps_the_day_whichever_row_stays(world, twins):
    _, first, second = twins
    sent(second)
    merge(world, first, second)
    first.refresh_from_db()
    assert first.status == "blocked"
    row = BilledOnce.objects.get()
    assert (row.claim, row.patient) == (second, first.case.patient)


def test_two_that_were_sent_are_not_one_patient_before_one_is_to_be_voided(world, twins):
    _, first, second = twins
    sent(first)
    sent(second)
    with pytest.raises(Refused, match="both were sent"):
        merge(world, first, second)
    assert second.case.patient.cases.count() == 1
    signing.retract_case(
        actor=world.of("dev"), case=second.case, reason="signed_in_error", explanation="Read twice by mistake", at=LATER
    )
    merge(world, first, second)
    assert BilledOnce.objects.get().claim == first


def test_a_void_that_was_refused_leaves_the_day_to_the_other(world, twins):
    _, first, second = twins
    sent(second)
    Claim.objects.filter(pk=first.pk).update(
        frequency="8",
        replaces=second,
        original_number="P-1",
        changed_because="A copy",
        status=ClaimStatus.REJECTED,
        exported_at=LATER,
    )
    (told,) = objections(first.case.patient, second.case.patient)
    assert (told.refuses, "is a void that was refused" in told.sentence) == (False, True)
    merge(world, first, second)
    assert BilledOnce.objects.get().claim == second


def test_a_coverage_under_which_a_claim_that_stays_was_sent_stays_with_it(world, twins):
    _, first, second = twins
    made = merge(world, first, second)
    coverage = Coverage.objects.get(pk=second.coverage_id)
    Claim.objects.filter(pk=first.pk).update(coverage=coverage)
    sent(first)
    left = merging.unmerge_patients(actor=world.of("olu"), merge=made, reason="Two children", at=LATER).left
    assert any(first.claim_id in said for said in left)
    coverage.refresh_from_db()
    assert coverage.patient == first.case.patient


def test_what_another_practice_bills_of_the_row_that_went_warns_the_one_that_stays(world, twins):
    """What was heard never moves (the database refuses it), so it is read of every row of the patient."""
    desk, first, second = twins
    row = heard_of(desk, second.case.patient, first.service_date)
    merge(world, first, second)
    money.run_jobs(LATER)
    assert ELSEWHERE in rules_of(first)
    row.refresh_from_db()
    mark_entered_in_error(actor=desk.rita, row=row, reason="It was her sister", at=LATER)
    assert ELSEWHERE not in rules_of(first)


def test_a_merged_row_cannot_be_told_what_another_practice_bills(world, twins):
    desk, first, second = twins
    gone = second.case.patient
    merge(world, first, second)
    with pytest.raises(Conflict):
        heard_of(desk, gone, first.service_date)
    assert not SeenElsewhere.objects.exists()


ELSEWHERE = "CL-5.elsewhere"


def heard_of(desk, patient, day):
    said = {
        "entity": "Lakeside Dental",
        "code": "D9996",
        "service_date": day,
        "known_how": "The mother said so by phone",
    }
    return record_seen_elsewhere(actor=desk.rita, patient=patient, public_id=uuid.uuid4(), said=said, at=LATER)


def rules_of(claim):
    claim.refresh_from_db()
    return {problem["rule"] for problem in claim.problems}


def test_a_row_with_a_column_less_than_when_it_went_over_still_goes_back(world):
    guardian = cast.make_patient(world).guardians.get()
    was = looks_like(guardian)
    assert looks_as_before(guardian, {**was, "a_column_that_is_gone": "said"})
    assert not looks_as_before(guardian, {**was, "phone": "541-555-0000"})


@pytest.mark.parametrize("status", ["drafted", "withdrawn"])
def test_a_plan_stays_while_something_is_asked_of_it_for_a_case_that_stays(world, twins, status):
    desk, first, second = twins
    made = merge(world, first, second)
    plan = Coverage.objects.get(pk=second.coverage_id)
    row = authorising.begin_request(
        actor=desk.rita, coverage=plan, public_id=uuid.uuid4(), kind="predetermination",
        lines=[authorising.Asked("D0140")], case=Case.objects.get(pk=first.case_id), at=LATER,
    )  # fmt: skip
    if status == "withdrawn":
        authorising.withdraw_request(actor=desk.rita, row=row, reason="Asked of the wrong plan", at=LATER)
    merging.unmerge_patients(actor=world.of("olu"), merge=made, reason="Two children after all", at=LATER)
    plan.refresh_from_db()
    assert plan.patient_id == (made.kept_id if status == "drafted" else made.merged_id)
