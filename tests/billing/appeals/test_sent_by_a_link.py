"""The letter about a case that a mother sent by a link: nobody of the practice saw the patient or asked him anything."""

from dataclasses import replace

import pytest

from billing.appeal_content import denied_at, read_material
from billing.appeals.arguing import TEMPLATES
from billing.appeals.letter import compose
from billing.models import Claim
from tests import cast
from tests.billing import cast as money
from tests.billing.appeals.conftest import TODAY, deny
from tests.billing.conftest import desk, world  # noqa: F401 - fixtures are found by name
from tests.billing.test_payer_rules import saved
from tests.sending.cast import sent_by
from tests.services.standing import built_once


@built_once
def refused_of_a_link(desk) -> Claim:  # noqa: F811
    saved(desk, patient_initiated="yes")
    patient = cast.make_patient(desk.world)
    money.cover(desk, patient)
    case = sent_by(desk.world, patient, at=money.AT)
    cast.start(desk.world, case, money.AT)
    cast.sign(desk.world, case, money.AT)
    money.give_pictures(case)
    money.run_jobs()
    claim = money.claims_of(case)["dentist"]
    money.exported(desk)
    deny(desk, claim)
    assert claim.status == "denied", claim.problems
    return claim


@pytest.fixture
def basis(refused_of_a_link):
    claim = refused_of_a_link
    return read_material(claim, (), level="First level", outcome="other", denied_on=denied_at(claim)).basis


@pytest.mark.parametrize("outcome", TEMPLATES)
def test_no_letter_says_that_somebody_of_the_practice_saw_the_patient(basis, outcome):
    written = replace(basis, outcome=outcome)
    letter = compose(written, quotes=[one.key for one in written.may_quote], written_on=TODAY.date())
    said = " ".join([*(one.text for one in letter.statements), *(f"{one.label}: {one.text}" for one in letter.quotes)])
    assert "Pictures of the patient were sent on Nov 17, 2026" in said
    assert "by Ana Reyes (mother), by a link." in said
    assert "Complaint, as Ana Reyes (mother), by a link, wrote it" in said
    for false in ("was seen on", "Alder Creek", "asked by", "Seen by", "who signed and submitted"):
        assert false not in said
