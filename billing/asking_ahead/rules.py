"""What must be there before a request for planned care goes to its payer by file.

Most of it is what a claim needs too: those rules are taken from `billing.claims.rules` by their ids, so that they are
written once. A few say "the date of service", which a request has not: they speak in other words here.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from billing.claims.facts import ASYNCHRONOUS, SYNCHRONOUS, ClaimFacts, within
from billing.claims.lines import ClaimDraft, ClaimLine
from billing.claims.rule import Problem, Rule, ask
from billing.claims.rules import RULES
from teledent.kit.clock import day_in_words

SHARED = frozenset({
    "RE-5.ended", "RE-5.unsigned", "CO-1.bill", "CO-1.signature", "CO-2.capture", "COV.missing", "COV.dates", "COV.member-id",
    "COV.relationship", "PAY.id", "PAY.filing-code", "NAME.card", "NAME.latin", "FEE.missing", "FEE.total", "LINE.quantity",
    "LINE.count", "LINE.tooth", "CD-1.valid", "CD-1.confirmed", "DX.missing", "DX.four", "DX.contradiction", "DX.valid",
    "DX.pointer", "BILL.npi", "BILL.tin", "BILL.address", "BILL.plus-four", "BILL.po-box", "PROV.missing", "PROV.npi",
    "PROV.taxonomy", "PROV.name", "ID-3.identity", "ID-3.name", "PAT.address", "PAT.birth", "PAT.missing-teeth",
    "SITE.address",
})  # fmt: skip

REWORDED = {
    "RE-5.ended": "This case was retracted, stopped or withdrawn. Nothing of it is asked for; withdraw the request.",
    "RE-5.unsigned": "The dentist has not signed this case yet. The request can be written when the review is signed.",
    "CO-1.bill": "There is no consent in force to bill insurance, so nothing goes to the insurer. Ask the family for it.",
    "CO-2.capture": "There is no consent in force for {what} any more, so nothing of this case goes to an insurer. Ask the family.",
    "COV.missing": "There is nobody to ask. Add the patient's coverage.",
    "COV.dates": "The coverage is not in force on {what}, the day of asking. Correct its dates or choose another coverage.",
    "FEE.missing": "There is no fee for {what} on the day of asking. Enter it; 0.00 is a fee.",
    "FEE.total": "The total is not the sum of the lines. Check the request again.",
    "LINE.count": "A request holds fifty lines at most.",
    "CD-1.valid": "{what} is not a valid code on the day of asking. Check the code table, or choose another code.",
    "DX.missing": "This payer wants a diagnosis and the record has none, so the request cannot name one. Ask for it another way.",
    "DX.four": "A request holds four diagnoses at most, this one has {what}. Ask for fewer lines at once.",
    "DX.valid": "{what} is not a valid diagnosis code on the day of asking.",
    "DX.pointer": "{what} points at a diagnosis that the request does not have. Check the request again.",
    "PROV.missing": "The request cannot name {what}. Complete the person's credential.",
    "PROV.name": "The dentist's name is missing or not in Latin letters. Complete the credential.",
    "ID-3.identity": "The patient's {what} was changed after the signature. Look at the record: if the pictures are of another "
                     "patient, the dentist retracts it; if what was signed was wrong, withdraw the request.",
    "PAT.birth": "The patient's birth date lies after the day of asking.",
}  # fmt: skip

# Codes for one tooth each, by their numbers: sealing and arresting, fillings, crowns, root canals, extractions.
ON_A_TOOTH = re.compile(r"D(135[1-5]|21[4-6]\d|23[3-9]\d|2[67]\d\d|293\d|33[1-4]\d|7111|7140|7210|72[2-5]\d)")


def _codes(lines: Iterable[ClaimLine]) -> str:
    return ", ".join(dict.fromkeys(line.code for line in lines))


def _asks_for_nothing(_facts: ClaimFacts, draft: ClaimDraft) -> bool:
    return not draft.lines


def _asks_for_delivery(facts: ClaimFacts, draft: ClaimDraft) -> str:
    """Encounter codes, the once-a-day ones among them: they say how care was given, once it was."""
    said = (ASYNCHRONOUS, SYNCHRONOUS)
    return _codes(line for line in draft.lines if line.code in said or facts.kind_of(line.code) == "encounter")


def _lacks_tooth(_facts: ClaimFacts, draft: ClaimDraft) -> str:
    return _codes(line for line in draft.lines if ON_A_TOOTH.fullmatch(line.code) and not line.tooth)


def _names_many_units_of_a_tooth(_facts: ClaimFacts, draft: ClaimDraft) -> str:
    return _codes(line for line in draft.lines if line.tooth and line.quantity > 1)


def _asks_a_later_plan(facts: ClaimFacts, _draft: ClaimDraft) -> bool:
    return facts.coverage is not None and facts.coverage.sequence != "P"


def _lacks_licence(facts: ClaimFacts, draft: ClaimDraft) -> str:
    """On the day of asking: who asks to treat must be able to."""
    dentist, state = draft.rendering, facts.case.patient_state
    if dentist is None or dentist.licence_in(state, draft.service_date):
        return ""
    return f"{dentist.name.first} {dentist.name.last} in {state} on {day_in_words(draft.service_date)}".strip()


def _is_too_late(facts: ClaimFacts, draft: ClaimDraft) -> str:
    """The coverage ends within the month: what is granted may not hold when the care is given."""
    last = facts.coverage.valid_until if facts.coverage else None
    if last is None or not within(draft.service_date, None, last) or (last - draft.service_date).days > 30:
        return ""
    return day_in_words(last)


OWN: tuple[Rule, ...] = (
    Rule(
        "ASK.nothing", "837D loop 2400", "blocks", "lines",
        "The request has no line. Add what the dentist ordered or planned.",
        _asks_for_nothing,
    ),
    Rule(
        "ASK.encounter", "CL-5, CL-7", "blocks", "lines",
        "{what} says how care was delivered. It is reported with what was done and never asked for ahead: take the line off.",
        _asks_for_delivery,
    ),
    Rule(
        "ASK.tooth", "837D TOO", "blocks", "lines",
        "{what} is for one tooth, and the request names none. Add the tooth to the line.",
        _lacks_tooth,
    ),
    Rule(
        "ASK.one-tooth", "837D SV306, TOO", "blocks", "lines",
        "{what} names one tooth and more than one unit. Ask for one unit a tooth.",
        _names_many_units_of_a_tooth,
    ),
    Rule(
        "ASK.first-plan", "837D SBR01, loop 2320", "blocks", "coverage",
        "This plan comes after another, and a file would have to say what the first one answers. Ask the first plan, or ask this "
        "one another way.",
        _asks_a_later_plan,
    ),
    Rule(
        "ASK.licence", "RE-1", "blocks", "credential",
        "No active licence is recorded for {what}. Complete the credential if there is one.",
        _lacks_licence,
    ),
    Rule(
        "ASK.coverage-ends", "837D 2010BA", "warns", "coverage",
        "The coverage ends on {what}. An answer may come too late to be of use: ask about the next plan instead.",
        _is_too_late,
    ),
)  # fmt: skip

REQUEST_RULES: tuple[Rule, ...] = (
    *OWN,
    *(replace(rule, sentence=REWORDED.get(rule.id, rule.sentence)) for rule in RULES if rule.id in SHARED),
)


def check_request(facts: ClaimFacts, draft: ClaimDraft) -> tuple[Problem, ...]:
    """What stands against writing this request into a file, in the order of REQUEST_RULES. Empty: nothing does."""
    problems = (ask(rule, facts, draft) for rule in REQUEST_RULES)
    return tuple(problem for problem in problems if problem is not None)
