"""Rules about what the payer wants authorised beforehand: by its dated rows, and by what a verification says.

Each way in which an authorisation fails has a sentence of its own, because each is mended in another way.
"""

from billing.claims.about_payer_rules import row_rule, too_often
from billing.claims.authorised import Authorised, Lack, lack_of
from billing.claims.facts import ClaimFacts
from billing.claims.lines import ClaimDraft, ClaimLine, rule_of, service_of
from billing.claims.payer_rules import PayerRule
from billing.claims.rule import Rule
from billing.claims.verified import answered, counting, known
from teledent.kit.clock import day_in_words

SOURCE = "payer rule; denial code 197"


def is_asked(facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> bool:
    """Whether the payer's row wants this line authorised beforehand."""
    return rule.authorisation == "always" or (
        rule.authorisation == "over_limit" and bool(too_often(facts, draft, line, rule))
    )


def _lack(
    facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule, lack: Lack
) -> tuple[Authorised, ...] | None:
    """The authorisation that is nearest, where the line is asked for one and fails in this very way; else None."""
    if line.authorisation or not is_asked(facts, draft, line, rule):
        return None
    found, nearest = lack_of(facts.authorised, service_of(facts, line))
    return ((nearest,) if nearest else ()) if found == lack else None


def _none(facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> bool:
    return _lack(facts, draft, line, rule, "none") is not None


def _ended(facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> str:
    found = _lack(facts, draft, line, rule, "ended")
    last = found[0].last_day(rule.authorisation_days) if found else None
    return f"{line.code}: number {found[0].number} until {day_in_words(last)}" if found and last else ""


def _not_begun(facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> str:
    found = _lack(facts, draft, line, rule, "not_begun")
    return f"{line.code}: number {found[0].number} from {day_in_words(found[0].valid_from)}" if found else ""


def _used_up(facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> str:
    found = _lack(facts, draft, line, rule, "used_up")
    if not found:
        return ""
    rows = [one for one in found[0].units if one.code == line.code and one.tooth in ("", line.tooth)]
    left, approved = sum(one.left for one in rows), sum(one.approved for one in rows)
    return f"{line.code}: number {found[0].number}, {left} of {approved} left for {line.quantity}"


def _other_tooth(facts: ClaimFacts, draft: ClaimDraft, line: ClaimLine, rule: PayerRule) -> str:
    found = _lack(facts, draft, line, rule, "other_tooth")
    if not found:
        return ""
    teeth = ", ".join(one.tooth for one in found[0].units if one.code == line.code)
    return f"{line.code}: number {found[0].number} for tooth {teeth}"


def to_ask_for(facts: ClaimFacts, draft: ClaimDraft) -> tuple[ClaimLine, ...]:
    """The lines that the payer's rows want authorised and that bear no number; where there is none of these, every line
    without a number but the encounter's, which says how care was given and is not asked for."""
    bare = [line for line in draft.lines if not line.authorisation]
    ruled = ((line, rule_of(facts, line.code, line.service_date)) for line in bare)
    asked = tuple(line for line, rule in ruled if rule is not None and is_asked(facts, draft, line, rule))
    return asked or tuple(line for line in bare if facts.kind_of(line.code) != "encounter")


def _said_by_plan(facts: ClaimFacts, draft: ClaimDraft) -> str:
    """What was verified of the plan, where no dated row of the payer speaks of it: those know the code."""
    coverage = facts.coverage
    if coverage is None or any(line.authorisation for line in draft.lines):
        return ""
    ruled = [rule_of(facts, line.code, line.service_date) for line in draft.lines]
    says = [rule.authorisation if rule else "unknown" for rule in ruled]
    told = counting(known(coverage), draft.service_date, coverage.payer.verify_every_days)
    if told is None or {"always", "over_limit"} & set(says) or "unknown" not in says:
        return ""
    wanted, on = answered(known(coverage), told, "authorisation")
    return day_in_words(on) if wanted == "needed" else ""


AUTHORISATION_RULES: tuple[Rule, ...] = (
    row_rule(
        "PAY.authorisation", SOURCE, "blocks", "authorisation",
        "This payer wants {what} authorised beforehand, and no authorisation of it is recorded. Record the payer's number, or "
        "ask for one.",
        _none,
    ),
    row_rule(
        "PAY.authorisation-ended", SOURCE, "blocks", "authorisation",
        "The authorisation ran out before the date of service ({what}). Ask the payer to extend it or for another one, and "
        "record what it says.",
        _ended,
    ),
    row_rule(
        "PAY.authorisation-not-begun", SOURCE, "blocks", "authorisation",
        "The authorisation begins after the date of service ({what}). Ask the payer whether it holds from an earlier day, and "
        "record what it says.",
        _not_begun,
    ),
    row_rule(
        "PAY.authorisation-used-up", SOURCE, "blocks", "authorisation",
        "Too few units of the authorisation are left ({what}). Ask the payer for more, or correct the claim that took them.",
        _used_up,
    ),
    row_rule(
        "PAY.authorisation-tooth", SOURCE, "blocks", "authorisation",
        "The authorisation is of another tooth ({what}). Check the tooth, or ask the payer for one that names it.",
        _other_tooth,
    ),
    Rule(
        "COV.authorisation", "verification of the plan", "warns", "authorisation",
        "As verified on {what}, this plan wants an authorisation beforehand, and none is recorded for these services. Record "
        "the payer's number, or expect to be asked for it.",
        _said_by_plan,
    ),
)  # fmt: skip
