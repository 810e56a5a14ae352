"""The timeline of a claim in sentences, and how each status looks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from billing.models import Claim, ClaimEvent, NotBilledReason
from billing.states import LABELS, STANDING, Status
from teledent.kit import clock

Details = Mapping[str, Any]
CHIPS = {
    Status.DRAFT: ("info", "clock"), Status.BLOCKED: ("wait", "pause"), Status.READY: ("ok", "circle-check"),
    Status.EXPORTED: ("accent", "send"), Status.ACCEPTED: ("accent", "inbox"), Status.REJECTED: ("wait", "undo-2"),
    Status.PAID: ("ok", "badge-check"), Status.PART_PAID: ("wait", "circle-dot"), Status.DENIED: ("wait", "circle-x"),
    Status.CLOSED_ZERO: ("", "circle-check"), Status.REPLACED: ("", "replace"), Status.VOIDED: ("", "file-x"),
    Status.NOT_BILLED: ("", "ban"), Status.STOPPED: ("", "hand"),
}  # fmt: skip
_MADE = {
    "correction": "made this correction of a claim that went out",
    "void": "made this void of a claim that went out",
    "secondary": "made the claim to the next payer",
}
VOID_WANTED = ("To be voided", "wait", "file-x")


@dataclass(frozen=True, slots=True)
class Told:
    """One line of `ui/_timeline.html`."""

    sentence: str
    detail: str
    at: datetime


def chip_of(claim: Claim) -> tuple[str, str, str]:
    """Word, tint and icon of the claim's state."""
    status = Status(claim.status)
    if claim.void_wanted_at and status in STANDING:
        return VOID_WANTED
    return (LABELS[status], *CHIPS[status])


def told(event: ClaimEvent) -> Told:
    said, detail = _TELLERS.get(event.kind, _by_name(event.kind))(event.details)
    return Told(f"{event.person_name} {said}", detail, event.at)


def _by_name(kind: str) -> Callable[[Details], tuple[str, str]]:
    return lambda d: (kind.replace("_", " "), "")


def _not_billed(d: Details) -> tuple[str, str]:
    reason = str(d.get("reason", ""))
    label = NotBilledReason(reason).label if reason in NotBilledReason.values else ""
    return "decided not to bill", ": ".join(part for part in (label, str(d.get("text", ""))) if part)


def _sent_anew(d: Details) -> tuple[str, str]:
    return "sent the claim anew", f"{d.get('reason')} · control number {d.get('control_number', 0):09d}"


def _numbered(d: Details) -> str:
    return f"control number {d.get('control_number', 0):09d}"


def _snoozed(d: Details) -> tuple[str, str]:
    past = " · a deadline lies before that day" if d.get("past") else ""
    return f"put the claim off until {clock.day_in_words(date.fromisoformat(d['until']))}", f"{d.get('because')}{past}"


def _assigned(d: Details) -> tuple[str, str]:
    return (f"gave the claim to {d['to']}" if d.get("to") else "gave the claim back to everybody", "")


APPEAL_SAID = {
    "begin": "began an appeal", "ask_signature": "asked the dentist to sign the appeal", "send_back": "made the appeal a draft again",
    "sign": "signed the appeal's letter", "make_ready": "made the appeal ready", "send": "sent the appeal",
    "uphold": "recorded the payer's answer: decision upheld", "overturn": "recorded the payer's answer: appeal won",
    "give_in_part": "recorded the payer's answer: won in part", "withdraw": "withdrew the appeal",
}  # fmt: skip


def _appeal(d: Details) -> tuple[str, str]:
    more = (d.get(name) for name in ("how", "on", "dentist", "licence", "answer"))
    parts = [str(d.get("level", "")), *(str(one) for one in more if one), str(d.get("reason", ""))]
    said = parts if d.get("move") in ("send_back", "withdraw") else parts[:-1]
    return APPEAL_SAID.get(str(d.get("move")), "changed the appeal"), " · ".join(one for one in said if one)


