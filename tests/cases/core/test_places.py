from types import SimpleNamespace
from zoneinfo import available_timezones

import pytest

from cases.places import ZONES, zone_of_patient_place
from teledent.accounts.models import State

SCHOOL = SimpleNamespace(state="OR", time_zone="America/Boise")  # Malheur County keeps the time of Idaho


def test_every_state_has_a_zone_that_there_is():
    assert set(ZONES) == set(State.values)
    assert set(ZONES.values()) <= available_timezones()


@pytest.mark.parametrize(
    ("place", "state", "zone"),
    [
        ("site", "OR", "America/Boise"),
        ("site", "NY", "America/Boise"),
        ("home", "OR", "America/Boise"),
        ("home", "NY", "America/New_York"),
        ("home", "AZ", "America/Phoenix"),
    ],
)
def test_the_zone_is_that_of_the_place(place, state, zone):
    assert zone_of_patient_place(SimpleNamespace(patient_place=place, patient_state=state), SCHOOL) == zone
