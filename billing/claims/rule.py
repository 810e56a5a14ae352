"""What a rule of a claim is, and what it says when it is broken."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from billing.claims.facts import ClaimFacts
from billing.claims.lines import ClaimDraft
from teledent.kit.canonical import plain as plain_json

Severity = Literal["blocks", "warns"]

# The places of the product that mend a problem: an anchor for the link beside the sentence.
Mend = Literal[
    "authorisation", "case", "consent", "coverage", "credential", "codes", "diagnoses", "do-not-bill", "elsewhere", "fee", "lines", "name",
    "orders", "outcome", "patient", "payer", "payer-rules", "practice", "services", "site", "verification",
]  # fmt: skip

# What a rule looks at, and whether it is broken: False or "" when all is well, True when the sentence says it all,
# text when the sentence has a place for what exactly is wrong.
Look = Callable[[ClaimFacts, ClaimDraft], bool | str]
# The payer's dated rows that the finding rests on, by their public ids.
Rows = Callable[[ClaimFacts, ClaimDraft], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Rule:
    id: str  # the rule's name, led by the id of docs/rules.md that it serves
    source: str  # where it comes from, for the person who doubts it
    severity: Severity
    mend: Mend
    sentence: str  # what is wrong and what to do; "{what}" takes the particulars
    broken: Look
    part: Literal["dentist", "hygienist", "both"] = "both"
    rows: Rows | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    rule: str
    source: str
    severity: Severity
    mend: Mend
    sentence: str
    rests_on: tuple[str, ...] = ()  # public ids of the payer's dated rows

    @property
    def blocks(self) -> bool:
        return self.severity == "blocks"

    def to_json(self) -> dict[str, Any]:
        return plain_json(asdict(self))


def ask(rule: Rule, facts: ClaimFacts, draft: ClaimDraft) -> Problem | None:
    """The problem that `rule` finds, or None: also where the rule does not concern this part."""
    if rule.part not in ("both", draft.part):
        return None
    found = rule.broken(facts, draft)
    if not found:
        return None
    what = found if isinstance(found, str) else ""
    rows = rule.rows(facts, draft) if rule.rows else ()
    return Problem(rule.id, rule.source, rule.severity, rule.mend, rule.sentence.replace("{what}", what), rows)
