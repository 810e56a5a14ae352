"""No status is forgotten, and every one is really reached."""

import pytest

from cases.models import Case
from cases.states import BILLABLE, EDITABLE, LABELS, MOVES, OWNERS, READABLE_SIGNED, UNSIGNED, Status
from tests import cast


def test_every_status_has_an_owner_and_a_label():
    assert set(OWNERS) == set(LABELS) == set(Status)


def test_every_status_is_signed_unsigned_or_an_ending():
    assert UNSIGNED | READABLE_SIGNED | {Status.WITHDRAWN, Status.STOPPED} == set(Status)
    assert EDITABLE < UNSIGNED
    assert BILLABLE < READABLE_SIGNED


def test_every_move_leads_to_a_status_and_every_status_is_led_to():
    assert {move.target for move in MOVES.values()} == set(Status)


@pytest.mark.parametrize("status", list(Status))
def test_the_walk_really_reaches_the_status(world, status):
    case = cast.case_at(world, status)
    assert Case.objects.get(pk=case.pk).status == status
