"""UCR review: what each payer allows for D9996 and the evaluations it rides with, against the practice's usual fee."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce, TruncMonth

from billing.claims.facts import ASYNCHRONOUS
from billing.figures.report import Asked, Cell, Report, cents, money, number, percent, text
from billing.models import LineOutcome, Payer
from teledent.kit.bars import Chart, bars_of, share_of

PAYER, REGION = "claim__coverage__payer__name", "claim__case__site__state"
BY = (PAYER, "line__code", REGION, "month")


def ucr(asked: Asked) -> Report:
    """By payer, code, state of the site and month of service. Two queries; an average is of one unit.

    What a plan allows is what it says it does, else what it paid and laid on the patient.
    """
    companions = Payer.objects.filter(practice=asked.practice).values_list("companion_codes", flat=True)
    codes = {ASYNCHRONOUS}.union(*companions)
    lines = LineOutcome.objects.filter(
        claim__practice=asked.practice,
        line__code__in=codes,
        line__service_date__gte=asked.since,
        line__charge__isnull=False,
    )
    allowed = Coalesce(F("allowed"), F("paid") + F("patient_share"))
    found = list(
        lines.annotate(month=TruncMonth("line__service_date")).values(*BY).annotate(
            lines=Count("pk"), units=Sum("line__quantity"), usual=cents("line__charge"), allows=cents(allowed), pays=cents("paid"),
        ).order_by(PAYER, "line__code", REGION, "-month")
    )  # fmt: skip
    return Report(
        said="Usual fee, what the plan allows and what it paid, each for one unit, of answered lines by month of service.",
        head=("Payer", "Code", "Region", "Month", "#Lines", "#Usual fee", "#Allowed", "#Paid", "#Allowed of usual"),
        rows=tuple(_row(row) for row in found),
        chart=_chart(found), empty="No line of D9996 or its companions was answered in this time.", choices=("months",),
    )  # fmt: skip


def _row(row: dict[str, Any]) -> tuple[Cell, ...]:
    each = {name: each_of(row[name], row["units"]) for name in ("usual", "allows", "pays")}
    return (
        text(row[PAYER]), text(row["line__code"]), text(row[REGION]), text(f"{row['month']:%Y-%m}"), number(row["lines"]),
        money(each["usual"]), money(each["allows"]), money(each["pays"]), percent(share_of(row["allows"], row["usual"])),
    )  # fmt: skip


def each_of(amount: int, units: int) -> int:
    """Cents of one unit, half a cent up."""
    return int((Decimal(amount) / Decimal(units)).to_integral_value("ROUND_HALF_UP")) if units else 0


def _chart(found: list[dict[str, Any]]) -> Chart | None:
    """One bar a payer, over all its codes that have a fee."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in found:
        sums[row[PAYER]][0] += row["allows"]
        sums[row[PAYER]][1] += row["usual"]
    shares = [(payer, share_of(allows, usual)) for payer, (allows, usual) in sums.items()]
    named = [(payer, share, percent(share).said, None) for payer, share in shares if share is not None]
    told = "; ".join(f"{payer}: {said}" for payer, _, said, _ in named)
    return Chart("Allowed of the usual fee, by payer", f"{told}.", bars_of(named, whole=Decimal(1))) if named else None