def _shared(d: Details) -> str:
    """Why a claim of another case bears the number too."""
    return f" · as on {', '.join(d['shared_with'])}: {d.get('reason')}" if d.get("shared_with") else ""


def _paid(d: Details) -> str:
    return f"${d.get('paid', '0.00')} so far"


def _judged(d: Details, outcome: str, detail: str = "") -> tuple[str, str]:
    """By an answer that was posted, or once more by a payer's rule for days past."""
    if anew := d.get("anew"):
        return f"had the answers judged anew: {outcome}", f"by the payer's rule {anew}"
    return f"posted an answer: {outcome}", detail


_TELLERS: dict[str, Callable[[Details], tuple[str, str]]] = {
    "made": lambda d: (
        _MADE.get(str(d.get("kind", "")), "made the claim from the signed case"),
        str(d.get("of") or d.get("case", "")),
    ),
    "hold": lambda d: ("checked the claim and holds it", ", ".join(d.get("rules", ()))),
    "make_ready": lambda d: ("checked the claim: ready", ""),
    "export": lambda d: ("exported the claim", _numbered(d)),
    "do_not_bill": _not_billed,
    "bill_after_all": lambda d: ("bills the claim after all", ""),
    "name_confirmed": lambda d: (f"confirmed that {d.get('signed')} is now {d.get('now')}", str(d.get("reason", ""))),
    "accept": lambda d: ("acknowledged: the claim was taken on", ", ".join(d.get("codes", ()))),
    "reject": lambda d: ("acknowledged: the claim was turned away", ", ".join(d.get("codes", ()))),
    "pay": lambda d: _judged(d, "paid", _paid(d)),
    "pay_in_part": lambda d: _judged(d, "paid in part", _paid(d)),
    "deny": lambda d: _judged(d, "denied"),
    "close_at_zero": lambda d: _judged(d, "the zero that was expected"),
    "take_back": lambda d: ("posted a reversal: the answer is taken back", ""),
    "unsettle_void": lambda d: (f"posted another answer to claim {d.get('claim')}: the payer holds it after all", ""),
    "settle_void": lambda d: (f"posted a reversal of claim {d.get('claim')}: what this void asks for is done", ""),
    "send_anew": _sent_anew,
    "sent_anew": _sent_anew,  # as it was called before answers came back
    "left_out": lambda d: ("left the claim out of what was sent anew", str(d.get("reason", ""))),
    "attachment_numbers": lambda d: (
        "entered the clearinghouse's attachment numbers"
        if d.get("numbers")
        else "took the clearinghouse's attachment numbers out",
        ", ".join(d.get("numbers", ())) + _shared(d),
    ),
    "marks_drawn": lambda d: ("has the dentist's marks drawn into the pictures", ""),
    "marks_left_off": lambda d: ("leaves the pictures without the dentist's marks", ""),
    "correction_made": lambda d: (f"began a correction, claim {d.get('claim')}", str(d.get("reason", ""))),
    "void_made": lambda d: (f"made a void, claim {d.get('claim')}", str(d.get("reason", ""))),
    "secondary_made": lambda d: (f"made the claim to {d.get('payer')}, {d.get('claim')}", ""),
    "drop": lambda d: ("dropped it before it went out", str(d.get("reason", ""))),
    "replace": lambda d: (f"exported the correction {d.get('claim')}: this claim is replaced", _numbered(d)),
    "void": lambda d: (f"exported the void {d.get('claim')}: this claim is voided", _numbered(d)),
    "appeal": _appeal,
    "let_go": lambda d: ("ended the claim: turned away, the case retracted, nothing to void", ""),
    "accept_late": lambda d: (
        "was told that the payer has the claim after all; it is to be voided",
        ", ".join(d.get("codes", ())),
    ),
    "stop": lambda d: ("stopped the claim: the case was retracted", ""),
    "snoozed": _snoozed,
    "woken": lambda d: ("took the claim up again before its day", ""),
    "noted": lambda d: ("noted", str(d.get("text", ""))),
    "assigned": _assigned,
    "void_wanted": lambda d: ("asks for a void: the case was retracted after the claim went out", ""),
}
