"""Every rule of a claim, in the order in which a person should meet the problems.

`check` is pure and asks every rule; each says one thing, so a claim with three faults shows three sentences and three
places to mend them. The themes stand in files of their own: the case and its consent, the add-on code, the lines and
codes, the coverage and payer, the payer before, what the payer's dated rules say, what is authorised beforehand, the
people and places.
"""

from billing.claims.about_addon import ADDON_RULES
from billing.claims.about_authorisations import AUTHORISATION_RULES
from billing.claims.about_case import CASE_RULES
from billing.claims.about_coverage import COVERAGE_RULES
from billing.claims.about_earlier_payer import EARLIER_PAYER_RULES
from billing.claims.about_lines import LINE_RULES
from billing.claims.about_payer_rules import PAYER_RULES
from billing.claims.about_people import PEOPLE_RULES
from billing.claims.facts import ClaimFacts
from billing.claims.lines import ClaimDraft
from billing.claims.rule import Problem, Rule, ask

RULES: tuple[Rule, ...] = (
    *CASE_RULES, *COVERAGE_RULES, *EARLIER_PAYER_RULES, *ADDON_RULES, *LINE_RULES, *PAYER_RULES,
    *AUTHORISATION_RULES, *PEOPLE_RULES,
)  # fmt: skip


def check(facts: ClaimFacts, draft: ClaimDraft) -> tuple[Problem, ...]:
    """What stands against sending `draft`, in the order of RULES. Empty: nothing does."""
    problems = (ask(rule, facts, draft) for rule in RULES)
    return tuple(problem for problem in problems if problem is not None)


def may_be_sent(problems: tuple[Problem, ...]) -> bool:
    """Whether none of the problems blocks; warnings are shown and do not hold a claim."""
    return not any(problem.blocks for problem in problems)
