"""How every guard is tried: for each trigger, statements of raw SQL that it has to refuse. A guard without a line fails.

In braces stand rows of the stage (`tests.guards.test_every_guard`): {signed_case} and {open_case}, {signed_review} and
{open_review}, {signed_question} and {open_question}, {sent} and {unsent} claims, the line {listed} of a made list.
{but:column=value} lists the columns of the table without its key, one of them with another value. REPLACE is made from
DELETE and INSERT, TRUNCATE needs no line.
"""

Tries = dict[str, tuple[str, ...]]
ANOTHER_ID = "00000000000000000000000000000009"


def kept(table: str, column: str) -> Tries:
    """Rows that may only be added."""
    return {"UPDATE": (f"UPDATE {table} SET {column} = {column}",), "DELETE": (f"DELETE FROM {table}",)}


def changes(table: str, where: str, *said: str) -> tuple[str, ...]:
    """One UPDATE for each of these assignments; a name alone stands for a key or a text that becomes another one."""
    return tuple(f"UPDATE {table} SET {one if '=' in one else _another(one)} WHERE {where}" for one in said)


def _another(column: str) -> str:
    if column.endswith("_id") and column != "public_id":
        return f"{column} = COALESCE({column}, 0) + 900"
    value = ANOTHER_ID if column == "public_id" else "2020-01-01" if column.endswith(("_at", "day")) else "another"
    return f"{column} = '{value}'"


def held(table: str, column: str, parent: str, whole: str, other: str, rows: str = "TRUE") -> Tries:
    """Rows of a whole that stands still (`whole`), changed in place, moved out, moved in from `other`, added, removed."""
    of_whole, of_other = f"{parent} = {whole} AND {rows}", f"{parent} = {other} AND {rows}"
    copied = f"({{but}}) SELECT {{but:{parent}={whole}}} FROM {table} WHERE {of_other}"
    return {
        "INSERT": (f"INSERT INTO {table} {copied}",),
        "UPDATE": (
            f"UPDATE {table} SET {column} = {column} WHERE {of_whole}",
            f"UPDATE {table} SET {parent} = {other} WHERE {of_whole}",
            f"UPDATE {table} SET {parent} = {whole} WHERE {of_other}",
        ),
        "DELETE": (f"DELETE FROM {table} WHERE {of_whole}",),
    }


REVIEW = ("review_id", "{signed_review}", "{open_review}")
CASE = ("case_id", "{signed_case}", "{open_case}")
QUESTION = ("request_id", "{signed_question}", "{open_question}")
CLAIM = ("claim_id", "{sent}", "{unsent}")

_CLAIM_CHANGES = (
    "facts = '{}'", "draft = '{}'", "total = total + 1", "service_date = '2020-01-01'", "service_date = NULL", "claim_id = 'T1'",
    "number = number + 900", "practice_id = practice_id + 900", "case_id = {open_case}", "part = 'hygienist'",
    "coverage_id = coverage_id + 900", "coverage_id = NULL", "status = 'ready', exported_at = NULL", "exported_at = made_at",
    f"public_id = '{ANOTHER_ID}'", "made_at = '2020-01-01'", "with_marks = NOT with_marks", "diagnoses_left = '[1]'",
)  # fmt: skip

