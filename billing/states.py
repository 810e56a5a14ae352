"""READ FIRST. Every status of a claim, every move between them, and who owns each.

Nothing else decides: `billing.moving.move_claim` looks here, docs/lifecycle.md is printed from here. What stands
against sending a claim is said by `billing.claims.rules`; who may do what by `billing.permissions`.

A sent claim whose case is retracted keeps its status, because the payer has it: it is flagged for the void worklist
(`Claim.void_wanted_at`), unless no payer holds anything of it (`billing.changed.is_unknown_to_payers`): then it is let
go, and where a payer has it after all it comes back to be voided (`billing.still_held`). A correction or a void is a
claim of its own, which names the one that it is about: that one ends when it goes out. What a payer answered stands on
the lines (CL-9); the claim's status is drawn from them by `billing.outcomes.claim_status`, so an answer that is taken
back or corrected moves the claim as well.
"""

from enum import StrEnum

from teledent.kit.moves import Move, by_name, move


class Status(StrEnum):
    DRAFT = "draft"  # made from a signed case, its facts not read yet
    BLOCKED = "blocked"  # checked, and something stands in the way: each problem names its mend
    READY = "ready"  # nothing stands in the way; the next export takes it
    EXPORTED = "exported"  # in a finished file for a receiver
    ACCEPTED = "accepted"  # taken on by the clearinghouse or the payer (277CA); no word on money yet
    REJECTED = "rejected"  # turned away before anybody judged it (TA1, 999, 277CA)
    PAID = "paid"  # every line as expected, the patient's share included
    PART_PAID = "part_paid"  # something was paid, and something is left to pursue
    DENIED = "denied"  # nothing was paid that should have been
    CLOSED_ZERO = "closed_zero"  # answered with the zero that was expected: nothing is owed and nothing to pursue
    REPLACED = "replaced"  # a correction of it went out in its place
    VOIDED = "voided"  # a void of it went out: the payer is to take it as never billed
    NOT_BILLED = "not_billed"  # a person decided not to bill, for a reason; outside what is owed
    STOPPED = "stopped"  # the case was retracted and no payer has the claim, or a person dropped a correction or a void


LABELS = {
    Status.DRAFT: "Being made",
    Status.BLOCKED: "Held",
    Status.READY: "Ready",
    Status.EXPORTED: "Exported",
    Status.ACCEPTED: "Accepted",
    Status.REJECTED: "Rejected",
    Status.PAID: "Paid",
    Status.PART_PAID: "Paid in part",
    Status.DENIED: "Denied",
    Status.CLOSED_ZERO: "Closed at zero",
    Status.REPLACED: "Replaced",
    Status.VOIDED: "Voided",
    Status.NOT_BILLED: "Not billed",
    Status.STOPPED: "Stopped",
}

CHECKED = frozenset({Status.DRAFT, Status.BLOCKED, Status.READY})  # not sent, and still on its way
UNSENT = CHECKED | {Status.NOT_BILLED}
UNANSWERED = frozenset({Status.EXPORTED, Status.ACCEPTED, Status.REJECTED})  # sent, and no word on money
ANSWERED = frozenset({Status.PAID, Status.PART_PAID, Status.DENIED, Status.CLOSED_ZERO})
STANDING = UNANSWERED | ANSWERED  # sent, and the practice stands by it
OWED = STANDING - {Status.PAID, Status.CLOSED_ZERO}  # accounts receivable
ENDED = frozenset({Status.REPLACED, Status.VOIDED})  # sent, and another claim took it back
SENT = STANDING | ENDED
# of a void: the payer holds the claim that it is about, whole or in part
VOID_REFUSED = frozenset({Status.REJECTED, Status.DENIED, Status.PART_PAID})

CHECK, FRONT_DESK, EXPORT, SYSTEM = "the check", "the front desk", "the export", "system"
CLEARINGHOUSE, REMITTANCE = "an acknowledgement", "a remittance"

MOVES: dict[str, Move] = by_name(
    [
        move("hold", [Status.DRAFT, Status.READY], Status.BLOCKED, CHECK),
        move("make_ready", [Status.DRAFT, Status.BLOCKED], Status.READY, CHECK),
        move("export", [Status.READY], Status.EXPORTED, EXPORT),
        # of what was answered, a void that was denied alone
        move("send_anew", sorted(UNANSWERED | {Status.DENIED}), Status.EXPORTED, EXPORT),
        move("accept", [Status.EXPORTED, Status.REJECTED], Status.ACCEPTED, CLEARINGHOUSE),
        move("reject", [Status.EXPORTED, Status.ACCEPTED], Status.REJECTED, CLEARINGHOUSE),
        move("replace", sorted(STANDING), Status.REPLACED, EXPORT),
        move("void", sorted(STANDING), Status.VOIDED, EXPORT),
        move("pay", sorted(STANDING), Status.PAID, REMITTANCE),
        move("pay_in_part", sorted(STANDING), Status.PART_PAID, REMITTANCE),
        move("deny", sorted(STANDING), Status.DENIED, REMITTANCE),
        move("close_at_zero", sorted(STANDING), Status.CLOSED_ZERO, REMITTANCE),
        move("take_back", sorted(ANSWERED), Status.ACCEPTED, REMITTANCE),
        move("settle_void", sorted(UNANSWERED | VOID_REFUSED), Status.CLOSED_ZERO, REMITTANCE),
        move("unsettle_void", [Status.CLOSED_ZERO], Status.DENIED, REMITTANCE),
        move("do_not_bill", sorted(CHECKED), Status.NOT_BILLED, FRONT_DESK),
        move("bill_after_all", [Status.NOT_BILLED], Status.DRAFT, FRONT_DESK),
        move("drop", sorted(CHECKED), Status.STOPPED, FRONT_DESK),
        move("stop", sorted(UNSENT), Status.STOPPED, SYSTEM),
        move("let_go", [Status.REJECTED], Status.STOPPED, SYSTEM),
        move("accept_late", [Status.STOPPED], Status.ACCEPTED, CLEARINGHOUSE),
    ]
)

OWNERS: dict[Status, str] = {
    Status.DRAFT: CHECK,
    Status.BLOCKED: FRONT_DESK,
    Status.READY: FRONT_DESK,
    Status.EXPORTED: "the payer",
    Status.ACCEPTED: "the payer",
    Status.REJECTED: FRONT_DESK,
    Status.PAID: "nobody",
    Status.PART_PAID: FRONT_DESK,
    Status.DENIED: FRONT_DESK,
    Status.CLOSED_ZERO: "nobody",
    Status.REPLACED: "nobody",
    Status.VOIDED: "nobody",
    Status.NOT_BILLED: FRONT_DESK,
    Status.STOPPED: "nobody",
}
