"""Keeps what `billing.clocks` says of a claim on its row: `due_on`, `due_kind`, `desk`. Nothing else writes them.

`rule_limits`, the days that the payer's dated rules give for its lines, are written by the check, and here when the rules
change after a claim was sent.

`billing.moving.write` asks `drawn` at every change of a claim; a payer whose limits changed has its claims drawn anew by the
job `REDRAW`, in the transaction of the change that needs it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from billing.clocks import Limits, Standing, due_of
from billing.models import Claim, Frequency, Payer
from billing.models.claim import ClaimQuerySet
from billing.states import Status
from billing.terms import RuleBook, read_rules
from teledent.accounts.days import zone_of
from teledent.kit import clock

REDRAW = "billing.redraw_deadlines"  # the job that draws those of a whole payer
Changes = Literal["", "correction", "void"]
CHANGES: dict[str, Changes] = {Frequency.REPLACEMENT: "correction", Frequency.VOID: "void"}
COLUMNS = ("due_on", "due_kind", "desk", "rule_limits")
BATCH = 500


def limits_of(payer: Payer | None, rule_limits: Mapping[str, int] | None = None) -> Limits:
    """The days that a payer gives: by its dated rules for a claim's lines (`Claim.rule_limits`), else as its profile has
    them. A claim without a payer has none."""
    if payer is None:
        return Limits()
    by_rule = rule_limits or {}
    return Limits(
        by_rule.get("filing", payer.filing_limit_days),
        by_rule.get("correction", payer.correction_days),
        by_rule.get("appeal", payer.appeal_days),
        payer.answer_expected_days,
    )


def standing_of(claim: Claim, changes: Mapping[str, Any] | None = None, *, zone: str = "") -> Standing:
    """What the clocks read of a claim, or of the claim as it will be with these columns changed.

    `zone` is the practice's, where a list has asked for it already.
    """

    def value(column: str) -> Any:
        return (changes or {}).get(column, getattr(claim, column))

    kind: Changes = CHANGES.get(claim.frequency, "")
    wanted_at = claim.made_at if kind == "void" else value("void_wanted_at")
    wanted_on: date | None = clock.local_date(wanted_at, zone or zone_of(claim.practice)) if wanted_at else None
    answered_on = value("answered_on")
    if answered_on is None and kind == "correction" and claim.replaces is not None:
        answered_on = claim.replaces.answered_on
    return Standing(Status(value("status")), value("service_date"), value("sent_on"), answered_on, wanted_on, kind)


def drawn(claim: Claim, changes: Mapping[str, Any] | None = None, *, limits: Limits | None = None) -> dict[str, Any]:
    """The columns that follow from a claim as it will be with `changes`. `limits` where others than the profile's hold."""
    by_rule = (changes or {}).get("rule_limits", claim.rule_limits)
    due = due_of(standing_of(claim, changes), limits or limits_of(_payer(claim, changes or {}), by_rule))
    return {"due_on": due.on, "due_kind": due.kind or "", "desk": due.desk.value}


def _payer(claim: Claim, changes: Mapping[str, Any]) -> Payer | None:
    coverage_id = changes.get("coverage_id", claim.coverage_id)
    if coverage_id == claim.coverage_id:
        return claim.coverage.payer if claim.coverage else None
    return Payer.objects.get(coverages=coverage_id) if coverage_id is not None else None


def redraw(claims: ClaimQuerySet) -> int:
    """Draw these claims anew and write those that differ; how many. In batches, each by the keys after the last one's."""
    written, last = 0, 0
    rows = claims.with_replaced().select_related("coverage__payer", "practice").defer("facts", "draft", "problems")
    rows = rows.order_by("pk").prefetch_related("lines")
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        book = read_rules(claim.coverage.payer_id for claim in batch if claim.coverage)
        differing = [claim for claim in batch if _take(claim, book)]
        Claim.objects.bulk_update(differing, COLUMNS)
        written += len(differing)
    return written


def _take(claim: Claim, book: RuleBook) -> bool:
    before = [getattr(claim, column) for column in COLUMNS]
    payer = claim.coverage.payer if claim.coverage else None
    claim.rule_limits = book.limits_for(payer, claim.lines.all()) if payer else {}
    for column, value in drawn(claim).items():
        setattr(claim, column, value)
    return before != [getattr(claim, column) for column in COLUMNS]
