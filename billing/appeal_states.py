"""READ FIRST. Every status of an appeal, every move between them, and who owns each.

Nothing else decides: `billing.appeal_moving` looks here, docs/lifecycle.md is printed from here. What may stand in the
letter and its packet is said by `billing.appeals.admitting` (CL-10).
"""

from enum import StrEnum

from teledent.kit.moves import Move, by_name, move


class AppealStatus(StrEnum):
    DRAFTED = "drafted"  # the letter is composed and its packet made; the desk still chooses what is quoted
    AWAITING = "awaiting"  # the letter stands still and waits for the dentist who treated
    READY = "ready"  # the letter stands still, and nothing but sending it is left
    SENT = "sent"  # with the payer: the letter, its exhibits and its packet never change again
    UPHELD = "upheld"  # the payer stays with its decision
    OVERTURNED = "overturned"  # the payer gives in
    PARTLY = "partly"  # in part
    WITHDRAWN = "withdrawn"  # not pursued, for a reason


APPEAL_LABELS = {
    AppealStatus.DRAFTED: "Drafted",
    AppealStatus.AWAITING: "With the dentist",
    AppealStatus.READY: "Ready to send",
    AppealStatus.SENT: "Sent",
    AppealStatus.UPHELD: "Decision upheld",
    AppealStatus.OVERTURNED: "Won",
    AppealStatus.PARTLY: "Won in part",
    AppealStatus.WITHDRAWN: "Withdrawn",
}

OPEN = frozenset({AppealStatus.DRAFTED, AppealStatus.AWAITING, AppealStatus.READY})  # not sent, and still on its way
DECIDED = frozenset({AppealStatus.UPHELD, AppealStatus.OVERTURNED, AppealStatus.PARTLY})
ENDED = DECIDED | {AppealStatus.WITHDRAWN}

FRONT_DESK, DENTIST = "the front desk", "the dentist who treated"

APPEAL_MOVES: dict[str, Move] = by_name(
    [
        move("ask_signature", [AppealStatus.DRAFTED], AppealStatus.AWAITING, FRONT_DESK),
        move("send_back", [AppealStatus.AWAITING], AppealStatus.DRAFTED, f"{DENTIST}, {FRONT_DESK}"),
        move("sign", [AppealStatus.AWAITING], AppealStatus.READY, DENTIST),
        move("make_ready", [AppealStatus.DRAFTED], AppealStatus.READY, FRONT_DESK),
        move("send", [AppealStatus.READY], AppealStatus.SENT, FRONT_DESK),
        move("uphold", [AppealStatus.SENT], AppealStatus.UPHELD, FRONT_DESK),
        move("overturn", [AppealStatus.SENT], AppealStatus.OVERTURNED, FRONT_DESK),
        move("give_in_part", [AppealStatus.SENT], AppealStatus.PARTLY, FRONT_DESK),
        move("withdraw", sorted(OPEN | {AppealStatus.SENT}), AppealStatus.WITHDRAWN, FRONT_DESK),
    ]
)

APPEAL_OWNERS: dict[AppealStatus, str] = {
    AppealStatus.DRAFTED: FRONT_DESK,
    AppealStatus.AWAITING: DENTIST,
    AppealStatus.READY: FRONT_DESK,
    AppealStatus.SENT: "the payer",
    AppealStatus.UPHELD: FRONT_DESK,
    AppealStatus.OVERTURNED: "nobody",
    AppealStatus.PARTLY: FRONT_DESK,
    AppealStatus.WITHDRAWN: "nobody",
}
