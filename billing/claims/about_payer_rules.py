"""Rules about what the payer is known to do with each code: its dated rows (`billing.claims.payer_rules`).

A row is asked only about the lines of its own code. Where no row stands, nothing is said: the payer's settings alone hold.
"""

from collections.abc import Callable, Iterable, Iterator

from billing.claims.facts import ASYNCHRONOUS, ClaimFacts
from billing.claims.lines import ClaimDraft, ClaimLine, age_on, rule_of
from billing.claims.payer_rules import DoneBefore, Frequency, PayerRule
from billing.claims.rule import Look, Rule

CARIES_RISK = frozenset({"D0601", "D0602", "D0603"})

Judged = Callable[[ClaimFacts, ClaimDraft, ClaimLine, PayerRule], bool | str]


def _each(look: Judged) -> Look:
    """Ask every line that a row stands for; the particulars are the line's code, or what the look says, each once."""

    def found(facts: ClaimFacts, draft: ClaimDraft) -> str:
        said = ((line.code, look(facts, draft, line, rule)) for line, rule in _ruled(facts, draft))
        return ", ".join(dict.fromkeys(text if isinstance(text, str) else code for code, text in said if text))

    return found


def _ruled(facts: ClaimFacts, draft: ClaimDraft) -> Iterator[tuple[ClaimLine, PayerRule]]:
    for line in draft.lines:
        if (rule := rule_of(facts, line.code, line.service_date)) is not None:
            yield line, rule


def _not_covered(_facts: ClaimFacts, _draft: ClaimDraft, _line: ClaimLine, rule: PayerRule) -> bool:
    return rule.covered == "no"


def _inclusive(_facts: ClaimFacts, _draft: ClaimDraft, _line: ClaimLine, rule: PayerRule) -> bool:
    return rule.covered == "inclusive"


def _not_known(_facts: ClaimFacts, _draft: ClaimDraft, _line: ClaimLine, rule: PayerRule) -> bool:
    return rule.covered == "unknown"


def _not_asynchronous(facts: ClaimFacts, _draft: ClaimDraft, _line: ClaimLine, rule: PayerRule) -> bool:
    return facts.case.encounter_code == ASYNCHRONOUS and rule.asynchronous == "no"


def _new_patient(facts: ClaimFacts, _draft: ClaimDraft, _line: ClaimLine, rule: PayerRule) -> bool:
    return rule.new_patient == "no" and not any(one.here for one in facts.done_before)