_RULE_CHANGES = (
    f"public_id = '{ANOTHER_ID}'", "payer_id", "plan = 'MC'", "code = 'D0999'", "valid_from = '2019-01-01'", "source",
    "verified_on = '2019-01-01'", "covered = 'no'", "asynchronous = 'no'", "patient_initiated = 'no'", "new_patient = 'no'",
    "patient_billable = 'no'", "epsdt = 'no'", "allowed_amount = 1", "requires_companion = NOT requires_companion",
    "companions = '[1]'", "forbidden_same_day = '[1]'", "max_units = 9", "frequencies = '[1]'", "counts_as_evaluation = 'no'",
    "age_min = 9", "age_max = 99", "provider_types = '[1]'", "places = '[1]'", "modifiers = '[1]'", "dos_basis = 'capture'",
    "channel = 'paper'", "diagnosis_required = NOT diagnosis_required", "diagnoses_allowed = '[1]'",
    "diagnoses_forbidden = '[1]'", "caries_risk_required = NOT caries_risk_required", "authorisation = 'always'",
    "authorisation_days = 9", "attachments = '[1]'", "consent_form = 'verbal'", "consent_months = 9",
    "consent_in_language = NOT consent_in_language", "filing_days = 9", "correction_days = 9", "appeal_days = 9",
    "second_appeal_days = 9", "external_review = 'no'", "appeal_signed_by = 'nobody'", "narrative_counts = 'no'",
    "made_at = '2019-01-01'", "made_by_id", "made_name", "supersedes_id",
)  # fmt: skip

_OF_REQUEST = "authorisation_id IN (SELECT id FROM billing_authorisation WHERE status = '{}')"

