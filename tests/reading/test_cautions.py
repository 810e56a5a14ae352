"""Billing warns before a reading when the payer does not know the dentist; it never refuses."""

from datetime import UTC, date, datetime, timedelta

import pytest

from billing.enrolling import warn_of_enrolment
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


def test_the_payer_is_the_one_of_the_day_it_is_where_the_patient_was(world, case_at):
    """At six in the evening in Oregon it is the next day by the world's clock; the plan of that day is not hers yet."""
    desk, case = billing_cast.build_desk(world), case_at(Status.SUBMITTED)
    evening = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)  # 18 November there
    coverage = billing_cast.cover(desk, case.patient, valid_from=date(2026, 11, 19))
    coverage.payer.enrolled_dentists = [str(world.people["rita"].public_id)]
    coverage.payer.save()
    dev = world.people["dev"]
    assert warn_of_enrolment(dev, [case], evening) == {}
    assert list(warn_of_enrolment(dev, [case], evening + timedelta(days=1))) == [case.pk]
