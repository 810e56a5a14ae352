"""Rules about D9996: never alone, once, and beside an evaluation that the payer accepts (CL-5).

D9996 says how care was delivered, never what the care was. Its companion is the evaluation on the same claim, on the
same date, by the same dentist. The rules part the ways to miss it, so that each fault is named once.
"""

from collections.abc import Iterable

from billing.claims.facts import ASYNCHRONOUS, SYNCHRONOUS, ClaimFacts
from billing.claims.lines import ClaimDraft, ClaimLine, rule_of
from billing.claims.neighbours import CONSULTATION, NEIGHBOURS, TREATMENTS, in_words
from billing.claims.payer_rules import PayerRule
from billing.claims.rule import Rule

SECOND_OPINION = "second_opinion"  # the kind of case that another practitioner asks for
HOW = {ASYNCHRONOUS: "records stored and read later", SYNCHRONOUS: "live contact"}
NEVER_COMPANIONS = ("D0190", "D0191")  # the hygienist's screening and assessment, whatever a payer's list says


def addon_lines(draft: ClaimDraft) -> tuple[ClaimLine, ...]:
    return tuple(line for line in draft.lines if line.code == ASYNCHRONOUS)


def _beside(draft: ClaimDraft) -> tuple[ClaimLine, ...]:
    no_care = (ASYNCHRONOUS, SYNCHRONOUS, *NEVER_COMPANIONS)
    return tuple(line for line in draft.lines if line.code not in no_care)


def _candidates(facts: ClaimFacts, draft: ClaimDraft) -> tuple[ClaimLine, ...]:
    """What may be a companion: of the code's neighbours only one that the payer's own dated rule names."""
    named = {code for rule in _naming_companions(facts, draft) for code in rule.companion_codes}
    return tuple(line for line in _beside(draft) if line.code not in NEIGHBOURS or line.code in named)


def _listed(facts: ClaimFacts, draft: ClaimDraft) -> tuple[ClaimLine, ...]:
    """By the payer's dated rule for D9996 where it names companions, else by the profile."""
    accepted = facts.coverage.payer.companion_codes if facts.coverage else ()
    for rule in _naming_companions(facts, draft):
        accepted = rule.companion_codes
    return tuple(line for line in _candidates(facts, draft) if line.code in accepted)


def _naming_companions(facts: ClaimFacts, draft: ClaimDraft) -> tuple[PayerRule, ...]:
    rules = (rule_of(facts, ASYNCHRONOUS, addon.service_date) for addon in addon_lines(draft))
    return tuple(rule for rule in rules if rule is not None and rule.companions)


def _rows(facts: ClaimFacts, draft: ClaimDraft) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rule.row for rule in _naming_companions(facts, draft) if rule.row))


def _dates(lines: Iterable[ClaimLine]) -> set[object]:
    return {line.service_date for line in lines}


def _is_alone(_facts: ClaimFacts, draft: ClaimDraft) -> bool:
    return bool(addon_lines(draft)) and not _beside(draft)


def _is_unlisted(facts: ClaimFacts, draft: ClaimDraft) -> str:
    if facts.coverage is None or not addon_lines(draft) or _listed(facts, draft):
        return ""
    return ", ".join(line.code for line in _beside(draft) if line.code not in TREATMENTS)  # which CL-5.treatment names


def _companion_has_another_date(facts: ClaimFacts, draft: ClaimDraft) -> bool:
    companions, addons = _listed(facts, draft), addon_lines(draft)
    return bool(addons and companions) and not _dates(addons) <= _dates(companions)


def _companion_has_another_dentist(facts: ClaimFacts, draft: ClaimDraft) -> bool:
    for addon in addon_lines(draft):
        same_day = [line for line in _listed(facts, draft) if line.service_date == addon.service_date]
        if same_day and all(line.rendering_npi != addon.rendering_npi for line in same_day):
            return True
    return False


def _is_twice(_facts: ClaimFacts, draft: ClaimDraft) -> bool:
    return len(addon_lines(draft)) > 1


def _is_missing(facts: ClaimFacts, draft: ClaimDraft) -> bool:
    carried = facts.case.encounter_code == ASYNCHRONOUS and bool(facts.case.evaluation_code)
    return carried and not addon_lines(draft) and not _is_swapped(facts, draft)


def _has_quantity(_facts: ClaimFacts, draft: ClaimDraft) -> bool:
    return any(line.quantity != 1 for line in addon_lines(draft))


def _stands_beside_live_code(facts: ClaimFacts, draft: ClaimDraft) -> str:
    both = {ASYNCHRONOUS, SYNCHRONOUS} <= _codes(draft)
    return facts.case.encounter_code or "neither of them" if both else ""


def _is_swapped(facts: ClaimFacts, draft: ClaimDraft) -> str:
    """One of the two codes stands where the record carries the other."""
    says, record = {ASYNCHRONOUS, SYNCHRONOUS} & _codes(draft), facts.case.encounter_code
    if record not in HOW or not says or record in says:
        return ""
    (other,) = says
    return f"{other}, which is for {HOW[other]}; the record carries {record}, for {HOW[record]}"


def _is_treatment(_facts: ClaimFacts, draft: ClaimDraft) -> str:
    return in_words(line.code for line in draft.lines if line.code in TREATMENTS)


