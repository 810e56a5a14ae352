"""READ FIRST. Every status of a request to a payer before care (an authorisation, a predetermination), every move
between them, and who owns each.

Nothing else decides: `billing.authorisation_moving` looks here, docs/lifecycle.md is printed from here. That an approval
has run out is no status: it follows from its days and the day on which somebody asks (`billing.claims.authorised`).
"""

from enum import StrEnum

from teledent.kit.moves import Move, by_name, move


class AuthorisationStatus(StrEnum):
    DRAFTED = "drafted"  # what is to be asked is written down, and nobody has asked yet
    SENT = "sent"  # with the payer
    RETURNED = "returned"  # a file of ours was turned away on the way, or got lost: the desk sends it again
    APPROVED = "approved"  # the payer said yes, to what its lines say; of a predetermination: it said what it would pay
    REFUSED = "refused"  # the payer said no
    WITHDRAWN = "withdrawn"  # not pursued, or taken back by the payer: it counts nowhere
    IN_ERROR = "in_error"  # recorded wrongly: it counts nowhere and stays readable


AUTHORISATION_LABELS = {
    AuthorisationStatus.DRAFTED: "To send",
    AuthorisationStatus.SENT: "Waiting for an answer",
    AuthorisationStatus.RETURNED: "To send again",
    AuthorisationStatus.APPROVED: "Approved",
    AuthorisationStatus.REFUSED: "Refused",
    AuthorisationStatus.WITHDRAWN: "Withdrawn",
    AuthorisationStatus.IN_ERROR: "Entered in error",
}

ON_ITS_WAY = frozenset({AuthorisationStatus.SENT, AuthorisationStatus.RETURNED})  # it went out
OPEN = frozenset(
    {AuthorisationStatus.DRAFTED, AuthorisationStatus.SENT, AuthorisationStatus.RETURNED}
)  # no answer yet, and one is wanted
TO_SEND = frozenset({AuthorisationStatus.DRAFTED, AuthorisationStatus.RETURNED})  # the desk has to ask
ANSWERED = frozenset({AuthorisationStatus.APPROVED, AuthorisationStatus.REFUSED})
ENDED = frozenset({AuthorisationStatus.WITHDRAWN, AuthorisationStatus.IN_ERROR})

FRONT_DESK = "the front desk"

AUTHORISATION_MOVES: dict[str, Move] = by_name(
    [
        move("send", sorted(TO_SEND), AuthorisationStatus.SENT, FRONT_DESK),
        move("turn_away", [AuthorisationStatus.SENT], AuthorisationStatus.RETURNED, "the system"),
        move("take_up", [AuthorisationStatus.SENT], AuthorisationStatus.RETURNED, FRONT_DESK),  # a file that got lost
        # it has the request after all: of two files, or of two answers about one, the later says that it took it on
        move("take_on", [AuthorisationStatus.RETURNED], AuthorisationStatus.SENT, "the system"),
        # what the payer tells when asked by phone is answered before anything was sent
        move("approve", sorted(OPEN), AuthorisationStatus.APPROVED, FRONT_DESK),
        move("refuse", sorted(OPEN), AuthorisationStatus.REFUSED, FRONT_DESK),
        move("withdraw", sorted(OPEN | {AuthorisationStatus.APPROVED}), AuthorisationStatus.WITHDRAWN, FRONT_DESK),
        move(
            "mark_error",
            sorted(ANSWERED | {AuthorisationStatus.SENT, AuthorisationStatus.RETURNED}),
            AuthorisationStatus.IN_ERROR,
            FRONT_DESK,
        ),
    ]
)

AUTHORISATION_OWNERS: dict[AuthorisationStatus, str] = {
    AuthorisationStatus.DRAFTED: FRONT_DESK,
    AuthorisationStatus.SENT: "the payer",
    AuthorisationStatus.RETURNED: FRONT_DESK,
    AuthorisationStatus.APPROVED: "nobody",
    AuthorisationStatus.REFUSED: FRONT_DESK,
    AuthorisationStatus.WITHDRAWN: "nobody",
    AuthorisationStatus.IN_ERROR: "nobody",
}
