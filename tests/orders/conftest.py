"""The cast at the fixed moment, a signed case, and orders on it."""

from datetime import timedelta

import pytest

from cases.actions import ordering, treating
from cases.states import Status
from tests import cast
from tests.capture.conftest import as_person, at, disk, world  # noqa: F401 - fixtures are found by name

NONE_KNOWN = {"allergies": ["none_known"]}
LATER = cast.AT + timedelta(days=2)


@pytest.fixture
def signed(world):  # noqa: F811 - the fixture above
    return cast.case_at(world, Status.SIGNED)


@pytest.fixture
def give(world, signed):  # noqa: F811 - the fixture above
    """An order after the signature: by default, seal 3."""

    def given(kind="sealant", tooth="UR6", **more):
        (order,) = ordering.give_orders(
            actor=world.of("dev"), case=signed, kind=kind, tooth_keys=[tooth] if tooth else [], reason="Deep grooves",
            password=cast.PASSWORD, at=cast.AT, **more,
        )  # fmt: skip
        return order

    return given


@pytest.fixture
def start(world):  # noqa: F811 - the fixture above
    def started(order, *, tooth="UR6", answers=None, at=LATER):  # noqa: F811 - its own moment
        visit = treating.start_visit(
            actor=world.of("hana"), order=order, tooth=tooth, answers=answers or NONE_KNOWN, at=at
        )
        order.refresh_from_db()
        return visit

    return started


def fill_visit(world, visit, at=LATER):  # noqa: F811 - plain arguments
    """Everything of a treatment visit but what was done."""
    visit.refresh_from_db()
    answers = {**cast.ANSWERS, "complaint": ["none_stated"], "changed": ["none"], "allergies": ["none_known"]}
    cast.capturing.save_answers(
        actor=world.of("hana"), case=visit, answers=answers, revision=visit.revision, at=at
    )  # fmt: skip
    cast.put_file(visit, world.of("hana"), view="tooth", at=at)
    visit.refresh_from_db()
