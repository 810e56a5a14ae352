"""Billing warns before a reading when the payer does not know the dentist; it never refuses."""

import pytest

from billing.models import Coverage
from cases.states import Status
from tests.billing import cast as billing_cast


@pytest.mark.parametrize(("listed", "warned"), [([], False), (["dev"], False), (["rita"], True)])
def test_a_dentist_not_on_the_payers_list_is_warned_and_may_start(world, case_at, client_of, listed, warned):
    desk, case = billing_cast.build_desk(world), case_at(Status.SUBMITTED)
    billing_cast.cover(desk, case.patient)
    payer = Coverage.objects.get(patient=case.patient).payer
    payer.enrolled_dentists = [str(world.people[name].public_id) for name in listed]
    payer.save()
    client = client_of("dev")
    for address in ("/reading/", f"/cases/{case.public_id}/"):
        assert ("You are not enrolled with" in client.get(address).content.decode()) is warned
    assert client.post("/reading/next/").url == f"/reading/{case.public_id}/"
