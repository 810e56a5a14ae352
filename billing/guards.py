"""What the database itself refuses of the money half: created with those of `cases.guards` after every migrate."""

from billing.guards_of_appeals import GUARDS_OF_APPEALS
from billing.guards_of_authorisations import GUARDS_OF_AUTHORISATIONS
from billing.states import SENT
from cases.guarding import Guard, append_only, changed, frozen_rows

_IN = "(" + ", ".join(f"'{status.value}'" for status in sorted(SENT)) + ")"
_SENT = "A sent claim never changes."
_SENT_PARENT = "EXISTS (SELECT 1 FROM billing_claim c WHERE c.id = {row}.claim_id AND c.exported_at IS NOT NULL)"
# what was turned away, and whose case was retracted, ends without a void: no payer has it
_STAYS_SENT = f"(NEW.status IN {_IN} OR (NEW.status = 'stopped' AND OLD.status IN ('rejected', 'stopped')))"
_FROZEN = (
    "facts", "draft", "total", "service_date", "claim_id", "number", "practice_id", "case_id", "part", "coverage_id",
    "exported_at", "public_id", "made_at", "with_marks", "attachment_numbers", "diagnoses_left", "frequency", "replaces_id",
    "original_number",
    "changed_because", "follows_id",
)  # fmt: skip
_ASKED = "Who asked for an export, when, what and why never changes."
_AS_ASKED = (
    "requested_at",
    "requested_by_id",
    "reason",
    "receiver_id",
    "anew_of_id",
    "anew_claim_id",
    "chosen",
    "continues_id",
)
_HEARD = "What was heard of another practice is marked as an error, never changed or removed."
_AS_HEARD = ("patient_id", "entity", "code", "service_date", "known_how", "recorded_at", "recorded_by_id")
_SHEET = "A sheet that was recorded never changes."
_AS_BROUGHT = ("practice_id", "site_id", "day", "name", "sha256", "size", "received_at", "received_by_id")
_VERIFIED = "What was verified of a plan is marked as an error, never changed or removed."
_AS_VERIFIED = (
    "public_id", "coverage_id", "payer_id", "payer_name", "member_id", "verified_on", "how", "asynchronous", "authorisation", "reference",
    "note", "recorded_at", "recorded_by_id",
)  # fmt: skip
_ANSWER = "What a payer answered is kept as it came."
_FILE = ("practice_id", "public_id", "name", "sha256", "size", "received_at", "received_by_id")
_CHECK = (
    "practice_id", "part_id", "amount", "method", "paid_on", "trace", "originator", "received_at", "entered_by_id",
)  # fmt: skip
_JUDGED = (
    "remittance_id", "segment", "claim_identifier", "status_code", "charge", "paid", "patient_share", "out_by", "payer_claim_number",
    "authorisation_number", "predetermination_number", "patient_name", "member_id", "service_date", "remarks", "adjustments",
)  # fmt: skip
_LINE = (
    "payment_id", "number", "code", "submitted_code", "control_number", "service_date", "charge", "paid", "allowed", "units",
    "adjustments", "remarks",
)  # fmt: skip
_RULE = "The rule of a payer is never written over: a change is a row of its own."
_SAID = (
    "public_id", "payer_id", "plan", "code", "valid_from", "source", "verified_on", "covered", "asynchronous", "patient_initiated",
    "new_patient", "patient_billable", "epsdt", "allowed_amount", "requires_companion", "companions", "forbidden_same_day",
    "max_units", "frequencies", "counts_as_evaluation", "age_min", "age_max", "provider_types", "places", "modifiers", "dos_basis",
    "channel", "diagnosis_required", "diagnoses_allowed", "diagnoses_forbidden", "caries_risk_required", "authorisation",
    "authorisation_days", "attachments", "consent_form", "consent_months", "consent_in_language", "filing_days",
    "correction_days", "appeal_days", "second_appeal_days", "external_review", "appeal_signed_by", "narrative_counts",
    "made_at", "made_by_id", "made_name", "supersedes_id",
)  # fmt: skip
_ENDED_ANEW = f"OLD.ended_at IS NOT NULL AND {changed(('ended_at', 'ended_name', 'ended_because'))}"
_LONGER = "OLD.valid_until IS NOT NULL AND (NEW.valid_until IS NULL OR NEW.valid_until > OLD.valid_until)"


def _of_whole(join: str) -> str:
    """SQL: the row belongs to a remittance that was read to its end. One half read is removed and read again."""
    return f"EXISTS (SELECT 1 FROM billing_remittance r {join} AND r.state <> 'reading')"  # noqa: S608 - our own words


