"""Rules about what the payer is known to do with each code: its dated rows (`billing.claims.payer_rules`).

A row is asked only about the lines of its own code. Where no row stands, nothing is said: the payer's settings alone hold.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from billing.claims.facts import ASYNCHRONOUS, ClaimFacts
from billing.claims.lines import ClaimDraft, ClaimLine, age_on, rule_of
from billing.claims.payer_rules import DoneBefore, Frequency, PayerRule
from billing.claims.rule import Mend, Rule, Severity
from teledent.kit.clock import day_in_words

Asked = Literal["dentist", "hygienist", "both"]
CARIES_RISK = frozenset({"D0601", "D0602", "D0603"})

Judged = Callable[[ClaimFacts, ClaimDraft, ClaimLine, PayerRule], bool | str]
Found = tuple[ClaimLine, PayerRule, bool | str]


def _found(look: Judged, facts: ClaimFacts, draft: ClaimDraft) -> list[Found]:
    """What the look says of every line that a row stands for, where it says something."""
    said = ((line, rule, look(facts, draft, line, rule)) for line, rule in _ruled(facts, draft))
    return [one for one in said if one[2]]


def row_rule(
    name: str, source: str, severity: Severity, mend: Mend, sentence: str, look: Judged, part: Asked = "both"
) -> Rule:
    """A rule that asks each line's row; the particulars are the line's code, or what the look says, each once."""

    def broken(facts: ClaimFacts, draft: ClaimDraft) -> str:
        said = ((line.code, text) for line, _, text in _found(look, facts, draft))
        return ", ".join(dict.fromkeys(text if isinstance(text, str) else code for code, text in said))

    def rows(facts: ClaimFacts, draft: ClaimDraft) -> tuple[str, ...]:
        return tuple(dict.fromkeys(rule.row for _, rule, _ in _found(look, facts, draft) if rule.row))

    return Rule(name, source, severity, mend, sentence, broken, part, rows)


def _ruled(facts: ClaimFacts, draft: ClaimDraft) -> Iterator[tuple[ClaimLine, PayerRule]]:
    for line in draft.lines:
        if (rule := rule_of(facts, line.code, line.service_date)) is not None:
            yield line, rule


def _not_covered(facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> bool:
    """The add-on, or nothing beside it that the payer may cover: there is nothing to bill."""
    return rule.covered == "no" and (line.code == ASYNCHRONOUS or not _may_be_covered(facts, draft))


def _not_covered_beside_others(facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> bool:
    return rule.covered == "no" and line.code != ASYNCHRONOUS and _may_be_covered(facts, draft)


def _may_be_covered(facts: ClaimFacts, draft: ClaimDraft) -> bool:
    """Whether a service of this claim, D9996 apart, is not known to be refused."""
    ruled = ((one, rule_of(facts, one.code, one.service_date)) for one in draft.lines if one.code != ASYNCHRONOUS)
    return any(rule is None or rule.covered != "no" for _, rule in ruled)


def _inclusive(_facts: ClaimFacts, _draft: ClaimDraft, _line: ClaimLine, rule: PayerRule) -> bool:
    return rule.covered == "inclusive"


def _not_known(_facts: ClaimFacts, _draft: ClaimDraft, _line: ClaimLine, rule: PayerRule) -> bool:
    return rule.covered == "unknown"


def _not_asynchronous(facts: ClaimFacts, _draft: ClaimDraft, _line: ClaimLine, rule: PayerRule) -> bool:
    return facts.case.encounter_code == ASYNCHRONOUS and rule.asynchronous == "no"


def _not_patient_initiated(facts: ClaimFacts, _draft: ClaimDraft, _line: ClaimLine, rule: PayerRule) -> bool:
    return facts.case.patient_initiated and rule.patient_initiated == "no"


def _began_with_the_patient(facts: ClaimFacts, draft: ClaimDraft) -> str:
    """The services of which no rule says whether this payer pays care that the patient began; the add-on goes with them."""
    if not facts.case.patient_initiated or facts.coverage is None:
        return ""
    services = (line for line in draft.lines if line.code != ASYNCHRONOUS)
    ruled = ((line.code, rule_of(facts, line.code, line.service_date)) for line in services)
    unknown = (code for code, rule in ruled if rule is None or rule.patient_initiated == "unknown")
    return ", ".join(dict.fromkeys(unknown))


def _new_patient(facts: ClaimFacts, _draft: ClaimDraft, _line: ClaimLine, rule: PayerRule) -> bool:
    """The hygienist's claim of this case makes nobody a patient of old."""
    seen = facts.case.day_seen
    return rule.new_patient == "no" and not any(one.here and one.service_date < seen for one in facts.done_before)


