"""What the database itself refuses of appeals: a signed letter and a sent appeal stand still, an ended one wholly."""

from billing.appeal_states import ENDED, OPEN
from cases.guarding import Guard, append_only, changed


def _named(statuses: frozenset[str]) -> str:
    return "(" + ", ".join(f"'{status}'" for status in sorted(statuses)) + ")"


_SENT, _SIGNED = "A sent appeal never changes.", "A signed letter never changes."
_OF_WHAT = (
    "public_id", "practice_id", "claim_id", "level", "reason", "begun_at", "begun_by_id", "denied_at", "signature", "dentist_id",
)  # fmt: skip
_LETTER = ("quotes", "note", "noted_at", "noted_by", "letter", "letter_digest")
_SIGNATURE = ("signed_at", "signed_by_id", "signed_name", "signed_licence", "signed_digest")
_PACKET = ("packet_id", "packet_pages")
_SENDING = ("sent_on", "sent_how", "sent_reference", "sent_at", "sent_by_id")
_ANSWER = ("status", "answered_on", "answer", "answered_at", "answered_by_id", "withdrawn_because")

_AS_SENT = changed((*_OF_WHAT, *_LETTER, *_SIGNATURE, *_PACKET, *_SENDING))
GUARDS_OF_APPEALS = (
    Guard(
        "billing_appeal", ("UPDATE",), _SENT,
        f"(OLD.sent_at IS NOT NULL AND ({_AS_SENT} OR NEW.status IN {_named(OPEN)}))"
        f" OR (OLD.status IN {_named(ENDED)} AND {changed(_ANSWER)})",
    ),
    Guard(
        "billing_appeal", ("UPDATE",), _SIGNED, f"OLD.signed_at IS NOT NULL AND {changed((*_OF_WHAT, *_LETTER, *_SIGNATURE))}",
        name="billing_appeal_signed",
    ),
    Guard("billing_appeal", ("DELETE", "TRUNCATE"), "An appeal is never removed."),
    append_only("billing_appealline", "The lines of an appeal"),
    Guard(
        "billing_appealline", ("INSERT",), _SENT,
        "EXISTS (SELECT 1 FROM billing_appeal a WHERE a.id = NEW.appeal_id AND a.status <> 'drafted')",
    ),
)  # fmt: skip