GUARDS = (
    append_only("billing_claimevent", "The timeline of a claim"),
    append_only("billing_exportclaim", "What an export took"),
    append_only("billing_attachment", "Attachment numbers"),
    Guard("billing_export", ("UPDATE", "DELETE"), "A finished export never changes.", "OLD.state = 'done'"),
    Guard("billing_export", ("TRUNCATE",), "A finished export never changes."),
    Guard("billing_export", ("UPDATE",), _ASKED, changed(_AS_ASKED), name="billing_export_asked"),
    Guard("billing_export", ("DELETE",), _ASKED, "OLD.reason <> ''", name="billing_export_asked"),
    Guard("billing_claim", ("UPDATE",), _SENT, f"OLD.exported_at IS NOT NULL AND ({changed(_FROZEN)} OR NOT {_STAYS_SENT})"),
    Guard("billing_claim", ("DELETE", "TRUNCATE"), "A claim is never removed."),
    *frozen_rows("billing_claimline", _SENT, _SENT_PARENT, name="billing_claimline_of_sent"),
    Guard("billing_claimline", ("TRUNCATE",), _SENT),
    Guard("billing_seenelsewhere", ("DELETE", "TRUNCATE"), _HEARD),
    Guard("billing_seenelsewhere", ("UPDATE",), _HEARD, f"OLD.error_at IS NOT NULL OR {changed(_AS_HEARD)}"),
    Guard(
        "billing_controlnumber", ("UPDATE",), "Control numbers only rise.", "NEW.value < OLD.value OR NEW.receiver_id <> OLD.receiver_id"
    ),
    Guard("billing_controlnumber", ("DELETE", "TRUNCATE"), "Control numbers only rise."),
    Guard("billing_edifile", ("UPDATE",), _ANSWER, f"OLD.state IN ('read', 'refused') OR {changed(_FILE)}"),
    Guard("billing_edifile", ("DELETE",), _ANSWER, "OLD.state <> 'announced'"),
    Guard("billing_edifile", ("TRUNCATE",), _ANSWER),
    Guard("billing_edipart", ("UPDATE", "TRUNCATE"), _ANSWER),
    Guard("billing_edipart", ("DELETE",), _ANSWER, "OLD.state <> 'taken'"),
    Guard("billing_payerrule", ("UPDATE",), _RULE, f"{changed(_SAID)} OR NOT OLD.active OR ({_LONGER}) OR ({_ENDED_ANEW})"),
    Guard("billing_payerrule", ("DELETE", "TRUNCATE"), _RULE),
    append_only("billing_acknowledgement", "Acknowledgements"),
    Guard("billing_remittance", ("UPDATE",), _ANSWER, f"OLD.state IN ('held', 'posted') OR {changed(_CHECK)}"),
    Guard("billing_remittance", ("DELETE",), _ANSWER, "OLD.state <> 'reading'"),
    Guard("billing_remittance", ("TRUNCATE",), _ANSWER),
    Guard("billing_provideradjustment", ("UPDATE", "TRUNCATE"), _ANSWER),
    Guard("billing_provideradjustment", ("DELETE",), _ANSWER, _of_whole("WHERE r.id = OLD.remittance_id")),
    Guard("billing_claimpayment", ("UPDATE",), _ANSWER, f"OLD.state IN ('posted', 'noted') OR {changed(_JUDGED)}"),
    Guard("billing_claimpayment", ("DELETE",), _ANSWER, _of_whole("WHERE r.id = OLD.remittance_id")),
    Guard("billing_claimpayment", ("TRUNCATE",), _ANSWER),
    Guard("billing_linepayment", ("UPDATE",), _ANSWER, f"OLD.line_id IS NOT NULL OR {changed(_LINE)}"),
    Guard(
        "billing_linepayment", ("DELETE",), _ANSWER,
        _of_whole("JOIN billing_claimpayment p ON p.remittance_id = r.id WHERE p.id = OLD.payment_id"),
    ),
    Guard("billing_linepayment", ("TRUNCATE",), _ANSWER),
    Guard("billing_paperscan", ("UPDATE",), _ANSWER, "OLD.remittance_id IS NOT NULL"),
    Guard("billing_paperscan", ("DELETE",), _ANSWER, "OLD.state <> 'announced'"),
    Guard("billing_paperscan", ("TRUNCATE",), _ANSWER),
    append_only("billing_paperpage", "Pages of a scan"),
    Guard("billing_verification", ("DELETE", "TRUNCATE"), _VERIFIED),
    Guard("billing_verification", ("UPDATE",), _VERIFIED, f"OLD.error_at IS NOT NULL OR {changed(_AS_VERIFIED)}"),
    Guard("billing_coveragesheet", ("UPDATE",), _SHEET, f"OLD.state IN ('recorded', 'refused') OR {changed(_AS_BROUGHT)}"),
    Guard("billing_coveragesheet", ("DELETE",), _SHEET, "OLD.state <> 'announced'"),
    Guard("billing_coveragesheet", ("TRUNCATE",), _SHEET),
    *GUARDS_OF_APPEALS,
    *GUARDS_OF_AUTHORISATIONS,
)  # fmt: skip
