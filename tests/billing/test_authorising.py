"""A payer is asked before care; what it approved goes on the claim, and lets go of it when it is taken back."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from billing.actions import authorising, changing
from billing.actions.authorising import Asked, SaidOfLine
from billing.actions.checking import check_claim
from billing.authorisation_states import (
    AUTHORISATION_LABELS,
    AUTHORISATION_MOVES,
    AUTHORISATION_OWNERS,
    ENDED,
    AuthorisationStatus,
)
from billing.models import Authorisation, Claim, Coverage
from cases.actions import merging
from teledent.kit.decisions import Conflict, Refused
from tests import cast
from tests.billing import cast as money
from tests.billing.authorised import ANSWERED, approve, approved, begun, sent, wants_authorisation
from tests.services.standing import built_once


@built_once
def held(desk):
    """A dentist's claim that waits for an authorisation."""
    wants_authorisation(desk)
    patient = cast.make_patient(desk.world)
    money.cover(desk, patient)
    money.signed(desk, patient=patient)
    money.run_jobs()
    return Claim.objects.get(case__patient=patient, part="dentist")


def rules_of(claim):
    claim.refresh_from_db()
    return [problem["rule"] for problem in claim.problems]


def numbers_of(claim):
    return list(claim.lines.values_list("code", "authorisation"))


def coverage_of(claim):
    return Coverage.objects.get(pk=claim.coverage_id)


# --- the requests ---------------------------------------------------------------------------------------------------


def test_no_status_is_forgotten():
    assert set(AuthorisationStatus) == set(AUTHORISATION_LABELS) == set(AUTHORISATION_OWNERS)
    left = {source for entry in AUTHORISATION_MOVES.values() for source in entry.sources}
    assert set(AuthorisationStatus) - left == ENDED


def test_from_written_down_to_approved_with_a_timeline_of_its_own(desk, held):
    row = sent(desk, begun(desk, coverage_of(held), Asked("D0140"), Asked("D1354", "A", 2), reason="Pain on biting"))
    row = approve(desk, row, of_lines={2: SaidOfLine(1)})
    assert row.request_id.startswith(f"PA{desk.world.practice.pk}-000001-")
    assert (row.status, row.number, row.payer_name, row.member_id) == (
        "approved", "PA-77", "Cedar Mutual", "CM-77204881",
    )  # fmt: skip
    assert list(row.lines.values_list("code", "tooth", "units", "units_approved")) == [
        ("D0140", "", 1, 1), ("D1354", "A", 2, 1),
    ]  # fmt: skip
    assert [(one.kind, one.person_name) for one in row.events.all()] == [
        ("made", "Rita Castellane"), ("send", "Rita Castellane"), ("approve", "Rita Castellane"),
    ]  # fmt: skip


def test_what_was_told_on_the_phone_is_recorded_though_nothing_was_sent(desk, held):
    row = approved(desk, coverage_of(held))
    assert (row.status, row.sent_on) == ("approved", None)


