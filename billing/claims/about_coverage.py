"""Rules about the coverage and the payer's profile."""

from collections.abc import Callable
from datetime import date

from billing.claims.facts import ASYNCHRONOUS, CardName, ClaimFacts, Coverage, Verified, within
from billing.claims.latin import to_latin, unwritable
from billing.claims.lines import ClaimDraft, rule_of
from billing.claims.rule import Look, Rule
from billing.claims.verified import answered, counting, is_old, known
from teledent.kit.clock import day_in_words

FILING_CODES = frozenset(
    ["11", "12", "13", "14", "15", "16", "17", "AM", "BL", "CH", "CI", "DS", "FI", "HM", "LM", "MA", "MB", "MC", "OF",
     "TV", "VA", "WC", "ZZ"]
)  # fmt: skip
RELATIONSHIPS = frozenset(["18", "01", "19", "20", "21", "39", "40", "53", "G8"])


def _covered(look: Callable[[Coverage, ClaimDraft], bool | str]) -> Look:
    """A look at the coverage that has nothing to say while there is none."""
    return lambda facts, draft: facts.coverage is not None and look(facts.coverage, draft)


def _is_missing(facts: ClaimFacts, _draft: ClaimDraft) -> bool:
    return facts.coverage is None


def _said_by_rule(facts: ClaimFacts, draft: ClaimDraft) -> bool:
    """Whether a dated rule of the day says if D9996 is covered: it goes before the profile."""
    rule = rule_of(facts, ASYNCHRONOUS, draft.service_date)
    return rule is not None and rule.covered != "unknown"


def _is_not_taken(facts: ClaimFacts, draft: ClaimDraft) -> str:
    coverage = facts.coverage
    if coverage is None or coverage.payer.takes_asynchronous != "no" or _said_by_rule(facts, draft):
        return ""
    return coverage.payer.name


def _may_not_be_taken(facts: ClaimFacts, draft: ClaimDraft) -> str:
    """Silent where the plan itself has answered for this patient, or a dated rule says it."""
    coverage = facts.coverage
    if coverage is None or coverage.payer.takes_asynchronous != "unknown" or _said_by_rule(facts, draft):
        return ""
    return coverage.payer.name if _plan_says(coverage, draft)[0] == "unknown" else ""


def _is_not_covered(coverage: Coverage, draft: ClaimDraft) -> str:
    said, on = _plan_says(coverage, draft)
    return day_in_words(on) if said == "not_covered" else ""


def _is_not_in_force(coverage: Coverage, draft: ClaimDraft) -> str:
    in_force = within(draft.service_date, coverage.valid_from, coverage.valid_until)
    return "" if in_force else day_in_words(draft.service_date)


def _plan_says(coverage: Coverage, draft: ClaimDraft) -> tuple[str, date]:
    """What the plan says of asynchronous teledentistry for the date of service, and when it said so."""
    told = _counting(coverage, draft)
    return answered(known(coverage), told, "says") if told else ("unknown", draft.service_date)


def _counting(coverage: Coverage, draft: ClaimDraft) -> Verified | None:
    """What is known of the plan for the date of service."""
    return counting(known(coverage), draft.service_date, coverage.payer.verify_every_days)


def _is_unverified(coverage: Coverage, _draft: ClaimDraft) -> bool:
    return not known(coverage)


def _was_verified_long_ago(coverage: Coverage, draft: ClaimDraft) -> str:
    told, holds_for = _counting(coverage, draft), coverage.payer.verify_every_days
    if told is None or not is_old(told, draft.service_date, holds_for):
        return ""
    return f"on {day_in_words(told.on)}, and with {coverage.payer.name} that holds for {holds_for} days"


def _has_no_member_id(coverage: Coverage, _draft: ClaimDraft) -> bool:
    return len(to_latin(coverage.member_id)) < 2


def _has_no_payer_id(coverage: Coverage, _draft: ClaimDraft) -> bool:
    payer = coverage.payer
    return not payer.name.strip() or len(to_latin(payer.payer_id)) < 2


def _has_no_filing_code(coverage: Coverage, _draft: ClaimDraft) -> bool:
    return coverage.payer.claim_filing_code not in FILING_CODES


def _has_no_relationship(coverage: Coverage, _draft: ClaimDraft) -> bool:
    return coverage.relationship not in RELATIONSHIPS


def _card_names(facts: ClaimFacts) -> tuple[tuple[str, CardName], ...]:
    """Whose names the claim prints. A dependent's claim names the subscriber too."""
    patient = ("the patient", facts.patient.card_name)
    if facts.coverage is None or facts.coverage.patient_is_subscriber:
        return (patient,)
    return (patient, ("the subscriber", facts.coverage.subscriber_name))