TABLE: dict[str, Tries] = {
    "cases_caseevent": kept("cases_caseevent", "kind"),
    "cases_submission": kept("cases_submission", "person_name"),
    "cases_signature": kept("cases_signature", "person_name"),
    "cases_addendum": kept("cases_addendum", "text"),
    "cases_retraction": kept("cases_retraction", "explanation"),
    "cases_formpagechange": kept("cases_formpagechange", "was"),
    "cases_consent": kept("cases_consent", "signer_name"),
    "files_storedfile": kept("files_storedfile", "key"),
    "accounts_accessseal": kept("accounts_accessseal", "count"),
    "billing_claimevent": kept("billing_claimevent", "kind"),
    "billing_exportclaim": kept("billing_exportclaim", "total"),
    "billing_payerrule": {
        "UPDATE": (
            *changes("billing_payerrule", "active", *_RULE_CHANGES),
            *changes("billing_payerrule", "active AND valid_until IS NOT NULL", "valid_until = NULL", "valid_until = '2090-01-01'"),
            *changes("billing_payerrule", "NOT active", "active = TRUE", "valid_until = '2020-01-01'"),
        ),
        "DELETE": ("DELETE FROM billing_payerrule",),
    },
    "billing_attachment": kept("billing_attachment", "control_number"),
    "billing_verification": {
        "UPDATE": (
            *changes("billing_verification", "error_at IS NULL", "public_id", "coverage_id", "payer_id", "payer_name",
                     "member_id = 'another'", "verified_on = '2020-01-01'", "how = 'other'", "asynchronous = 'covered'",
                     "authorisation = 'needed'", "reference", "note", "recorded_at", "recorded_by_id"),
            *changes("billing_verification", "error_at IS NOT NULL", "error_reason",
                     "error_at = NULL, error_by_id = NULL, error_reason = ''"),
        ),
        "DELETE": ("DELETE FROM billing_verification",),
    },
    "billing_authorisation": {
        "UPDATE": changes(
            "billing_authorisation", "status = 'drafted'", "public_id", "practice_id", "request_id = 'another'",
            "kind = 'predetermination'", "coverage_id", "payer_id", "payer_name", "member_id = 'another'", "case_id",
            "reason", "made_at", "made_by_id",
        ),
        "DELETE": ("DELETE FROM billing_authorisation",),
    },
    "billing_authorisation_sent": {
        "UPDATE": changes(
            "billing_authorisation", "status = 'sent'", "sent_on = '2020-01-01'", "sent_how = 'mail'", "sent_reference", "sent_at",
            "sent_by_id", "status = 'drafted', sent_on = NULL, sent_how = '', sent_reference = '', sent_at = NULL, sent_by_id = NULL",
        ),
    },
    "billing_authorisation_answered": {
        "UPDATE": changes(
            "billing_authorisation", "status = 'approved'", "number", "answered_on = '2020-01-01'", "valid_from = '2020-01-01'",
            "valid_until = NULL", "valid_until = '2090-01-01'", "refused_because", "note", "answered_at", "answered_by_id",
            "status = 'refused'", "status = 'sent'",
        ),
    },
    "billing_authorisation_ended": {
        "UPDATE": changes(
            "billing_authorisation", "status = 'in_error'", "ended_because", "ended_at", "ended_by_id", "status = 'withdrawn'",
            "revision = revision + 1",
        ),
    },
    "billing_authorisedline": {
        "INSERT": tuple(
            "INSERT INTO billing_authorisedline ({but}) SELECT {but:number=number + 900} FROM billing_authorisedline WHERE"
            f" authorisation_id IN (SELECT id FROM billing_authorisation WHERE status = '{status}')"
            for status in ("sent", "approved", "in_error")
        ),
        "UPDATE": (
            *changes("billing_authorisedline", _OF_REQUEST.format("drafted"), "authorisation_id", "number = number + 900",
                     "code = 'D0999'", "tooth = '9'", "units = 9"),
            *changes("billing_authorisedline", _OF_REQUEST.format("approved"), "units_approved = 9", "allowed = 1",
                     "patient_share = 1"),
        ),
        "DELETE": ("DELETE FROM billing_authorisedline",),
    },
    "billing_authorisationevent": kept("billing_authorisationevent", "kind"),
    "billing_filedrequest": kept("billing_filedrequest", "total"),
    "billing_requestfile": {
        "UPDATE": ("UPDATE billing_requestfile SET request_count = 2 WHERE state = 'done'",),
        "DELETE": ("DELETE FROM billing_requestfile WHERE state = 'done'",),
    },
    "billing_requestfile_asked": {
        "UPDATE": changes(
            "billing_requestfile", "state <> 'done'", "public_id", "requested_at", "requested_by_id", "receiver_id", "chosen = '[9]'"
        ),
    },
    "billing_coveragesheet": {
        "UPDATE": (
            *changes("billing_coveragesheet", "state = 'readable'", "practice_id", "site_id", "day", "name", "sha256", "size = size + 1",
                     "received_at", "received_by_id"),
            *changes("billing_coveragesheet", "state = 'recorded'", "rows = '[]'", "recorded = recorded + 1",
                     "state = 'readable', recorded = 0, recorded_at = NULL, recorded_by_id = NULL"),
        ),
        "DELETE": ("DELETE FROM billing_coveragesheet",),
    },
    "cases_review": {
        "INSERT": ("INSERT INTO cases_review ({but}) SELECT {but:signed_at=started_at} FROM cases_review WHERE id = {open_review}",),
        "UPDATE": (
            "UPDATE cases_review SET advice = advice WHERE id = {signed_review}",
            "UPDATE cases_review SET signed_at = NULL WHERE id = {signed_review}",
        ),
        "DELETE": ("DELETE FROM cases_review WHERE id = {signed_review}",),
    },
    "cases_reviewdiagnosis_of_signed": held("cases_reviewdiagnosis", "gloss", *REVIEW),
    "cases_planline_of_signed": held("cases_planline", "what", *REVIEW),
    "cases_viewreading_of_signed": held("cases_viewreading", "reason", *REVIEW),
    "cases_finding_of_signed": held("cases_finding", "note", *REVIEW),
    "cases_finding_of_signed_case": held("cases_finding", "note", *CASE, rows="review_id IS NULL"),
    "cases_onsiteservice_of_signed_case": held("cases_onsiteservice", "code", *CASE),
    "cases_saidindicator_of_signed_case": held("cases_saidindicator", "reason", *CASE),
    "cases_inforequest_of_signed_case": held("cases_inforequest", "answered_at", *CASE),
    "cases_infoitem_of_signed_case": held("cases_infoitem", "answer", *QUESTION),
    "cases_asset_of_signed_case": held("cases_asset", "view", *CASE),
    "cases_consentscope": {
        "UPDATE": tuple(
            f"UPDATE cases_consentscope SET {change}"
            for change in (
                "given = NOT given", "scope = 'teaching' WHERE scope = 'school'", "consent_id = consent_id + 900",
                "withdrawn_reason = '' WHERE withdrawn_at IS NOT NULL",
                "withdrawn_at = NULL, withdrawn_by_id = NULL WHERE withdrawn_at IS NOT NULL",
            )
        ),
        "DELETE": ("DELETE FROM cases_consentscope",),
    },
    "cases_annotation_of_signed": held("cases_annotation", "text", *REVIEW),
    "cases_followup": kept("cases_followup", "told_to"),
    "cases_forward": kept("cases_forward", "receipt"),
    "cases_forwardedmark": kept("cases_forwardedmark", "note"),
    "cases_recoverykey": kept("cases_recoverykey", "spki"),
    "cases_settlement": kept("cases_settlement", "text"),
    "cases_secondread": {
        "INSERT": (
            "INSERT INTO cases_secondread ({but}) SELECT {but:signed_at=asked_at} FROM cases_secondread WHERE signed_at IS NULL",
        ),
        "UPDATE": (
            *changes("cases_secondread", "signed_at IS NOT NULL", "conclusions", "signed_at = NULL", "differs_at = asked_at",
                     "differs_in = 'outcome'", "differs_at = NULL"),
            *changes("cases_secondread", "signed_at IS NULL", "differs_in = 'outcome'"),
        ),
        "DELETE": ("DELETE FROM cases_secondread WHERE signed_at IS NOT NULL", "DELETE FROM cases_secondread WHERE signed_at IS NULL"),
    },
    "cases_secondread_asked": {
        "UPDATE": changes(
            "cases_secondread", "signed_at IS NULL", "public_id", "case_id", "reader_id", "asked_by_id", "asked_at", "question",
        )
    },
    "cases_report": {
        "UPDATE": (
            *changes("cases_report", "state = 'queued'", "public_id", "case_id", "audience = 'colleague'", "language = 'es'", "digest",
                     "document = '{}'", "requested_by_id", "requested_at"),
            *changes("cases_report", "state = 'done'", "state = 'queued'", "file_id = NULL", "file_id", "digest"),
        ),
        "DELETE": ("DELETE FROM cases_report",),
    },
    "cases_letter": kept("cases_letter", "addressee"),
    "cases_letterrun": {
        "UPDATE": (
            *changes("cases_letterrun", "state = 'queued'", "public_id", "practice_id", "site_id", "day", "case_id", "language = 'uk'",
                     "requested_by_id", "requested_at"),
            *changes("cases_letterrun", "state = 'done'", "state = 'queued', file_id = NULL", "file_id", "total = total + 1",
                     "written = written + 1", "left_out = '[1]'", "day"),
        ),
        "DELETE": ("DELETE FROM cases_letterrun",),
    },
    "cases_letterrun_out": {
        "UPDATE": (
            *changes("cases_letterrun", "handed_at IS NOT NULL", "handed_by_id", "handed_at", "handed_how",
                     "handed_at = NULL, handed_by_id = NULL, handed_how = ''"),
            *changes("cases_letterrun", "state = 'queued'",
                     "handed_at = requested_at, handed_by_id = requested_by_id, handed_how = 'Post'"),
        )
    },
    "cases_referral": {
        "UPDATE": (
            *changes("cases_referral", "state = 'queued'", "public_id", "case_id", "place_id", "\"to\" = '{}'", "urgency = 'routine'",
                     "reason", "pictures = '[1]'", "letter = '{}'", "report = '{}'", "digest", "requested_by_id", "requested_at"),
            *changes("cases_referral", "state = 'done'", "state = 'queued', file_id = NULL", "file_id", "reason"),
        ),
        "DELETE": ("DELETE FROM cases_referral",),
    },
    "cases_referral_out": {
        "UPDATE": (
            *changes("cases_referral", "sent_at IS NOT NULL", "sent_by_id", "sent_at", "sent_how",
                     "sent_at = NULL, sent_by_id = NULL, sent_how = ''"),
            "UPDATE cases_referral SET sent_at = requested_at, sent_by_id = requested_by_id, sent_how = 'Post' WHERE state = 'queued'",
        )
    },
    "cases_schoollist": {
        "UPDATE": (
            *changes("cases_schoollist", "state = 'queued'", "public_id", "practice_id", "site_id", "first_day", "last_day = '2030-01-01'",
                     "made_for", "withheld = withheld + 1", "requested_by_id", "requested_at"),
            *changes("cases_schoollist", "state = 'done'", "state = 'queued', file_id = NULL", "file_id", "made_for"),
        ),
        "DELETE": ("DELETE FROM cases_schoollist",),
    },
    "cases_schoollistline": {
        "INSERT": (
            "INSERT INTO cases_schoollistline ({but}) SELECT {but:case_id={open_case}} FROM cases_schoollistline WHERE id = {listed}",
        ),
        **kept("cases_schoollistline", "word"),
    },
    "cases_order_counts": {
        "INSERT": tuple(
            f"INSERT INTO cases_order ({{but}}) SELECT {but} FROM cases_order WHERE {rows}"
            for but, rows in (
                ("{but:tooth='ULC'}", "status = 'open' AND review_id IS NOT NULL"),  # on a signed review
                ("{but:case_id={open_case}}", "status = 'open' AND review_id IS NULL"),  # on a case that nobody signed
                ("{but:review_id={open_review}}", "status = 'open' AND review_id IS NULL"),
                ("{but:visit_id={open_case}}", "status = 'open' AND review_id IS NULL"),
                ("{but:status='expired'}", "status = 'open' AND review_id IS NULL"),
            )
        ),
        "UPDATE": ("UPDATE cases_order SET status = 'open', counts_from = made_at WHERE status = 'drafted'",),
    },
    "cases_order_of_signed": {
        "INSERT": ("INSERT INTO cases_order ({but}) SELECT {but:review_id={signed_review}} FROM cases_order WHERE status = 'drafted'",),
        "UPDATE": ("UPDATE cases_order SET review_id = {signed_review} WHERE status = 'drafted'",),
    },
    "cases_order": {
        "UPDATE": tuple(
            f"UPDATE cases_order SET {change} WHERE status <> 'drafted'"
            for change in (
                "reason = 'Another'", "tooth = 'ULC'", "kind = 'bitewings'", "valid_until = '2020-01-01'", "case_id = {open_case}",
                "review_id = NULL", "status = 'drafted', counts_from = NULL", "counts_from = '2020-01-01'",
            )
        ),
        "DELETE": ("DELETE FROM cases_order WHERE status <> 'drafted'",),
    },
    "cases_sendinglink_made": {
        "UPDATE": changes(
            "cases_sendinglink", "case_id IS NULL", "public_id", "practice_id", "site_id", "kind", "why", "language = 'xx'",
            "asks_birth_date = NOT asks_birth_date", "token_sha256", "made_by_id", "made_at", "expires_at",
        )
    },
    "cases_sendinglink_used": {
        "UPDATE": (
            *changes("cases_sendinglink", "case_id IS NOT NULL", "case_id = NULL", "signer_name", "signer_authority", "sent_at = NULL"),
            *changes("cases_sendinglink", "sent_at IS NOT NULL", "sender_name", "sender_authority"),
            "UPDATE cases_sendinglink SET revoked_at = NULL, revoked_by_id = NULL WHERE revoked_at IS NOT NULL",
            *changes("cases_sendinglink", "revoked_at IS NOT NULL", "revoked_by_id", "sent_at", "case_id = {open_case}"),
            "UPDATE cases_sendinglink SET tries_left = tries_left + 1",
        )
    },
    "cases_sendinglink_of_patient": {"UPDATE": ("UPDATE cases_sendinglink SET patient_id = patient_id + 900",)},
    "cases_sendinglink": {"DELETE": ("DELETE FROM cases_sendinglink",)},
    "cases_consultation_made": {
        "UPDATE": changes(
            "cases_consultation", "TRUE", "public_id", "practice_id", "site_id", "colleague", "office", "phone", "token_sha256",
            "made_by_id", "made_at", "expires_at",
        )
    },
    "cases_consultation_asked": {
        "UPDATE": (
            *changes("cases_consultation", "case_id IS NOT NULL", "said = '{}'", "sent_at = '2020-01-01'", "case_id = {open_case}"),
            *changes("cases_consultation", "revoked_at IS NOT NULL", "revoked_at = NULL, revoked_by_id = NULL", "revoked_by_id"),
            *changes("cases_consultation", "closed_at IS NOT NULL", "closed_because", "closed_by_id",
                     "closed_at = NULL, closed_by_id = NULL, closed_because = ''"),
            "UPDATE cases_consultation SET tries_left = tries_left + 1",
        )
    },
    "cases_case_of_consultation": {
        "UPDATE": changes("cases_case", "consultation_id IS NOT NULL", "consultation_id", "origin = 'site', consultation_id = NULL")
    },
    "cases_consultation": {"DELETE": ("DELETE FROM cases_consultation",)},
    "cases_case_of_patient": {"UPDATE": ("UPDATE cases_case SET patient_id = patient_id + 900",)},
    "cases_patient_merged": {
        "UPDATE": (
            "UPDATE cases_patient SET merged_into_id = id + 900 WHERE merged_into_id IS NULL",
            "UPDATE cases_patient SET merged_into_id = NULL WHERE merged_into_id IS NOT NULL",
        )
    },
    "cases_patientmerge": {
        "UPDATE": (
            *changes("cases_patientmerge", "undone_at IS NULL", "public_id", "practice_id", "kept_id", "merged_id", "reason",
                     "at = '2020-01-01'", "person_id", "person_name", "moved = '[]'", "\"left\" = '[1]'",
                     "undone_at = at, undone_by_id = person_id, undone_reason = 'Two children', person_name = 'Another'"),
            *changes("cases_patientmerge", "undone_at IS NOT NULL", "undone_reason",
                     "undone_at = NULL, undone_by_id = NULL, undone_reason = ''"),
        ),
        "DELETE": ("DELETE FROM cases_patientmerge",),
    },
    "billing_export_asked": {
        "UPDATE": (
            "UPDATE billing_export SET reason = 'Another' WHERE reason <> ''",
            "UPDATE billing_export SET anew_claim_id = NULL WHERE anew_claim_id IS NOT NULL",
        ),
        "DELETE": ("DELETE FROM billing_export WHERE reason <> ''",),
    },
    "billing_seenelsewhere": {
        "UPDATE": (
            "UPDATE billing_seenelsewhere SET entity = 'Another'", "UPDATE billing_seenelsewhere SET service_date = '2020-01-01'",
        ),
        "DELETE": ("DELETE FROM billing_seenelsewhere",),
    },
    "cases_asset": {
        "UPDATE": (
            "UPDATE cases_asset SET original_id = NULL WHERE original_id IS NOT NULL",
            "UPDATE cases_asset SET original_id = original_id + 1 WHERE original_id IS NOT NULL",
        ),
        "DELETE": ("DELETE FROM cases_asset WHERE original_id IS NOT NULL",),
    },
    "billing_export": {
        "UPDATE": ("UPDATE billing_export SET claim_count = 2 WHERE state = 'done'",),
        "DELETE": ("DELETE FROM billing_export WHERE state = 'done'",),
    },
    "billing_claim": {
        "UPDATE": tuple(f"UPDATE billing_claim SET {change} WHERE id = {{sent}}" for change in _CLAIM_CHANGES),
        "DELETE": ("DELETE FROM billing_claim WHERE id = {unsent}", "DELETE FROM billing_claim WHERE id = {sent}"),
    },
    "billing_claimline_of_sent": held("billing_claimline", "charge", *CLAIM),
    "billing_edifile": {
        "UPDATE": changes("billing_edifile", "state <> 'queued'", "name", "sha256", "received_at", "bytes_read = 0"),
        "DELETE": ("DELETE FROM billing_edifile",),
    },
    "billing_edipart": {
        "UPDATE": ("UPDATE billing_edipart SET reason = 'Another'",),
        "DELETE": ("DELETE FROM billing_edipart WHERE state = 'refused'",),
    },
    "billing_acknowledgement": kept("billing_acknowledgement", "message"),
    "billing_remittance": {
        "UPDATE": changes("billing_remittance", "state = 'posted'", "amount = amount + 1", "trace", "state = 'posting', posted_at = NULL"),
        "DELETE": ("DELETE FROM billing_remittance WHERE state = 'posted'",),
    },
    "billing_provideradjustment": {
        "UPDATE": ("UPDATE billing_provideradjustment SET amount = amount + 1",),
        "DELETE": ("DELETE FROM billing_provideradjustment",),
    },
    "billing_claimpayment": {
        "UPDATE": (
            "UPDATE billing_claimpayment SET state = 'read', claim_id = NULL, posted_at = NULL WHERE state = 'posted'",
            "UPDATE billing_claimpayment SET paid = paid + 1 WHERE state = 'waiting'",
            "UPDATE billing_claimpayment SET claim_identifier = 'T1' WHERE state = 'waiting'",
        ),
        "DELETE": ("DELETE FROM billing_claimpayment",),
    },
    "billing_linepayment": {
        "UPDATE": (
            "UPDATE billing_linepayment SET line_id = NULL WHERE line_id IS NOT NULL",
            "UPDATE billing_linepayment SET paid = paid + 1 WHERE line_id IS NULL",
        ),
        "DELETE": ("DELETE FROM billing_linepayment",),
    },
    "billing_paperscan": {
        "UPDATE": changes("billing_paperscan", "remittance_id IS NOT NULL", "name", "sha256", "remittance_id = NULL"),
        "DELETE": ("DELETE FROM billing_paperscan WHERE remittance_id IS NOT NULL",),
    },
    "billing_paperpage": {
        "UPDATE": ("UPDATE billing_paperpage SET width = 2",),
        "DELETE": ("DELETE FROM billing_paperpage",),
    },
    "billing_appeal": {
        "UPDATE": changes(
            "billing_appeal", "sent_at IS NOT NULL", "letter = '{}'", "letter_digest", "note", "quotes = '[1]'", "denied_at", "claim_id",
            "packet_id", "sent_how = 'mail'", "sent_reference", "signed_name", "status = 'drafted'",
        ),
        "DELETE": ("DELETE FROM billing_appeal",),
    },
    "billing_appeal_signed": {
        "UPDATE": changes(
            "billing_appeal", "signed_at IS NOT NULL", "letter = '{}'", "letter_digest", "signed_name", "signed_digest", "note",
        ),
    },
    "billing_appealline": {
        **kept("billing_appealline", "outcome"),
        "INSERT": ("INSERT INTO billing_appealline ({but}) SELECT {but:line_id=line_id + 900} FROM billing_appealline",),
    },
    "billing_controlnumber": {
        "UPDATE": (
            "UPDATE billing_controlnumber SET value = value - 1",
            "UPDATE billing_controlnumber SET receiver_id = receiver_id + 900",
        ),
        "DELETE": ("DELETE FROM billing_controlnumber",),
    },
}  # fmt: skip
