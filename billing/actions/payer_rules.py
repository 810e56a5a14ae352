"""Keeping a payer's dated rules: a new row takes the place of the one that stands, and nothing is written over (CL-9)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from billing.claims.schedule import Priced
from billing.deadlines import REDRAW
from billing.models import Payer, PayerRule
from billing.moving import CHECK
from billing.permissions import may
from billing.rule_changes import SAYS, Change, change_among, priced_rules
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.accounts.days import today_in
from teledent.jobs.queue import enqueue
from teledent.kit.clock import day_in_words
from teledent.kit.decisions import Conflict, Refused, require
from teledent.kit.text import is_filler, printable

SAID = ("plan", "code", "valid_from", "source", "verified_on", *SAYS)  # of a row, by whoever typed it


@transaction.atomic
def save_rule(*, actor: Actor, rule: PayerRule, at: datetime, seen: Change | None = None) -> PayerRule:
    """Keep a new row, and end the one that stands on its first day. The same row sent twice is one.

    `seen` is what somebody was shown that this does: where it would do something else by now, Conflict. Conflict, too, where
    the row was saved before with other words. Raises ValidationError with the field that is wrong; of a row that begins
    while this one would hold, `valid_until`.
    """
    payer = _locked(actor, rule.payer_id)
    if known := PayerRule.objects.filter(public_id=rule.public_id, payer=payer).first():
        if not _says_the_same(known, rule):
            raise Conflict(
                "This form was saved before with other words. Open the rule and change it there; nothing was changed."
            )
        return known
    rule.validate_unique()
    _keep(actor, payer, [rule], at=at, seen=seen)
    _told(actor, payer, rule, at=at)
    return rule


def _says_the_same(known: PayerRule, rule: PayerRule) -> bool:
    """The last day counts as long as nothing ended the row that is known."""
    names = SAID if known.ended_at else (*SAID, "valid_until")
    return all(getattr(known, name) == getattr(rule, name) for name in names)


def _keep(actor: Actor, payer: Payer, rules: Sequence[PayerRule], *, at: datetime, seen: Change | None = None) -> None:
    """Keep new rows of one payer, each of another code, and end those that give way: as many queries for a list as for one.

    Only inside a transaction that holds the payer's row. Raises what `save_rule` raises, before anything is written.
    """
    today = today_in(actor.practice, at)
    for rule in rules:
        _complete(rule, actor, today=today, at=at)
    standing: dict[tuple[str, str], list[PayerRule]] = {}
    for row in PayerRule.objects.in_use().filter(payer=payer, code__in={rule.code for rule in rules}):
        standing.setdefault((row.plan, row.code), []).append(row)
    given_way: dict[date | None, list[PayerRule]] = {}  # by the last day that is left to them
    for rule in rules:
        change = change_among(rule, standing.get((rule.plan, rule.code), ()))
        _require_as_seen(change, seen)
        if change.gives_way is not None:
            rule.supersedes = change.gives_way
            given_way.setdefault(change.ends_on, []).append(change.gives_way)
    for last_day, rows in given_way.items():
        _end(rows, last_day, actor=actor, at=at)
    PayerRule.objects.bulk_create(rules)


def _complete(rule: PayerRule, actor: Actor, *, today: date, at: datetime) -> None:
    """Who made it and when, and whether what it says makes sense. That no two rows share a day follows from what gives way."""
    rule.made_at, rule.made_by, rule.made_name, rule.active = at, actor.person, actor.person.name, True
    rule.full_clean(exclude=("payer", "made_by", "supersedes"), validate_unique=False, validate_constraints=False)
    if rule.verified_on > today:
        raise ValidationError({"verified_on": "This day has not come yet."})


def _require_as_seen(change: Change, seen: Change | None) -> None:
    if change.clash is not None:
        raise ValidationError({"valid_until": clash_in_words(change.clash)})
    if seen is not None and change.effect != seen.effect:
        raise Conflict(f"Somebody else changed a rule for {change.code} a moment ago. Look again; nothing was changed.")


@transaction.atomic
def save_schedule(
    *, actor: Actor, payer: Payer, prices: Iterable[Priced], said: Mapping[str, Any], at: datetime
) -> list[PayerRule]:
    """A payer's list of allowed amounts from a day on: each price a new row that says what the one before it says else.

    `said` holds valid_from, source, verified_on, and covered for codes without a row. All of it or nothing; what the rows
    say already is left as it is.
    """
    payer = _locked(actor, payer.pk)
    rules = priced_rules(payer, prices, said)
    if rules:
        _keep(actor, payer, rules, at=at)
        _told(actor, payer, rules[0], at=at)
    return rules


@transaction.atomic
def end_rule(*, actor: Actor, rule: PayerRule, last_day: date | None, reason: str, at: datetime) -> PayerRule:
    """End a row with nothing in its place, after `last_day`; without one it is set aside: it was wrong from the start."""
    payer = _locked(actor, rule.payer_id)
    rule = PayerRule.objects.get(pk=rule.pk)
    if not rule.active:
        raise Conflict("This rule was set aside a moment ago. Reload the page; nothing was changed.")
    require_not_ended(rule)
    if is_filler(reason):
        raise ValidationError({"reason": "Say why; the rule's history keeps it."})
    require_last_day(rule, last_day)
    _end([rule], last_day, actor=actor, at=at, because=printable(reason).strip()[:300])
    _told(actor, payer, rule, at=at)
    return rule


def require_not_ended(rule: PayerRule) -> None:
    """Who ended a rule, when and why stays. Raises Conflict."""
    if rule.ended_at is not None:
        raise Conflict(
            f"{rule.ended_name} ended this rule already; that stays as it is. Where it said something wrong of days before its "
            "end, enter a rule for those days: it takes its place. Nothing was changed."
        )


def require_last_day(rule: PayerRule, last_day: date | None) -> None:
    """Raises ValidationError where a rule cannot end on this day. None: it is set aside whole."""
    if last_day is None:
        return
    if last_day < rule.valid_from:
        raise ValidationError({"last_day": "The last day lies before the first. Leave it empty if it was never right."})
    if last_day >= (rule.valid_until or date.max):
        ends = f" {day_in_words(rule.valid_until)}" if rule.valid_until else ""
        raise ValidationError({"last_day": f"The rule ends{ends} already." if ends else "This day is too far away."})


def _end(rules: Sequence[PayerRule], last_day: date | None, *, actor: Actor, at: datetime, because: str = "") -> None:
    """Only inside a transaction that holds the payer's row. Of a row that was ended before, who did and why stays: what takes
    its place now tells who entered it."""
    said = {"ended_at": at, "ended_name": actor.person.name, "ended_because": because}
    end: dict[str, Any] = {"active": False} if last_day is None else {"valid_until": last_day}
    before, first = ([rule for rule in rules if bool(rule.ended_at) == ended] for ended in (True, False))
    for rows, ended in ((before, end), (first, end | said)):
        standing = PayerRule.objects.in_use().filter(pk__in=[row.pk for row in rows])
        if rows and standing.update(**ended) != len(rows):
            raise Conflict("Somebody else changed this rule a moment ago. Reload the page; nothing was changed.")
        for row in rows:
            for column, value in ended.items():
                setattr(row, column, value)


def clash_in_words(later: PayerRule) -> str:
    began = day_in_words(later.valid_from)
    return f"Another rule for {later.code} begins {began}. End this one before that day, or change that one first."


def _locked(actor: Actor, payer_id: int) -> Payer:
    """The payer's row, so that two changes of its rules come one after the other."""
    require(may(actor, "keep_settings"))
    payer = Payer.objects.select_for_update().get(pk=payer_id)
    if payer.practice_id != actor.practice.pk:
        raise Refused("This belongs to another practice.")
    return payer


def _told(actor: Actor, payer: Payer, rule: PayerRule, *, at: datetime) -> None:
    enqueue(CHECK, payer_id=payer.pk)
    enqueue(REDRAW, payer_id=payer.pk)
    trail.record(
        "changed", noun="payer rule", public_id=rule.public_id, person=actor.person, practice=actor.practice, at=at
    )
