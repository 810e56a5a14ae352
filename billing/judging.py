"""Payments that were posted under another rule than the one that stands now, and would be judged otherwise by it (CL-9).

A payment keeps the rule by which it was judged. A rule that was added, corrected or ended for days past asks a person:
here is what it would change, and nothing changes until somebody confirms it.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from billing.models import Claim, LineOutcome, PayerRule
from billing.models.claim import ClaimQuerySet
from billing.posting import Posted, load, outcomes_of, rules_of
from billing.states import ANSWERED

SEEN = (
    "outcome",
    "step",
    "short_by",
)  # what a judgement differs in; a schedule that changes none of them is no difference


@dataclass(frozen=True, slots=True)
class Otherwise:
    """One claim with how its answered lines stand, and how they would by the rules of now, in the order of the lines."""

    posted: Posted
    before: dict[int, LineOutcome]  # by line
    after: list[LineOutcome]  # not saved

    @property
    def changed(self) -> list[tuple[LineOutcome, LineOutcome]]:
        pairs = ((self.before[row.line_id], row) for row in self.after if row.line_id in self.before)
        return [(old, new) for old, new in pairs if differs(old, new)]


def differs(old: LineOutcome, new: LineOutcome) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in SEEN)


def judged_before(rule: PayerRule) -> ClaimQuerySet:
    """Answered claims whose line of the rule's code, on a day that it holds or held, was judged before it was last changed."""
    payer = rule.payer
    if rule.plan and rule.plan != payer.filing_code:
        return Claim.objects.none()
    changed_at = max(rule.made_at, rule.ended_at or rule.made_at)
    lines = LineOutcome.objects.filter(
        line__code=rule.code, line__service_date__gte=rule.valid_from, at__lt=changed_at
    ).order_by()
    frees_days = rule.ended_at is not None or rule.supersedes_id is not None  # that nobody holds now
    if rule.valid_until is not None and not frees_days:
        lines = lines.filter(line__service_date__lte=rule.valid_until)
    mine = Claim.objects.filter(practice=payer.practice_id, coverage__payer=payer, status__in=ANSWERED)
    return mine.filter(pk__in=lines.values("claim")).order_by("pk")


def otherwise(rule: PayerRule, claims: ClaimQuerySet, *, at: datetime) -> list[Otherwise]:
    """Those of these claims that the rules of now judge otherwise; the same number of queries however many."""
    found = load(claims.values_list("claim_id", flat=True), practice_id=rule.payer.practice_id).values()
    answered = sorted(found, key=lambda one: one.claim.pk)
    rows: dict[int, dict[int, LineOutcome]] = {}
    for row in LineOutcome.objects.filter(claim__in=[one.claim.pk for one in answered]):
        rows.setdefault(row.claim_id, {})[row.line_id] = row
    book = rules_of(answered)
    judged = (Otherwise(one, rows.get(one.claim.pk, {}), outcomes_of(one, book, at=at)) for one in answered)
    return [one for one in judged if one.changed]


def digest_of(shown: Sequence[Otherwise]) -> str:
    """What was looked at: which lines, and what becomes of each."""
    said = [
        [one.posted.claim.claim_id, one.posted.claim.revision, old.line_id, [str(getattr(new, name)) for name in SEEN]]
        for one in shown
        for old, new in one.changed
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
