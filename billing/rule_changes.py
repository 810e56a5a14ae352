"""Which open claims a change of a payer's rules would touch, and what it would do to those that were not sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, cast

from django.db.models import Exists, OuterRef, Q

from billing.claims import payer_rules as pure
from billing.claims.facts import ClaimFacts
from billing.claims.lines import Part, draft_claim
from billing.claims.rules import check
from billing.claims.schedule import Priced
from billing.claims.superseding import Span, supersede
from billing.models import Claim, ClaimLine, Payer, PayerRule
from billing.models import Part as ClaimPart
from billing.models.claim import ClaimQuerySet
from billing.payer_facts import dated_by_rule
from billing.rule_words import GROUPS
from billing.states import CHECKED, OWED
from billing.terms import as_pure

SAYS = tuple(name for _, names in GROUPS for name in names)  # what a rule says, without its days and its source
ALL_ELSE = "; all else: "  # between the source of an amount and that of the rest
LONGEST = 300  # characters of a source
ONE_DAY = timedelta(days=1)
OPEN = CHECKED | OWED  # not sent yet, or sent and still owed


@dataclass(frozen=True, slots=True)
class Change:
    """What a new row, or the end of one, does; and the days whose claims are judged otherwise by it."""

    payer: Payer
    plan: str
    code: str
    first: date
    last: date | None  # None: every later day
    new: PayerRule | None = None
    gives_way: PayerRule | None = None
    ends_on: date | None = None  # the last day of what gives way; None: it is set aside
    unknown_from: date | None = None  # from this day nothing is known, where something was
    clash: PayerRule | None = None  # begins while the new row would still hold: nothing may be changed

    @property
    def effect(self) -> str:
        """Which row gives way and how: what was shown is what is done."""
        return f"{self.gives_way.public_id if self.gives_way else ''}:{self.ends_on}:{self.unknown_from}"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an unsent claim would say after the change."""

    against: tuple[str, ...] = ()  # sentences that would hold it and do not today
    mended: tuple[str, ...] = ()  # sentences that hold it today and would not
    to_know: tuple[str, ...] = ()  # warnings that are new
    dated: date | None = None  # its date of service, where that would be another


def change_to(rule: PayerRule) -> Change:
    """What `rule`, not saved yet, would do to the rows that stand; one query."""
    return change_among(rule, PayerRule.objects.in_use().beside(rule))


def change_among(rule: PayerRule, standing: Iterable[PayerRule]) -> Change:
    """What `rule` would do to these rows in use of the same payer, kind of plan and code. The days are its own, and those
    that the row before it held and nobody holds any more."""
    rows = {row.pk: row for row in standing}
    found = supersede(
        (Span(row.pk, row.valid_from, row.valid_until) for row in rows.values()), rule.valid_from, rule.valid_until
    )
    before = rows[found.gives_way.row] if found.gives_way else None
    ends = [rule.valid_until, before.valid_until] if before and found.unknown_from else [rule.valid_until]
    known = [one for one in ends if one is not None]
    return Change(
        payer=rule.payer, plan=rule.plan, code=rule.code, first=rule.valid_from,
        last=max(known) if len(known) == len(ends) else None, new=rule, gives_way=before, ends_on=found.ends_on,
        unknown_from=found.unknown_from, clash=rows[found.clash.row] if found.clash else None,
    )  # fmt: skip


def ending_of(rule: PayerRule, last_day: date | None) -> Change:
    """The end of a row with nothing in its place; without a last day it is set aside whole."""
    first = rule.valid_from if last_day is None else last_day + timedelta(days=1)
    return Change(
        payer=rule.payer, plan=rule.plan, code=rule.code, first=first, last=rule.valid_until, gives_way=rule,
        ends_on=last_day, unknown_from=first,
    )  # fmt: skip


def priced_rules(payer: Payer, prices: Iterable[Priced], said: Mapping[str, Any]) -> list[PayerRule]:
    """New rows, not saved, for the prices that differ from what stands on the first day; one query. Each is of the same kind
    of plan as the row before it, and ends where that would, or before the next one begins."""
    rows = rows_by_code(payer)
    made = (_priced(payer, one, rows.get(one.code, []), said["valid_from"], said) for one in prices)
    return [rule for rule in made if rule is not None]


def rows_by_code(payer: Payer) -> dict[str, list[PayerRule]]:
    """Rows in use for the payer's own kind of plan and for any, the oldest first; one query."""
    rows: dict[str, list[PayerRule]] = {}
    for row in PayerRule.objects.in_use().filter(payer=payer, plan__in={"", payer.filing_code}).order_by("valid_from"):
        rows.setdefault(row.code, []).append(row)
    return rows


def held_on(rows: Iterable[PayerRule], day: date) -> PayerRule | None:
    """The row of one code that a claim of this day is judged by: of the payer's own kind of plan before one of any."""
    holding = (row for row in rows if Span(row.pk, row.valid_from, row.valid_until).holds_on(day))
    return max(holding, key=lambda row: row.plan != "", default=None)


