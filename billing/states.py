"""READ FIRST. Every status of a claim, every move between them, and who owns each.

Nothing else decides: `billing.moving.move_claim` looks here, docs/lifecycle.md is printed from here. What stands
against sending a claim is said by `billing.claims.rules`; who may do what by `billing.permissions`.

A sent claim whose case is retracted keeps the status "exported", because the payer has it: it is flagged for the void
worklist (`Claim.void_wanted_at`). Statuses that answers of a payer bring begin with the files that bring them.
"""

from enum import StrEnum

from teledent.kit.moves import Move, by_name, move


class Status(StrEnum):
    DRAFT = "draft"  # made from a signed case, its facts not read yet
    BLOCKED = "blocked"  # checked, and something stands in the way: each problem names its mend
    READY = "ready"  # nothing stands in the way; the next export takes it
    EXPORTED = "exported"  # in a finished file for a receiver
    NOT_BILLED = "not_billed"  # a person decided not to bill, for a reason; outside what is owed
    STOPPED = "stopped"  # the case was retracted before the claim went out


LABELS = {
    Status.DRAFT: "Being made",
    Status.BLOCKED: "Held",
    Status.READY: "Ready",
    Status.EXPORTED: "Exported",
    Status.NOT_BILLED: "Not billed",
    Status.STOPPED: "Stopped",
}

CHECKED = frozenset({Status.DRAFT, Status.BLOCKED, Status.READY})  # not sent, and still on its way
UNSENT = CHECKED | {Status.NOT_BILLED}

CHECK, FRONT_DESK, EXPORT, SYSTEM = "the check", "the front desk", "the export", "system"

MOVES: dict[str, Move] = by_name(
    [
        move("hold", [Status.DRAFT, Status.READY], Status.BLOCKED, CHECK),
        move("make_ready", [Status.DRAFT, Status.BLOCKED], Status.READY, CHECK),
        move("export", [Status.READY], Status.EXPORTED, EXPORT),
        move("do_not_bill", sorted(CHECKED), Status.NOT_BILLED, FRONT_DESK),
        move("bill_after_all", [Status.NOT_BILLED], Status.DRAFT, FRONT_DESK),
        move("stop", sorted(UNSENT), Status.STOPPED, SYSTEM),
    ]
)

OWNERS: dict[Status, str] = {
    Status.DRAFT: CHECK,
    Status.BLOCKED: FRONT_DESK,
    Status.READY: FRONT_DESK,
    Status.EXPORTED: "the payer",
    Status.NOT_BILLED: FRONT_DESK,
    Status.STOPPED: "nobody",
}