def test_the_same_form_twice_is_one_request(desk, held):
    same = uuid.uuid4()
    assert begun(desk, coverage_of(held), public_id=same) == begun(desk, coverage_of(held), public_id=same)
    assert Authorisation.objects.count() == 1


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ((Asked("D14"),), "D or X and four digits"),
        ((Asked("D1354", "99"),), "no tooth in Universal"),
        ((Asked("D1354", "A", 0),), "one unit at least"),
        ((Asked("D1354", "A"), Asked("D1354", "A")), "stands twice"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(desk, held, lines, sentence):
    with pytest.raises(Refused, match=sentence):
        begun(desk, coverage_of(held), *lines)
    assert not Authorisation.objects.exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"number": " - "}, "Enter the number"),
        ({"number": "李4"}, "Latin letters"),
        ({"answered_on": date(2026, 11, 13)}, "It was sent on 14 Nov 2026"),
        ({"answered_on": date(2027, 1, 1)}, "not come yet"),
        ({"valid_until": date(2026, 10, 1)}, "lies before the first"),
        ({"of_lines": {1: SaidOfLine(0)}}, "Record it as refused"),
        ({"of_lines": {7: SaidOfLine(1)}}, "lines of this request are others"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_with_a_sentence(desk, held, said, sentence):
    row = sent(desk, begun(desk, coverage_of(held)))
    with pytest.raises(Refused, match=sentence):
        approve(desk, row, **said)
    row.refresh_from_db()
    assert row.status == "sent"
    assert row.lines.get().units_approved is None


def test_one_that_was_answered_is_not_answered_again(desk, held):
    row = approved(desk, coverage_of(held))
    stale = Authorisation.objects.get(pk=row.pk)
    for again in (
        lambda: approve(desk, stale, "PA-2"),
        lambda: sent(desk, stale),
        lambda: authorising.record_refusal(
            actor=desk.rita, row=stale, answered_on=ANSWERED, because="Not needed so soon", at=cast.AT
        ),
    ):
        with pytest.raises(Conflict):
            again()
    row.refresh_from_db()
    assert row.number == "PA-77"


def test_the_database_keeps_approvals_whole(desk, held):
    row = begun(desk, coverage_of(held))
    for changes in ({"status": "approved"}, {"status": "sent"}, {"member_id": ""}, {"valid_until": ANSWERED}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Authorisation.objects.filter(pk=row.pk).update(**changes)


def test_another_practice_and_a_manager_change_nothing(desk, held):
    row, elsewhere = begun(desk, coverage_of(held)), money.build_desk(cast.build_world("Second "))
    for actor in (elsewhere.rita, desk.world.of("olu")):
        with pytest.raises(Refused):
            authorising.withdraw_request(actor=actor, row=row, reason="Not needed any more", at=cast.AT)
    row.refresh_from_db()
    assert row.status == "drafted"


# --- on claims ------------------------------------------------------------------------------------------------------


def test_an_approval_makes_the_held_claim_ready_and_its_number_goes_on_it(desk, held):
    assert rules_of(held) == ["PAY.authorisation"]
    assert held.status == "blocked"
    row = approved(desk, coverage_of(held))
    assert rules_of(held) == []
    assert held.status == "ready"
    assert numbers_of(held) == [("D0140", "PA-77"), ("D9996", "")]
    assert held.facts["authorised"][0]["row"] == str(row.public_id)
    files = money.unzipped(money.exported(desk))
    (claims,) = (content for name, content in files.items() if b"ST*837" in content)
    assert claims.count(b"REF*G1*PA-77~") == 1


@pytest.mark.parametrize("move", [authorising.withdraw_request, authorising.mark_request_in_error])
def test_one_that_was_taken_back_holds_the_claim_again(desk, held, move):
    row = approved(desk, coverage_of(held))
    move(actor=desk.rita, row=row, reason="It was her sister's", at=cast.AT)
    assert rules_of(held) == ["PAY.authorisation"]
    assert numbers_of(held) == [("D0140", ""), ("D9996", "")]


def test_neither_a_predetermination_nor_a_refusal_nor_another_member_id_covers_anything(desk, held):
    coverage = coverage_of(held)
    approve(desk, begun(desk, coverage, kind="predetermination"), "PD-1")
    authorising.record_refusal(
        actor=desk.rita, row=begun(desk, coverage), answered_on=ANSWERED, because="Not needed so soon", at=cast.AT
    )
    approved(desk, coverage)
    coverage.member_id = "CM-NEW"
    coverage.save()
    check_claim(held.pk, at=cast.AT)
    assert rules_of(held)[-1] == "PAY.authorisation"


@pytest.mark.parametrize(
    ("lines", "said", "rule"),
    [
        ((Asked("D0140"),), {"valid_until": date(2026, 11, 2)}, "PAY.authorisation-ended"),
        ((Asked("D0140"),), {"valid_from": date(2026, 12, 1)}, "PAY.authorisation-not-begun"),
        ((Asked("D0140", "14"),), {}, "PAY.authorisation-tooth"),
    ],
)
def test_each_way_to_fail_has_its_own_sentence(desk, held, lines, said, rule):
    approved(desk, coverage_of(held), *lines, **said)
    assert rules_of(held) == [rule]


def test_the_unit_that_one_claim_carries_is_not_there_for_the_next(desk, held):
    approved(desk, coverage_of(held))
    money.signed(desk, patient=held.case.patient, at=cast.AT + timedelta(days=1))
    money.run_jobs(money.LATER + timedelta(days=1))
    second = Claim.objects.exclude(pk=held.pk).get(case__patient=held.case.patient)
    assert rules_of(second) == ["PAY.authorisation-used-up"]
    assert "number PA-77, 0 of 1 left for 1" in second.problems[0]["sentence"]
    assert rules_of(held) == []
    Claim.objects.filter(pk=held.pk).update(status="not_billed", not_billed_reason="grant")
    approved(desk, coverage_of(held), Asked("D0170"), number="PA-78")  # whatever is answered has the claims checked
    assert rules_of(second) == []


def test_a_correction_carries_the_number_that_was_recorded_after_the_denial(desk, sent_without):
    claim = sent_without
    coverage = coverage_of(claim)
    approved(desk, coverage)
    claim.refresh_from_db()
    assert numbers_of(claim) == [("D0140", ""), ("D9996", "")]  # what was sent stays as it was sent
    made = changing.correct_claim(
        actor=desk.rita, claim=claim, reason="The number was missing", number="PCN-1", at=money.LATER
    )
    money.run_jobs()
    assert rules_of(made) == []
    assert numbers_of(made) == [("D0140", "PA-77"), ("D9996", "")]


def test_a_correction_that_is_prepared_takes_the_unit_of_its_original_and_no_second(desk, held):
    approved(desk, coverage_of(held), Asked("D0140", "", 2))
    money.exported(desk)
    Claim.objects.filter(pk=held.pk).update(status="paid", answered_at=money.LATER)
    held.refresh_from_db()
    changing.correct_claim(actor=desk.rita, claim=held, reason="A surface was wrong", number="PCN-1", at=money.LATER)
    money.run_jobs()
    money.signed(desk, patient=held.case.patient, at=cast.AT + timedelta(days=1))
    money.run_jobs(money.LATER + timedelta(days=1))
    second = Claim.objects.exclude(case=held.case).get(case__patient=held.case.patient)
    assert (rules_of(second), numbers_of(second)[0]) == ([], ("D0140", "PA-77"))


def test_a_number_that_was_extended_keeps_the_units_of_both_answers(desk, held):
    approved(desk, coverage_of(held))
    money.signed(desk, patient=held.case.patient, at=cast.AT + timedelta(days=1))
    money.run_jobs(money.LATER + timedelta(days=1))
    second = Claim.objects.exclude(pk=held.pk).get(case__patient=held.case.patient)
    assert rules_of(second) == ["PAY.authorisation-used-up"]
    approved(desk, coverage_of(held))
    assert (rules_of(held), rules_of(second)) == ([], [])


@pytest.fixture
def sent_without(desk):
    """A claim that went out before anybody knew that the payer wants an authorisation, and was denied for it."""
    claim = money.ready_claim(desk)
    money.exported(desk)
    Claim.objects.filter(pk=claim.pk).update(status="denied", answered_at=money.LATER)
    claim.refresh_from_db()
    return claim


def test_an_approval_goes_with_its_coverage_when_two_rows_of_one_child_are_merged(desk, held):
    world, kept = desk.world, cast.make_patient(desk.world)
    row = approved(desk, coverage_of(held))
    made = merging.merge_patients(
        actor=world.of("olu"), kept=kept, merged=held.case.patient, reason="The mother told us", at=money.LATER
    )
    money.run_jobs()
    row.refresh_from_db()
    assert row.coverage.patient_id == kept.pk
    assert rules_of(held) == []
    assert numbers_of(held)[0] == ("D0140", "PA-77")
    merging.unmerge_patients(actor=world.of("olu"), merge=made, reason="Two children after all", at=money.LATER)
    money.run_jobs()
    row = Authorisation.objects.get(pk=row.pk)
    assert row.coverage.patient_id == made.merged_id
    assert rules_of(held) == []
