"""What a rule of a claim is, and what it says when it is broken."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from billing.claims.facts import ClaimFacts
from billing.claims.lines import ClaimDraft

Severity = Literal["blocks", "warns"]

# The places of the product that mend a problem: an anchor for the link beside the sentence.
Mend = Literal[
    "case", "consent", "coverage", "credential", "codes", "diagnoses", "do-not-bill", "elsewhere", "fee", "lines", "name",
    "orders", "outcome", "patient", "payer", "practice", "services", "site", "verification",
]  # fmt: skip

# What a rule looks at, and whether it is broken: False or "" when all is well, True when the sentence says it all,
# text when the sentence has a place for what exactly is wrong.
Look = Callable[[ClaimFacts, ClaimDraft], bool | str]


@dataclass(frozen=True, slots=True)
class Rule:
    id: str  # the rule's name, led by the id of docs/rules.md that it serves
    source: str  # where it comes from, for the person who doubts it
    severity: Severity
    mend: Mend
    sentence: str  # what is wrong and what to do; "{what}" takes the particulars
    broken: Look
    part: Literal["dentist", "hygienist", "both"] = "both"


@dataclass(frozen=True, slots=True)
class Problem:
    rule: str
    source: str
    severity: Severity
    mend: Mend
    sentence: str

    @property
    def blocks(self) -> bool:
        return self.severity == "blocks"


def ask(rule: Rule, facts: ClaimFacts, draft: ClaimDraft) -> Problem | None:
    """The problem that `rule` finds, or None: also where the rule does not concern this part."""
    if rule.part not in ("both", draft.part):
        return None
    found = rule.broken(facts, draft)
    if not found:
        return None
    what = found if isinstance(found, str) else ""
    return Problem(rule.id, rule.source, rule.severity, rule.mend, rule.sentence.replace("{what}", what))
