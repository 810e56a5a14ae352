"""Mateo twice, each with cases; the manager who puts them together."""

import pytest

from cases.actions import merging
from tests import cast
from tests.capture.conftest import as_person, at, disk, world  # noqa: F401 - fixtures are found by name


@pytest.fixture
def one(world):  # noqa: F811 - the fixture above
    return cast.make_patient(world)


@pytest.fixture
def two(world):  # noqa: F811 - the fixture above
    """The same child, registered at the other school under another spelling."""
    patient = cast.make_patient(world, given="Matteo", family="Villanueva")
    patient.enrolments.all().delete()
    patient.enrolments.create(site=world.other_school, school_year=2026, grade="3", room="4")
    patient.guardians.create(name="Rosa Villanueva", relationship="Grandmother")
    return patient


@pytest.fixture
def merge(world, one, two):  # noqa: F811 - the fixture above
    def merged(kept=None, gone=None, at=cast.AT):  # noqa: F811 - its own moment
        made = merging.merge_patients(
            actor=world.of("olu"), kept=kept or one, merged=gone or two, reason="The mother told us", at=at
        )
        one.refresh_from_db()
        two.refresh_from_db()
        return made

    return merged


@pytest.fixture
def apart(world, one, two):  # noqa: F811 - the fixture above
    def taken(made, at=cast.AT):  # noqa: F811 - its own moment
        undone = merging.unmerge_patients(
            actor=world.of("olu"), merge=made, reason="The school has two children", at=at
        )
        one.refresh_from_db()
        two.refresh_from_db()
        return undone

    return taken
