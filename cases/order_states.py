"""Every status of a dentist's order to the hygienist, every move between them, and who owns each (CO-3).

Nothing else decides: `cases.order_moving.move_order` looks here, docs/lifecycle.md is printed from here.
"""

from enum import StrEnum

from cases.states import HYGIENIST, SYSTEM
from teledent.kit.moves import Move, by_name, move


class OrderStatus(StrEnum):
    DRAFTED = "drafted"  # written in a review that is not signed: nobody acts on it
    OPEN = "open"  # signed, waiting for the hygienist
    ACCEPTED = "accepted"  # a hygienist began the visit for it
    DONE = "done"  # recorded, and the visit submitted
    REFUSED = "refused"  # the hygienist will not do it, for a reason
    EXPIRED = "expired"  # its last day passed
    CANCELLED = "cancelled"  # a dentist took it back, for a reason


ORDER_LABELS = {
    OrderStatus.DRAFTED: "Counts when signed",
    OrderStatus.OPEN: "Open",
    OrderStatus.ACCEPTED: "Visit begun",
    OrderStatus.DONE: "Done",
    OrderStatus.REFUSED: "Refused",
    OrderStatus.EXPIRED: "Expired",
    OrderStatus.CANCELLED: "Cancelled",
}

LIVE = frozenset({OrderStatus.OPEN, OrderStatus.ACCEPTED})
UNDER_ORDER = frozenset({OrderStatus.ACCEPTED, OrderStatus.DONE})  # a visit may name it

LICENSED = "a licensed dentist"

ORDER_MOVES: dict[str, Move] = by_name(
    [
        move("issue", [OrderStatus.DRAFTED], OrderStatus.OPEN, "the signature of its review"),
        move("accept", [OrderStatus.OPEN], OrderStatus.ACCEPTED, HYGIENIST),
        move("give_back", [OrderStatus.ACCEPTED, OrderStatus.DONE], OrderStatus.OPEN, HYGIENIST),
        move("fulfil", [OrderStatus.ACCEPTED], OrderStatus.DONE, "the submit of its visit"),
        move("carry_over", [OrderStatus.DONE], OrderStatus.ACCEPTED, "the correction of its visit"),
        move("refuse", [OrderStatus.OPEN], OrderStatus.REFUSED, HYGIENIST),
        move("expire", [OrderStatus.OPEN], OrderStatus.EXPIRED, SYSTEM),
        move("cancel", sorted(LIVE), OrderStatus.CANCELLED, LICENSED),
    ]
)

ORDER_OWNERS: dict[OrderStatus, str] = {
    OrderStatus.DRAFTED: "the dentist who writes the review",
    OrderStatus.OPEN: HYGIENIST,
    OrderStatus.ACCEPTED: HYGIENIST,
    OrderStatus.DONE: "nobody",
    OrderStatus.REFUSED: "nobody",
    OrderStatus.EXPIRED: "nobody",
    OrderStatus.CANCELLED: "nobody",
}
