"""READ FIRST. Every status of a case, every move between them, and who owns each.

Nothing else decides: `cases.moving.move_case` looks here, docs/lifecycle.md is printed from here. What must be true
before a move stands in `cases.policies`; who may make it in `cases.permissions`.
"""

from enum import StrEnum

from teledent.kit.moves import Move, by_name, move


class Status(StrEnum):
    DRAFT = "draft"  # being captured
    SUBMITTED = "submitted"  # signed by the hygienist, or by who sent it at a link; waiting for a dentist
    IN_REVIEW = "in_review"  # a dentist holds it, under a lease
    NEEDS_INFO = "needs_info"  # back with the site, with questions
    SIGNED = "signed"  # the review of record stands
    CLOSED = "closed"  # follow-up ended, with proof or a reason
    RETRACTED = "retracted"  # signed, and marked as wrong: readable, never billed
    WITHDRAWN = "withdrawn"  # taken back by the site before a signature
    STOPPED = "stopped"  # consent was withdrawn before a signature


LABELS = {
    Status.DRAFT: "In progress",
    Status.SUBMITTED: "Submitted",
    Status.IN_REVIEW: "Being read",
    Status.NEEDS_INFO: "Question back",
    Status.SIGNED: "Signed",
    Status.CLOSED: "Closed",
    Status.RETRACTED: "Retracted",
    Status.WITHDRAWN: "Withdrawn",
    Status.STOPPED: "Stopped",
}

UNSIGNED = frozenset({Status.DRAFT, Status.SUBMITTED, Status.IN_REVIEW, Status.NEEDS_INFO})
EDITABLE = frozenset({Status.DRAFT, Status.NEEDS_INFO})  # the hygienist may change what she captured
WITH_DENTISTS = frozenset({Status.SUBMITTED, Status.IN_REVIEW})  # files that were declared may still arrive
READABLE_SIGNED = frozenset({Status.SIGNED, Status.CLOSED, Status.RETRACTED})  # the front desk's world
ENDED_UNSIGNED = frozenset({Status.WITHDRAWN, Status.STOPPED})  # a picture of another child may still be put right
BILLABLE = frozenset({Status.SIGNED, Status.CLOSED})

HYGIENIST, DENTIST, SYSTEM = "a hygienist of the site", "that dentist", "system"
GATHERER = "a hygienist of the site; for the first version by a link its sender"

MOVES: dict[str, Move] = by_name(
    [
        move("submit", [Status.DRAFT, Status.NEEDS_INFO], Status.SUBMITTED, GATHERER),
        move("withdraw", [Status.DRAFT, Status.SUBMITTED, Status.NEEDS_INFO], Status.WITHDRAWN, HYGIENIST),
        move("start_review", [Status.SUBMITTED, Status.IN_REVIEW], Status.IN_REVIEW, "a licensed dentist"),
        move("call_back", sorted(WITH_DENTISTS), Status.DRAFT, HYGIENIST),
        move("release", [Status.IN_REVIEW], Status.SUBMITTED, DENTIST),
        move("hand_over", [Status.IN_REVIEW], Status.IN_REVIEW, DENTIST),
        move("request_info", [Status.IN_REVIEW], Status.NEEDS_INFO, DENTIST),
        move("sign", [Status.IN_REVIEW], Status.SIGNED, DENTIST),
        move("stop", sorted(UNSIGNED), Status.STOPPED, SYSTEM),
        move("close", [Status.SIGNED], Status.CLOSED, "front desk"),
        move("retract", [Status.SIGNED, Status.CLOSED], Status.RETRACTED, "the signing dentist or a manager"),
    ]
)

OWNERS: dict[Status, str] = {
    Status.DRAFT: HYGIENIST,
    Status.SUBMITTED: "any licensed dentist",
    Status.IN_REVIEW: DENTIST,
    Status.NEEDS_INFO: HYGIENIST,
    Status.SIGNED: "front desk",
    Status.CLOSED: "nobody",
    Status.RETRACTED: "nobody",
    Status.WITHDRAWN: "nobody",
    Status.STOPPED: "nobody",
}