def _priced(
    payer: Payer, price: Priced, rows: Sequence[PayerRule], first: date, said: Mapping[str, Any]
) -> PayerRule | None:
    before = held_on(rows, first)
    later = next((row for row in rows if row.plan == "" and row.valid_from > first), None)
    if before is not None and before.allowed_amount == price.amount:
        return None
    known = {name: getattr(before, name) for name in SAYS} if before else {"covered": said["covered"]}
    ends = before.valid_until if before else later.valid_from - timedelta(days=1) if later else None
    return PayerRule(
        payer=payer, plan=before.plan if before else "", code=price.code, **{**known, "allowed_amount": price.amount},
        valid_from=first, valid_until=ends, **_provenance(before, said),
    )  # fmt: skip


def _provenance(before: PayerRule | None, said: Mapping[str, Any]) -> dict[str, Any]:
    """The list is the source of amounts alone: whatever else a row says keeps its own, and the older of both days."""
    if before is None or not _says_else(before, said):
        return {"source": said["source"], "verified_on": said["verified_on"]}
    kept = before.source.rpartition(ALL_ELSE)[2]
    source = f"{said['source']}{ALL_ELSE}{kept}"
    if len(source) > LONGEST:
        half = (LONGEST - len(ALL_ELSE)) // 2
        source = f"{_cut(said['source'], half)}{ALL_ELSE}{_cut(kept, half)}"
    return {"source": source, "verified_on": min(said["verified_on"], before.verified_on)}


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _says_else(row: PayerRule, said: Mapping[str, Any]) -> bool:
    """Whether it says more than a list does: an amount, and of a code without a rule whether it is covered."""
    silent = PayerRule(covered=said["covered"])
    return any(getattr(row, name) != getattr(silent, name) for name in SAYS if name != "allowed_amount")


def touched_by_prices(payer: Payer, rules: Iterable[PayerRule]) -> ClaimQuerySet:
    """Open claims to this payer with a line of one of these codes, on the first day of the list or later."""
    rows = list(rules)
    if not rows:
        return Claim.objects.none()
    lines = ClaimLine.objects.filter(
        claim=OuterRef("pk"), code__in=[one.code for one in rows], service_date__gte=rows[0].valid_from
    )
    return Claim.objects.filter(Exists(lines), coverage__payer=payer, status__in=OPEN)


def touched_by(change: Change) -> ClaimQuerySet:
    """Open claims to this payer with a line of the code on one of the days."""
    if change.plan and change.plan != change.payer.filing_code:
        return Claim.objects.none()
    that_day = Q(service_date__gte=change.first)
    if change.last is not None:
        that_day &= Q(service_date__lte=change.last)
    lines = ClaimLine.objects.filter(that_day, claim=OuterRef("pk"), code=change.code)
    touched = Q(Exists(lines)) | _dated_otherwise(change)
    return Claim.objects.filter(touched, coverage__payer=change.payer, status__in=OPEN)


def _dated_otherwise(change: Change) -> Q:
    """Where the change is about which day dates a claim: the dentist's that were not sent and were signed on one of the
    days, whatever day dates them now. A day more at both ends, for the zones of patients' places."""
    if not any(row is not None and row.dos_basis for row in (change.new, change.gives_way)):
        return Q(pk__in=[])
    signed = Q(case__signature__at__date__gte=change.first - ONE_DAY) if change.first > date.min else Q()
    if change.last is not None and change.last < date.max:
        signed &= Q(case__signature__at__date__lte=change.last + ONE_DAY)
    coded = Exists(ClaimLine.objects.filter(claim=OuterRef("pk"), code=change.code))
    return signed & Q(coded, part=ClaimPart.DENTIST, status__in=CHECKED)


def foresee(claim: Claim, change: Change) -> Foreseen | None:
    """What the check would say of a claim that was not sent, from the facts of its last check; None of any other."""
    if claim.status not in CHECKED or not claim.facts or claim.is_void:
        return None
    facts = ClaimFacts.from_json(claim.facts)
    part: Part = "dentist" if claim.part == "dentist" else "hygienist"
    after = _facts_after(facts, change)
    drafted, redrafted = draft_claim(facts, part), draft_claim(after, part)
    before, then = check(facts, drafted), check(after, redrafted)
    said, will_say = ({one.sentence for one in problems} for problems in (before, then))
    return Foreseen(
        against=tuple(one.sentence for one in then if one.blocks and one.sentence not in said),
        mended=tuple(one.sentence for one in before if one.blocks and one.sentence not in will_say),
        to_know=tuple(one.sentence for one in then if not one.blocks and one.sentence not in said),
        dated=redrafted.service_date if redrafted.service_date != drafted.service_date else None,
    )


def _facts_after(facts: ClaimFacts, change: Change) -> ClaimFacts:
    """With the rules as they would be, and the day of service by them: frozen facts have the basis of the rules before."""
    after = replace(facts, payer_rules=tuple(_rules_after(facts.payer_rules, change)))
    if after.coverage is None:
        return after
    payer = replace(after.coverage.payer, dos_basis=cast(Any, change.payer.dos_basis))
    return dated_by_rule(replace(after, coverage=replace(after.coverage, payer=payer)))


def _rules_after(rules: tuple[pure.PayerRule, ...], change: Change) -> list[pure.PayerRule]:
    gone = str(change.gives_way.public_id) if change.gives_way else ""
    kept = [one for one in rules if one.row != gone]
    ended = [replace(one, valid_until=change.ends_on) for one in rules if one.row == gone and change.ends_on]
    return [*kept, *ended, *([as_pure(change.new)] if change.new else [])]