def _nobody_asked(facts: ClaimFacts, draft: ClaimDraft) -> bool:
    return CONSULTATION in _codes(draft) and facts.case.kind != SECOND_OPINION


def _is_from_records_only(facts: ClaimFacts, draft: ClaimDraft) -> bool:
    return CONSULTATION in _codes(draft) and facts.case.kind == SECOND_OPINION


def _is_no_consultation(_facts: ClaimFacts, draft: ClaimDraft) -> bool:
    return CONSULTATION in _codes(draft)


def _codes(draft: ClaimDraft) -> set[str]:
    return {line.code for line in draft.lines}


def _was_billed_before(facts: ClaimFacts, draft: ClaimDraft) -> str:
    days = _dates(addon_lines(draft))
    earlier = (one for one in facts.billed_before if one.code == ASYNCHRONOUS and one.service_date in days)
    return ", ".join(one.claim_number for one in earlier)


def _was_seen_elsewhere(facts: ClaimFacts, draft: ClaimDraft) -> str:
    days = _dates(addon_lines(draft))
    that_day = (one for one in facts.seen_elsewhere if one.service_date in days)
    return ", ".join(dict.fromkeys(f"{one.entity} ({one.code})" for one in that_day))


ADDON_RULES: tuple[Rule, ...] = (
    Rule(
        "CL-5.alone", "CL-5", "blocks", "lines",
        "D9996 stands alone. It is billed only beside the dentist's evaluation on the same claim.",
        _is_alone,
    ),
    Rule(
        "CL-5.companion", "CL-5, payer rule or profile", "blocks", "payer",
        "D9996 may not ride with {what}: that is not on this payer's companion list. Check the payer's profile and rules, "
        "or end the claim with “do not bill”.",
        _is_unlisted, rows=_rows,
    ),
    Rule(
        "CL-5.date", "CL-5, CL-2", "blocks", "lines",
        "D9996 and its companion bear different dates. They share one date of service.",
        _companion_has_another_date,
    ),
    Rule(
        "CL-5.rendering", "CL-5", "blocks", "lines",
        "D9996 and its companion name different dentists. The dentist who evaluated reports both.",
        _companion_has_another_dentist,
    ),
    Rule(
        "CL-5.twice", "CL-5", "blocks", "lines",
        "D9996 is on this claim more than once. It is reported once for a patient and a date.",
        _is_twice,
    ),
    Rule(
        "CL-5.missing", "CL-7", "blocks", "lines",
        "The record carries D9996 and this claim does not. Draft the claim again.",
        _is_missing, part="dentist",
    ),
    Rule(
        "CL-5.quantity", "CL-5", "blocks", "lines",
        "D9996 has a quantity other than one. It is reported once, whatever the number of pictures.",
        _has_quantity,
    ),
    Rule(
        "CL-5.live-code", "CL-5, RE-3", "blocks", "lines",
        "D9996 and D9995 are on one claim. An encounter is either stored and forwarded or live, never both; the record "
        "carries {what}. Draft the claim again.",
        _stands_beside_live_code,
    ),
    Rule(
        "CL-5.swapped", "CL-5, RE-3", "blocks", "lines",
        "The claim says {what}. The two are swapped, as in more than one vendor's template. Draft the claim again.",
        _is_swapped, part="dentist",
    ),
    Rule(
        "CL-5.treatment", "CL-5, codes next to D9996", "blocks", "case",
        "{what}. A dentist who reads stored records elsewhere did not do that, and it does not say how the care was delivered: "
        "D9996 does, beside the evaluation. If it was signed as the evaluation, the dentist retracts and signs anew.",
        _is_treatment, part="dentist",
    ),
    Rule(
        "CL-5.consultation", "CL-5, codes next to D9996", "blocks", "case",
        f"{in_words([CONSULTATION])}. This case is no second opinion, so nobody asked for one; and how the care was "
        "delivered D9996 says. The dentist retracts and signs anew with the evaluation that was made.",
        _nobody_asked, part="dentist",
    ),
    Rule(
        "CL-5.consultation-records", "CL-5, codes next to D9996", "warns", "case",
        f"{in_words([CONSULTATION])}. Here the records alone were read, which a payer may not take for it. Keep who asked and "
        "the report back with the claim; how the care was delivered D9996 says, not this code.",
        _is_from_records_only, part="dentist",
    ),
    Rule(
        "CL-5.consultation-on-site", "CL-5, CL-4, codes next to D9996", "warns", "services",
        f"{in_words([CONSULTATION])}: the dentist's, not a service done on site. Ask the hygienist what was done.",
        _is_no_consultation, part="hygienist",
    ),
    Rule(
        "CL-5.once-a-day", "CL-5", "blocks", "do-not-bill",
        "D9996 is already billed for this patient and date, on claim {what}. Once a day is all; correct that claim or "
        "end this one with “do not bill”.",
        _was_billed_before,
    ),
    Rule(
        "CL-5.elsewhere", "CL-5", "warns", "elsewhere",
        "Another practice bills this patient on the same date: {what}. The payer may pay one of the two claims only.",
        _was_seen_elsewhere,
    ),
)  # fmt: skip
