"""No status of an order is forgotten, every kind says what it needs, and the diagram is drawn from the table."""

from cases.models import OrderKind
from cases.order_kinds import KINDS
from cases.order_states import LIVE, ORDER_LABELS, ORDER_MOVES, ORDER_OWNERS, OrderStatus
from cases.view_labels import VIEWS
from cases.views.record.page import ORDER_CHIPS
from cases.views.record.telling import _TELLERS


def test_every_status_has_an_owner_a_label_and_a_chip():
    assert set(ORDER_OWNERS) == set(ORDER_LABELS) == set(OrderStatus)
    assert set(ORDER_CHIPS) == set(OrderStatus) - {OrderStatus.DRAFTED}


def test_every_status_but_the_first_is_led_to_and_every_live_one_is_left():
    assert {move.target for move in ORDER_MOVES.values()} == set(OrderStatus) - {OrderStatus.DRAFTED}
    assert all(any(status in move.sources for move in ORDER_MOVES.values()) for status in LIVE)


def test_every_move_is_told_on_the_timeline():
    assert {f"order_{name}" for name in ORDER_MOVES} <= set(_TELLERS)


def test_every_kind_says_its_scope_its_days_and_what_fulfils_it():
    assert set(KINDS) == set(OrderKind)
    for needs in KINDS.values():
        assert bool(needs.code) != bool(needs.views)
        assert needs.views <= set(VIEWS)
        assert needs.valid_for.days > 0
