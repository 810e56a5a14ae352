"""What the database itself refuses of requests to payers: what was asked, sent and answered stands still."""

from billing.authorisation_states import ANSWERED, ENDED, TO_SEND
from cases.guarding import Guard, append_only, changed

_TO_SEND = "(" + ", ".join(f"'{status}'" for status in sorted(TO_SEND)) + ")"
_DONE = "(" + ", ".join(f"'{status}'" for status in sorted(ANSWERED | ENDED)) + ")"
_GONE = "(" + ", ".join(f"'{status}'" for status in sorted(ENDED)) + ")"

_ASKED = "What a payer was asked before care never changes."
_AS_ASKED = (
    "public_id", "practice_id", "request_id", "kind", "coverage_id", "payer_id", "payer_name", "member_id", "case_id", "reason",
    "made_at", "made_by_id",
)  # fmt: skip
_SENT = "How a request was sent never changes."
_AS_SENT = ("sent_on", "sent_how", "sent_reference", "sent_at", "sent_by_id")
_ANSWERED = "What a payer answered before care never changes."
_AS_ANSWERED = (
    "number", "answered_on", "valid_from", "valid_until", "refused_because", "note", "answered_at", "answered_by_id",
)  # fmt: skip
_ENDED = "A request that was withdrawn, or marked as an error, never changes."

_WRITTEN = "A finished file of requests never changes, nor who asked for it."
_AS_WANTED = ("public_id", "requested_at", "requested_by_id", "receiver_id", "chosen", "continues_id")

_LINE = "What a payer was asked and answered, line by line, never changes."
_LINE_ASKED = ("authorisation_id", "number", "code", "tooth", "units")


def _of_request(row: str, where: str) -> str:
    """SQL: the request of this line is in such a state."""
    return f"EXISTS (SELECT 1 FROM billing_authorisation a WHERE a.id = {row}.authorisation_id AND {where})"  # noqa: S608 - our own words


GUARDS_OF_AUTHORISATIONS = (
    Guard("billing_authorisation", ("UPDATE",), _ASKED, changed(_AS_ASKED)),
    Guard("billing_authorisation", ("DELETE", "TRUNCATE"), "A request to a payer is never removed."),
    Guard(
        "billing_authorisation", ("UPDATE",), _SENT, f"OLD.status NOT IN {_TO_SEND} AND {changed(_AS_SENT)}",
        name="billing_authorisation_sent",
    ),
    Guard(
        "billing_authorisation", ("UPDATE",), _ANSWERED,
        f"OLD.status IN {_DONE} AND ({changed(_AS_ANSWERED)} OR (NEW.status <> OLD.status AND NEW.status NOT IN {_GONE}))",
        name="billing_authorisation_answered",
    ),
    Guard("billing_authorisation", ("UPDATE",), _ENDED, f"OLD.status IN {_GONE}", name="billing_authorisation_ended"),
    Guard("billing_authorisedline", ("INSERT",), _LINE, _of_request("NEW", "a.status <> 'drafted'")),
    Guard(
        "billing_authorisedline", ("UPDATE",), _LINE,
        f"{changed(_LINE_ASKED)} OR {_of_request('OLD', f'a.status IN {_DONE}')}",
    ),
    Guard("billing_authorisedline", ("DELETE", "TRUNCATE"), _LINE),
    Guard("billing_requestfile", ("UPDATE", "DELETE"), _WRITTEN, "OLD.state = 'done'"),
    Guard("billing_requestfile", ("TRUNCATE",), _WRITTEN),
    Guard("billing_requestfile", ("UPDATE",), _WRITTEN, changed(_AS_WANTED), name="billing_requestfile_asked"),
    append_only("billing_filedrequest", "What a file of requests said"),
    append_only("billing_authorisationevent", "The timeline of a request to a payer"),
)  # fmt: skip