def _lacks_companion(_facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> bool:
    """D9996 has rules of its own for this (CL-5), which read the same list."""
    if not rule.requires_companion or line.code == ASYNCHRONOUS:
        return False
    beside = {one.code for one in draft.lines if one.code != line.code and one.service_date == line.service_date}
    return not (beside & set(rule.companion_codes) if rule.companion_codes else beside)


def _companion_of_another_age(facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> str:
    """The companions there are, where the payer takes none of them with the code at this age."""
    age = age_on(facts.patient.birth_date, line.service_date)
    that_day = {one.code for one in draft.lines if one.service_date == line.service_date}
    beside = [one for one in rule.companions if one.code in that_day]
    if not beside or any(one.takes(age) for one in beside):
        return ""
    return ", ".join(f"{line.code} beside {one.code} ({ages_in_words(one.age_min, one.age_max)})" for one in beside)


def ages_in_words(first: int | None, last: int | None) -> str:
    """ "3 to 20 years", "from 3 years", "to 20 years"; "" for any age."""
    if first is None and last is None:
        return ""
    if last is None:
        return f"from {first} years"
    return f"{first} to {last} years" if first is not None else f"to {last} years"


def _forbidden_here(facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> str:
    return _forbidden_beside([one for one in _services(facts, draft) if one.here], line, rule)


def _forbidden_elsewhere(facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> str:
    """What another practice billed cannot be mended here, and may be known from hearsay."""
    return _forbidden_beside([one for one in _services(facts, draft) if not one.here], line, rule)


def _forbidden_beside(services: Iterable[DoneBefore], line: ClaimLine, rule: PayerRule) -> str:
    that_day = {one.code for one in services if one.service_date == line.service_date}
    return ", ".join(f"{line.code} beside {code}" for code in rule.forbidden_same_day if code in that_day)


def _too_many_units(_facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> bool:
    same = (one for one in draft.lines if (one.code, one.service_date) == (line.code, line.service_date))
    return rule.max_units is not None and sum(one.quantity for one in same) > rule.max_units


def too_often(facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> str:
    over = [str(one) for one in rule.frequencies if used(facts, draft, line, one) > one.count]
    return f"{line.code} ({'; '.join(over)})" if over else ""


def used(facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, limit: Frequency) -> int:
    """Units that count against `limit` with this claim's own: of this patient, as far as they are known here.

    What another practice did counts for the patient alone; who or where is not known of it.
    """
    near = (one for one in _services(facts, draft) if limit.meet(one.service_date, line.service_date))
    counted = (one for one in near if _counts(one, line, facts, limit) and _in_scope(one, line, facts, limit))
    return sum(one.quantity for one in counted)


def _counts(one: DoneBefore, line: ClaimLine, facts: ClaimFacts, limit: Frequency) -> bool:
    """The code itself, those that share its limit, and beside an evaluation whatever the payer counts as one."""
    if one.code == line.code or one.code in limit.shared_with:
        return True
    if facts.kind_of(line.code) != "evaluation":
        return False
    rule = rule_of(facts, one.code, one.service_date)
    return rule is not None and rule.counts_as_evaluation == "yes"


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
    forbidden = [code for code in pointed if _begins_with(code, rule.diagnoses_forbidden)]
    none_fits = bool(pointed and rule.diagnoses_allowed) and not any(
        _begins_with(code, rule.diagnoses_allowed) for code in pointed
    )
    return f"{line.code} with {', '.join(pointed if none_fits else forbidden)}" if none_fits or forbidden else ""


def _begins_with(code: str, beginnings: tuple[str, ...]) -> bool:
    """With or without the dot, as manuals write them: Z012 is Z01.2."""
    return code.replace(".", "").startswith(tuple(one.replace(".", "") for one in beginnings))


def _lacks_caries_risk(_facts: ClaimFacts, draft: ClaimDraft, _line: ClaimLine, rule: PayerRule) -> bool:
    return rule.caries_risk_required and CARIES_RISK.isdisjoint(line.code for line in draft.lines)


def _lacks_attachment(facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> str:
    """The pictures go with the dentist's claim alone."""
    there = {one.kind for one in facts.images} if draft.part == "dentist" else set()
    lacking = [kind for kind in rule.attachments if kind not in there]
    return f"a {' and a '.join(lacking)} with {line.code}" if lacking else ""


def _consent_is_verbal(facts: ClaimFacts, _draft: ClaimDraft, _line: ClaimLine, rule: PayerRule) -> bool:
    return rule.consent_form == "written" and facts.case.consents.written is False


def _consent_is_old(facts: ClaimFacts, _draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> str:
    """On the day seen: the records were made then, and no newer consent covers that day when the dentist reads them."""
    given = facts.case.consents.given_on
    if rule.consent_months is None or given is None:
        return ""
    if Frequency(1, rule.consent_months, "month").meet(given, facts.case.day_seen):
        return ""
    return f"{line.code} within {rule.consent_months} months, given {day_in_words(given)}"


def _consent_in_another_language(facts: ClaimFacts, _draft: ClaimDraft, _line: ClaimLine, rule: PayerRule) -> bool:
    return rule.consent_in_language and facts.case.consents.in_their_language is False


CHANNELS = {"portal": "goes in on the payer's own site", "paper": "goes in on paper"}


def _another_channel(_facts: ClaimFacts, _draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> str:
    return f"{line.code} {CHANNELS[rule.channel]}" if rule.channel in CHANNELS else ""


PAYER_RULES: tuple[Rule, ...] = (
    row_rule(
        "PAY.not-covered", "payer rule", "blocks", "do-not-bill",
        "This payer's rule says that {what} is not covered. End the claim with “do not bill”, or correct the rule.",
        _not_covered,
    ),
    row_rule(
        "PAY.not-covered-line", "payer rule", "warns", "payer-rules",
        "This payer's rule says that {what} is not covered; other services of the claim are not refused. Expect a denial of "
        "{what}.",
        _not_covered_beside_others,
    ),
    row_rule(
        "PAY.inclusive", "payer rule", "warns", "payer-rules",
        "This payer counts {what} as part of another service: expect 0.00 for it. That will be no denial.",
        _inclusive,
    ),
    row_rule(
        "PAY.unknown", "payer rule", "warns", "payer-rules",
        "Whether this payer covers {what} is not known. Ask, and record the answer with its source.",
        _not_known,
    ),
    row_rule(
        "PAY.asynchronous", "payer rule", "blocks", "do-not-bill",
        "This payer does not take {what} from stored records. End the claim with “do not bill”, or correct the rule.",
        _not_asynchronous, part="dentist",
    ),
    row_rule(
        "PAY.patient-initiated", "payer rule", "blocks", "do-not-bill",
        "The patient or family began this, and this payer does not take {what} then. End the claim with “do not bill”, or correct "
        "the rule.",
        _not_patient_initiated, part="dentist",
    ),
    Rule(
        "PAY.began-with-patient", "payer rule; domain: patient-initiated care", "blocks", "payer-rules",
        "The patient or family sent these pictures by a link: does this payer pay {what} for care that the patient began? Ask, and "
        "record the answer in its rules; the claim is held until then.",
        _began_with_the_patient, part="dentist",
    ),
    row_rule(
        "PAY.new-patient", "payer rule", "warns", "payer-rules",
        "This payer does not take {what} for a new patient, and this practice has billed nothing for the patient before.",
        _new_patient,
    ),
    row_rule(
        "PAY.companion", "payer rule", "blocks", "lines",
        "By this payer's rule {what} needs a service of its list beside it, on the same claim and day.",
        _lacks_companion,
    ),
    row_rule(
        "PAY.companion-age", "payer rule", "blocks", "do-not-bill",
        "At the patient's age this payer does not take {what}. Check the birth date, or end the claim with “do not bill”.",
        _companion_of_another_age,
    ),
    row_rule(
        "PAY.same-day", "payer rule", "blocks", "lines",
        "This payer does not take {what} on one day.",
        _forbidden_here,
    ),
    row_rule(
        "PAY.same-day-elsewhere", "payer rule", "warns", "payer-rules",
        "This payer does not take {what} on one day, and another practice did the second. Expect a denial.",
        _forbidden_elsewhere,
    ),
    row_rule(
        "PAY.units", "payer rule", "blocks", "services",
        "{what} has more units than this payer takes on one day. Correct the quantity or the rule.",
        _too_many_units,
    ),
    row_rule(
        "PAY.frequency", "payer rule; denial code 119 or 222", "warns", "payer-rules",
        "More often than this payer pays: {what}. Look at what was billed before; expect a denial.",
        too_often,
    ),
    row_rule(
        "PAY.age", "payer rule", "blocks", "do-not-bill",
        "The patient's age on the date of service lies outside this payer's ages for {what}. Check the birth date, or end "
        "the claim with “do not bill”.",
        _another_age,
    ),
    row_rule(
        "PAY.provider-type", "payer rule; denial code 170", "blocks", "credential",
        "This payer does not take {what} from the specialty (taxonomy) of who rendered it. Check the credential.",
        _another_provider,
    ),
    row_rule(
        "PAY.place", "payer rule; denial code 5", "blocks", "payer-rules",
        "This payer's rule does not take {what} as the place of service. Correct the payer's profile or the rule.",
        _another_place,
    ),
    row_rule(
        "PAY.diagnosis", "payer rule; denial code 16", "blocks", "diagnoses",
        "This payer wants a diagnosis with {what}, and the signed review names none.",
        _lacks_diagnosis,
    ),
    row_rule(
        "PAY.diagnosis-fit", "payer rule; denial code 11 or 167", "blocks", "diagnoses",
        "This payer does not take {what}. Choose the diagnoses of the claim, or correct the rule.",
        _unfit_diagnosis,
    ),
    row_rule(
        "PAY.caries-risk", "payer rule", "warns", "services",
        "This payer wants a caries risk code (D0601 to D0603) on a claim with {what}, and there is none.",
        _lacks_caries_risk,
    ),
    row_rule(
        "PAY.attachment", "payer rule; denial code 252", "warns", "case",
        "This payer wants {what}, and none goes with this claim. Expect to be asked for it.",
        _lacks_attachment,
    ),
    row_rule(
        "PAY.consent-form", "payer rule", "blocks", "consent",
        "For {what} this payer wants consent to teledentistry in writing, and the family gave it by word. Record the signed "
        "form, or end the claim with “do not bill”.",
        _consent_is_verbal,
    ),
    row_rule(
        "PAY.consent-age", "payer rule", "blocks", "consent",
        "This payer wants consent to teledentistry given anew: {what}. Record a newer one that covers the day, or end the "
        "claim with “do not bill”.",
        _consent_is_old,
    ),
    row_rule(
        "PAY.consent-language", "payer rule", "warns", "consent",
        "For {what} this payer wants consent in the family's own language, and it was given in another.",
        _consent_in_another_language,
    ),
    row_rule(
        "PAY.channel", "payer rule", "warns", "payer-rules",
        "By this payer's rule {what}. An electronic file may be turned away; the data sheet has what to enter there.",
        _another_channel,
    ),
)  # fmt: skip
