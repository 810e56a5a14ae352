"""Rules about the case: signed, consented, evaluated from stored records."""

from billing.claims.facts import ASYNCHRONOUS, SYNCHRONOUS, ClaimFacts
from billing.claims.lines import ClaimDraft
from billing.claims.rule import Rule


def _is_unsigned(facts: ClaimFacts, _draft: ClaimDraft) -> bool:
    unfinished = facts.case.status in ("DRAFT", "SUBMITTED", "IN_REVIEW", "NEEDS_INFO")
    return unfinished or (facts.case.signed_at is None and not _has_ended(facts, _draft))


def _is_unsubmitted(facts: ClaimFacts, _draft: ClaimDraft) -> bool:
    return facts.case.status == "DRAFT"


def _has_ended(facts: ClaimFacts, _draft: ClaimDraft) -> bool:
    return facts.case.status in ("RETRACTED", "STOPPED", "WITHDRAWN")


def _may_not_bill(facts: ClaimFacts, _draft: ClaimDraft) -> bool:
    return not facts.case.consents.bill_insurance


def _has_no_signature_on_file(facts: ClaimFacts, _draft: ClaimDraft) -> bool:
    return not facts.case.consents.signature_on_file


def _has_no_teledentistry_consent(facts: ClaimFacts, _draft: ClaimDraft) -> bool:
    return not facts.case.consents.teledentistry


def _lacks_capture_consent(facts: ClaimFacts, _draft: ClaimDraft) -> str:
    return ", ".join(facts.case.consents.lacking)


def _has_no_evaluation(facts: ClaimFacts, _draft: ClaimDraft) -> bool:
    return not facts.case.evaluation_code


def _was_live(facts: ClaimFacts, _draft: ClaimDraft) -> bool:
    return facts.case.encounter_code == SYNCHRONOUS


def _lacks_encounter_code(facts: ClaimFacts, _draft: ClaimDraft) -> bool:
    return bool(facts.case.evaluation_code) and facts.case.encounter_code not in (ASYNCHRONOUS, SYNCHRONOUS)


def _may_have_been_live(facts: ClaimFacts, draft: ClaimDraft) -> bool:
    return not facts.case.no_live_contact and not _was_live(facts, draft)


def _same_building(facts: ClaimFacts, _draft: ClaimDraft) -> bool:
    return not facts.case.not_same_building


def _outcome_is_pending(facts: ClaimFacts, _draft: ClaimDraft) -> bool:
    wanted = facts.coverage is not None and facts.coverage.payer.outcome_told_required
    return wanted and facts.case.outcome != "told"


def _gives_no_reason(facts: ClaimFacts, _draft: ClaimDraft) -> bool:
    return not facts.case.why_store_and_forward.strip()


CASE_RULES: tuple[Rule, ...] = (
    Rule(
        "RE-5.ended", "RE-5, CO-2", "blocks", "case",
        "This case was retracted, stopped or withdrawn. Nothing of it can be billed; a claim already sent is voided.",
        _has_ended,
    ),
    Rule(
        "RE-5.unsigned", "RE-5", "blocks", "case",
        "The dentist has not signed this case yet. The claim can be sent when the review is signed.",
        _is_unsigned, part="dentist",
    ),
    Rule(
        "CA-6.unsubmitted", "CA-6", "blocks", "case",
        "The hygienist has not submitted this case yet. Her claim can be sent when she has.",
        _is_unsubmitted, part="hygienist",
    ),
    Rule(
        "CO-1.bill", "CO-1, CO-2, CL-7", "blocks", "consent",
        "There is no consent in force to bill insurance. Ask for it, or end the claim with “do not bill”.",
        _may_not_bill,
    ),
    Rule(
        "CO-1.signature", "CO-1, CO-2", "blocks", "consent",
        "No signature on file covers release to and payment by the insurer. Record it with the consent.",
        _has_no_signature_on_file,
    ),
    Rule(
        "CO-2.teledentistry", "CO-2", "blocks", "consent",
        "There is no teledentistry consent in force. Check whether it was withdrawn or has run out.",
        _has_no_teledentistry_consent,
    ),
    Rule(
        "CO-2.capture", "CO-2", "blocks", "consent",
        "There is no consent in force for {what} any more, so nothing of this case goes to an insurer. Ask the family, or "
        "end the claim with “do not bill”.",
        _lacks_capture_consent,
    ),
    Rule(
        "RE-4.no-evaluation", "RE-4", "blocks", "do-not-bill",
        "The dentist signed without an evaluation, so there is nothing to bill. End the claim with “do not bill”; an "
        "evaluation that is made later, in person or of better records, makes a claim of its own.",
        _has_no_evaluation, part="dentist",
    ),
    Rule(
        "RE-3.live", "RE-3, CL-7", "blocks", "do-not-bill",
        "The record says that this evaluation was made live (D9995), so D9996 does not apply. Bill the live visit outside "
        "Teledent and end this claim with “do not bill”. If nothing was live, the dentist retracts and signs anew.",
        _was_live, part="dentist",
    ),
    Rule(
        "CL-7.encounter", "CL-7", "blocks", "case",
        "The record carries no encounter code for this evaluation. It needs D9996 before it can be billed.",
        _lacks_encounter_code, part="dentist",
    ),
    Rule(
        "RE-3.live-contact", "RE-3", "blocks", "case",
        "The dentist has not attested that the evaluation was made without live contact with the patient.",
        _may_have_been_live, part="dentist",
    ),
    Rule(
        "RE-3.same-building", "RE-3", "blocks", "case",
        "The dentist has not attested to reading in another building than the patient's. D9996 is for another place.",
        _same_building, part="dentist",
    ),
    Rule(
        "CH-2.outcome", "CH-2, payer profile", "blocks", "outcome",
        "This payer wants the outcome told before the claim. Record to whom the advice was told, how and when.",
        _outcome_is_pending, part="dentist",
    ),
    Rule(
        "CA-4.reason", "CA-4", "warns", "case",
        "The record does not say why store-and-forward was used. A payer may ask.",
        _gives_no_reason, part="dentist",
    ),
)  # fmt: skip
