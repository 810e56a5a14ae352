from typing import get_args

import pytest

from billing.claims.rule import Mend
from billing.claims.rules import RULES
from billing.models import Claim
from billing.views.mending import MENDINGS, mend_url
from tests.billing import cast as billing_cast
from tests.claims_pages.reading import ids_in
from tests.services.standing import built_once


@built_once
def claim(desk):
    """A claim with a coverage, held: every place that mends is there."""
    claim = billing_cast.ready_claim(desk)
    problem = {
        "rule": "DX.missing",
        "source": "payer profile",
        "severity": "blocks",
        "mend": "diagnoses",
        "sentence": "Held.",
    }
    Claim.objects.filter(pk=claim.pk).update(problems=[problem], status="blocked")
    return Claim.objects.for_list().get(pk=claim.pk)


def test_every_mend_has_its_place():
    assert set(MENDINGS) == set(get_args(Mend))
    assert {rule.mend for rule in RULES} <= set(MENDINGS)


@pytest.mark.parametrize("mend", get_args(Mend))
def test_the_place_opens_for_the_front_desk_and_has_the_anchor(rita, desk, claim, mend):
    address, _, anchor = mend_url(mend, claim, desk.rita).partition("#")
    page = rita.get(address)
    assert page.status_code == 200
    assert not anchor or anchor in ids_in(page)


@pytest.mark.parametrize("mend", get_args(Mend))
def test_a_manager_is_only_sent_where_she_may_look(client_of, desk, claim, mend):
    address = mend_url(mend, claim, desk.world.of("olu")).partition("#")[0]
    assert not address or client_of("olu").get(address).status_code == 200


@pytest.mark.parametrize("mend", ["coverage", "payer"])
def test_without_a_coverage_the_mend_is_to_add_one(desk, uninsured, mend):
    assert mend_url(mend, uninsured, desk.rita) == f"/claims/patients/{uninsured.case.patient.public_id}/coverage/add/"