def _has_no_card_name(facts: ClaimFacts, _draft: ClaimDraft) -> str:
    return " and ".join(who for who, name in _card_names(facts) if not (name.last.strip() and name.first.strip()))


def _has_another_script(facts: ClaimFacts, _draft: ClaimDraft) -> str:
    return " and ".join(who for who, name in _card_names(facts) if any(unwritable(part) for part in name.parts))


def _renderer_is_undecided(coverage: Coverage, _draft: ClaimDraft) -> str:
    return coverage.payer.name if coverage.payer.rendering_on_site is None else ""


def _on_site_is_not_billable(coverage: Coverage, _draft: ClaimDraft) -> str:
    return coverage.payer.name if coverage.payer.rendering_on_site == "not_billable" else ""


COVERAGE_RULES: tuple[Rule, ...] = (
    Rule(
        "COV.missing", "CL-7", "blocks", "coverage",
        "There is nobody to bill. Add the patient's coverage, or end the claim with “do not bill: uninsured”.",
        _is_missing,
    ),
    Rule(
        "CL-7.not-taken", "CL-7, payer profile", "blocks", "do-not-bill",
        "{what} does not take asynchronous teledentistry. End the claim with “do not bill: payer does not take it”.",
        _is_not_taken, part="dentist",
    ),
    Rule(
        "CL-7.may-not-be-taken", "CL-7, payer profile", "warns", "payer",
        "Nobody has recorded whether {what} takes asynchronous teledentistry. Ask before you rely on payment.",
        _may_not_be_taken, part="dentist",
    ),
    Rule(
        "COV.dates", "837D 2010BA; denial code 26 or 27", "blocks", "coverage",
        "The coverage is not in force on {what}, the date of service. Correct its dates or choose another coverage.",
        _covered(_is_not_in_force),
    ),
    Rule(
        "COV.unverified", "payer profile", "warns", "verification",
        "Nobody has verified this coverage with the payer. Record when and how it was verified.",
        _covered(_is_unverified),
    ),
    Rule(
        "COV.verified-long-ago", "payer profile", "warns", "verification",
        "This coverage was verified too long before the date of service: {what}. Ask the payer again and record it.",
        _covered(_was_verified_long_ago),
    ),
    Rule(
        "COV.not-covered", "verification of the plan", "warns", "verification",
        "As verified on {what}, this plan does not cover asynchronous teledentistry. Expect no payment, ask again, or end the "
        "claim with “do not bill”.",
        _covered(_is_not_covered), part="dentist",
    ),
    Rule(
        "COV.member-id", "837D NM109 of 2010BA", "blocks", "coverage",
        "The member id is missing. Copy it from the insurance card.",
        _covered(_has_no_member_id),
    ),
    Rule(
        "COV.relationship", "837D SBR02, PAT01", "blocks", "coverage",
        "How the patient is related to the subscriber is not recorded.",
        _covered(_has_no_relationship),
    ),
    Rule(
        "PAY.id", "837D 2010BB", "blocks", "payer",
        "The payer's name or electronic id is missing. Complete the payer's profile.",
        _covered(_has_no_payer_id),
    ),
    Rule(
        "PAY.filing-code", "837D SBR09", "blocks", "payer",
        "The payer's kind of plan (claim filing code) is missing. Complete the payer's profile.",
        _covered(_has_no_filing_code),
    ),
    Rule(
        "NAME.card", "837D NM103, NM104", "blocks", "patient",
        "The name on the insurance card is missing for {what}. Enter last and first name as the card prints them.",
        _has_no_card_name,
    ),
    Rule(
        "NAME.latin", "837D character set", "blocks", "patient",
        "The card name of {what} is not in Latin letters. Payers read nothing else: enter it as the card prints it.",
        _has_another_script,
    ),
    Rule(
        "CL-4.undecided", "CL-4, payer profile", "blocks", "payer",
        "Who renders on-site services for {what}: the hygienist, the supervising dentist, or are they not billable? "
        "Decide it in the payer's profile; the draft is kept until then.",
        _covered(_renderer_is_undecided), part="hygienist",
    ),
    Rule(
        "CL-4.not-billable", "CL-4, payer profile", "blocks", "do-not-bill",
        "{what} does not pay for on-site services. End this claim with “do not bill”.",
        _covered(_on_site_is_not_billable), part="hygienist",
    ),
)  # fmt: skip
