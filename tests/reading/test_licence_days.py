"""What is offered can be started: both judge a licence by the day of the patient's place (RE-1)."""

from datetime import UTC, date, datetime

import pytest

from cases.models import Case
from cases.offering import licensed_states
from cases.permissions import may
from cases.states import Status
from teledent.accounts.models import Licence, Site

AFTERNOON = datetime(2026, 11, 18, 0, 30, tzinfo=UTC)  # half past four on the 17th in Oregon
NEW_YORK_IS_PAST_MIDNIGHT = datetime(2026, 11, 18, 5, 30, tzinfo=UTC)  # and Oregon is not
PACIFIC_IS_BEFORE_MIDNIGHT = datetime(2026, 11, 18, 7, 30, tzinfo=UTC)  # and Boise is past it


@pytest.fixture
def case(world, case_at):
    """Dev's licence ends on the 17th."""
    Licence.objects.filter(credential__person=world.people["dev"]).update(ends_on=date(2026, 11, 17))
    return case_at(Status.SUBMITTED)


def agree(world, case, at):
    """Whether the case is offered, and may be started."""
    case.refresh_from_db()
    return case.patient_state in licensed_states(world.of("dev"), at=at), bool(
        may(world.of("dev"), "start_review", case, at=at)
    )


def test_a_licence_lasts_until_midnight_where_the_patient_was(world, case):
    assert agree(world, case, AFTERNOON) == (True, True)
    assert agree(world, case, datetime(2026, 11, 18, 8, 30, tzinfo=UTC)) == (False, False)


def test_of_a_patient_at_home_in_another_zone_it_ends_there(world, case):
    Licence.objects.update(state="NY")
    Case.objects.update(patient_place="home", patient_state="NY")
    assert agree(world, case, AFTERNOON) == (True, True)
    assert agree(world, case, NEW_YORK_IS_PAST_MIDNIGHT) == (False, False)


def test_of_a_state_in_two_zones_nothing_is_offered_that_may_not_be_started(world, case):
    Site.objects.filter(pk=case.site_id).update(time_zone="America/Boise")  # the east of Oregon
    assert agree(world, case, PACIFIC_IS_BEFORE_MIDNIGHT) == (False, False)
