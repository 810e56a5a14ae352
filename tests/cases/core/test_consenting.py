"""What recording and withdrawing consent refuses (CO-2)."""

from datetime import date, timedelta

import pytest

from cases.actions import consenting
from cases.models import Scope
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
