"""What recording and withdrawing consent refuses (CO-2)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cases.actions import consenting
from cases.models import Case, OnSiteService, Scope
from cases.states import Status
from teledent.kit.decisions import Refused
from tests import cast


@pytest.fixture
def patient(world):
    patient = cast.make_patient(world)
    cast.consent_to(world, patient)
    return patient


def withdraw(world, patient, at):
    consenting.withdraw_consent(
        actor=world.of("hana"), patient=patient, scope=Scope.RADIOGRAPHS, reason="The mother called", at=at
    )


def give(world, patient, *scopes, valid_from):
    return consenting.record_consent(
        actor=world.of("hana"), patient=patient, scopes=dict.fromkeys(scopes, True), signer_name="Lucia Villanueva",
        signer_authority="Mother", evidence="paper", language="Spanish", valid_from=valid_from, at=cast.AT + timedelta(hours=2),
    )  # fmt: skip


def test_an_older_paper_entered_again_undoes_no_withdrawal(world, patient):
    withdraw(world, patient, cast.AT + timedelta(hours=1))
    with pytest.raises(Refused, match="Consent to radiographs was withdrawn on 17 Nov 2026"):
        give(world, patient, Scope.RADIOGRAPHS, valid_from=date(2026, 9, 1))
    give(world, patient, Scope.PHOTOGRAPHS, valid_from=date(2026, 9, 1))
    assert give(world, patient, Scope.RADIOGRAPHS, valid_from=date(2026, 11, 17)).pk


def test_nothing_is_withdrawn_twice(world, patient):
    withdraw(world, patient, cast.AT)
    with pytest.raises(Refused, match="no consent of this kind"):
        withdraw(world, patient, cast.AT)


def test_a_withdrawal_in_the_evening_is_of_the_day_it_was_there(world, patient):
    evening = datetime(2026, 11, 18, 1, 30, tzinfo=UTC)  # still the 17th in Oregon
    withdraw(world, patient, evening)
    assert give(world, patient, Scope.RADIOGRAPHS, valid_from=date(2026, 11, 17)).pk


def take_back(world, case, scope):
    return consenting.withdraw_consent(
        actor=world.of("hana"),
        patient=case.patient,
        scope=scope,
        reason="The mother called",
        at=cast.AT + timedelta(hours=1),
    )


def test_taking_back_a_treatment_stops_the_case_in_which_it_was_done(world):
    case = cast.case_at(world, Status.DRAFT)
    OnSiteService.objects.create(case=case, code="D1206", operator=world.people["hana"], ordered_by="Standing order")
    give(world, case.patient, Scope.FLUORIDE, valid_from=date(2026, 11, 17))
    assert consenting.scopes_taken(case.patient)[Scope.FLUORIDE] == 1
    assert take_back(world, case, Scope.FLUORIDE) == 1
    assert Case.objects.get(pk=case.pk).status == Status.STOPPED


def test_taking_back_what_a_case_does_not_take_stops_nothing(world):
    case = cast.case_at(world, Status.SUBMITTED)
    assert consenting.scopes_taken(case.patient)[Scope.SEALANTS] == 0
    give(world, case.patient, Scope.SEALANTS, valid_from=date(2026, 11, 17))
    assert take_back(world, case, Scope.SEALANTS) == 0
    assert Case.objects.get(pk=case.pk).status == Status.SUBMITTED