def _lacks_companion(_facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> bool:
    """D9996 has rules of its own for this (CL-5), which read the same list."""
    if not rule.requires_companion or line.code == ASYNCHRONOUS:
        return False
    beside = {one.code for one in draft.lines if one.code != line.code and one.service_date == line.service_date}
    return not (beside & set(rule.companion_codes) if rule.companion_codes else beside)


def _forbidden_that_day(facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> str:
    that_day = [one.code for one in _services(facts, draft) if one.service_date == line.service_date]
    return ", ".join(f"{line.code} beside {code}" for code in rule.forbidden_same_day if code in that_day)


def _too_many_units(_facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> bool:
    same = (one for one in draft.lines if (one.code, one.service_date) == (line.code, line.service_date))
    return rule.max_units is not None and sum(one.quantity for one in same) > rule.max_units


def _too_often(facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> str:
    over = [str(one) for one in rule.frequencies if used(facts, draft, line, one) > one.count]
    return f"{line.code} ({'; '.join(over)})" if over else ""


def used(facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, limit: Frequency) -> int:
    """Units that count against `limit` with this claim's own: of this patient, as far as they are known here.

    What another practice did counts for the patient alone; who or where is not known of it.
    """
    codes = {line.code, *limit.shared_with}
    services = (
        one for one in _services(facts, draft) if one.code in codes and limit.meet(one.service_date, line.service_date)
    )
    return sum(one.quantity for one in services if _in_scope(one, line, facts, limit))


def _in_scope(one: DoneBefore, line: ClaimLine, facts: ClaimFacts, limit: Frequency) -> bool:
    match limit.scope:
        case "patient":
            return True
        case "provider":
            return one.here and one.rendering_npi == line.rendering_npi
        case "facility":
            return one.here
        case "location":
            return one.here and one.site == facts.site.name


def _services(facts: ClaimFacts, draft: ClaimDraft) -> Iterable[DoneBefore]:
    own = (
        DoneBefore(one.code, one.service_date, one.quantity, one.rendering_npi, True, facts.site.name)
        for one in draft.lines
    )
    return (*facts.done_before, *own)


def _another_age(facts: ClaimFacts, _draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> bool:
    age = age_on(facts.patient.birth_date, line.service_date)
    return not (rule.age_min or 0) <= age <= (age if rule.age_max is None else rule.age_max)


def _another_provider(_facts: ClaimFacts, draft: ClaimDraft, _line: ClaimLine, rule: PayerRule) -> bool:
    renders = draft.rendering
    return bool(rule.provider_types) and renders is not None and renders.taxonomy not in rule.provider_types


def _another_place(_facts: ClaimFacts, _draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> str:
    misplaced = bool(rule.places) and line.place_of_service not in rule.places
    return f"{line.code} at {line.place_of_service} (it takes {', '.join(rule.places)})" if misplaced else ""


def _lacks_diagnosis(facts: ClaimFacts, draft: ClaimDraft, _line: ClaimLine, rule: PayerRule) -> bool:
    said_by_profile = facts.coverage is not None and facts.coverage.payer.diagnosis_required
    return rule.diagnosis_required and not draft.diagnoses and not said_by_profile


def _unfit_diagnosis(_facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> str:
    pointed = [draft.diagnoses[at - 1] for at in line.pointers if at <= len(draft.diagnoses)]
    forbidden = [code for code in pointed if code.startswith(rule.diagnoses_forbidden)]
    none_fits = bool(pointed and rule.diagnoses_allowed) and not any(
        code.startswith(rule.diagnoses_allowed) for code in pointed
    )
    return f"{line.code} with {', '.join(pointed if none_fits else forbidden)}" if none_fits or forbidden else ""


def _unauthorised(facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> bool:
    asked = rule.authorisation == "always" or (
        rule.authorisation == "over_limit" and bool(_too_often(facts, draft, line, rule))
    )
    return asked and line.code not in facts.authorised


def _lacks_caries_risk(_facts: ClaimFacts, draft: ClaimDraft, _line: ClaimLine, rule: PayerRule) -> bool:
    return rule.caries_risk_required and CARIES_RISK.isdisjoint(line.code for line in draft.lines)


PAYER_RULES: tuple[Rule, ...] = (
    Rule(
        "PAY.not-covered", "payer rule", "blocks", "do-not-bill",
        "This payer's rule says that {what} is not covered. End the claim with “do not bill”, or correct the rule.",
        _each(_not_covered),
    ),
    Rule(
        "PAY.inclusive", "payer rule", "warns", "payer",
        "This payer counts {what} as part of another service: expect 0.00 for it. That will be no denial.",
        _each(_inclusive),
    ),
    Rule(
        "PAY.unknown", "payer rule", "warns", "payer",
        "Whether this payer covers {what} is not known. Ask, and record the answer with its source.",
        _each(_not_known),
    ),
    Rule(
        "PAY.asynchronous", "payer rule", "blocks", "do-not-bill",
        "This payer does not take {what} from stored records. End the claim with “do not bill”, or correct the rule.",
        _each(_not_asynchronous), part="dentist",
    ),
    Rule(
        "PAY.new-patient", "payer rule", "warns", "payer",
        "This payer does not take {what} for a new patient, and this practice has billed nothing for the patient before.",
        _each(_new_patient),
    ),
    Rule(
        "PAY.companion", "payer rule", "blocks", "lines",
        "By this payer's rule {what} needs a service of its list beside it, on the same claim and day.",
        _each(_lacks_companion),
    ),
    Rule(
        "PAY.same-day", "payer rule", "blocks", "lines",
        "This payer does not take {what} on one day.",
        _each(_forbidden_that_day),
    ),
    Rule(
        "PAY.units", "payer rule", "blocks", "services",
        "{what} has more units than this payer takes on one day. Correct the quantity or the rule.",
        _each(_too_many_units),
    ),
    Rule(
        "PAY.frequency", "payer rule; denial code 119 or 222", "warns", "payer",
        "More often than this payer pays: {what}. Look at what was billed before; expect a denial.",
        _each(_too_often),
    ),
    Rule(
        "PAY.age", "payer rule", "blocks", "do-not-bill",
        "The patient's age on the date of service lies outside this payer's ages for {what}. Check the birth date, or end "
        "the claim with “do not bill”.",
        _each(_another_age),
    ),
    Rule(
        "PAY.provider-type", "payer rule; denial code 170", "blocks", "credential",
        "This payer does not take {what} from the specialty (taxonomy) of who rendered it. Check the credential.",
        _each(_another_provider),
    ),
    Rule(
        "PAY.place", "payer rule; denial code 5", "blocks", "payer",
        "This payer's rule does not take {what} as the place of service. Correct the payer's profile or the rule.",
        _each(_another_place),
    ),
    Rule(
        "PAY.diagnosis", "payer rule; denial code 16", "blocks", "diagnoses",
        "This payer wants a diagnosis with {what}, and the signed review names none.",
        _each(_lacks_diagnosis),
    ),
    Rule(
        "PAY.diagnosis-fit", "payer rule; denial code 11 or 167", "blocks", "diagnoses",
        "This payer does not take {what}. Choose the diagnoses of the claim, or correct the rule.",
        _each(_unfit_diagnosis),
    ),
    Rule(
        "PAY.authorisation", "payer rule; denial code 197", "blocks", "payer",
        "This payer wants {what} authorised beforehand, and no authorisation is recorded.",
        _each(_unauthorised),
    ),
    Rule(
        "PAY.caries-risk", "payer rule", "warns", "services",
        "This payer wants a caries risk code (D0601 to D0603) on a claim with {what}, and there is none.",
        _each(_lacks_caries_risk),
    ),
)  # fmt: skip
