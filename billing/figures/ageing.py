"""Accounts receivable by payer and age, each figure with the list behind it."""

from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q
from django.urls import reverse

from billing.ageing import BASES, BASIS_LABELS, BUCKETS, Bucket
from billing.figures.report import Asked, Cell, Report, cents, dollars, money, number, text
from billing.models import Claim, LineOutcome
from teledent.kit.bars import Chart, bars_of

PAYER = ("coverage__payer__public_id", "coverage__payer__name")
OWED_IS = "Sent and not paid or closed: the charge less what was paid, written off or left to the patient."
OPEN = F("total") - F("paid") - F("patient_share")  # less what is written off, which stands on the lines


def ageing(asked: Asked) -> Report:
    """What each payer owes by age. Two queries however many claims there are."""
    owed = Claim.objects.filter(practice=asked.practice).owed()
    found = {row[PAYER[0]]: row for row in owed.values(*PAYER).order_by(PAYER[1]).annotate(**_sums(asked, "", OPEN))}
    lines = LineOutcome.objects.filter(claim__in=owed).values(f"claim__{PAYER[0]}").order_by()
    off: dict[Any, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    off |= {row[f"claim__{PAYER[0]}"]: row for row in lines.annotate(**_sums(asked, "claim__", "written_off"))}
    rows = [_row(asked, row, off[payer]) for payer, row in found.items()]
    totals = [sum(amounts[at] for _, amounts in rows) for at in range(len(BUCKETS) + 1)]
    counts = sum(row["counted"] for row in found.values())
    bars = [(one.label, dollars(sum_), money(sum_).said, None) for one, sum_ in zip(BUCKETS, totals, strict=False)]
    return Report(
        said=f"{OWED_IS} {BASIS_LABELS[asked.basis]}.",
        head=("Payer", *(f"#{bucket.label}" for bucket in BUCKETS), "#Together", "#Claims"),
        rows=tuple(cells for cells, _ in rows),
        total=(text("Together"), *(money(one) for one in totals), number(counts)) if rows else (),
        chart=Chart("What is owed, by age", _told(totals), bars_of(bars)) if rows else None,
        empty="Nothing is owed. Claims that went out stand here until they are paid or closed.", choices=("basis",),
    )  # fmt: skip


def _sums(asked: Asked, path: str, amount: Any) -> dict[str, Any]:
    """For each bucket the cents and, of claims, how many; and how many together."""
    sums: dict[str, Any] = {}
    for at, bucket in enumerate(BUCKETS):
        sums[f"cents_{at}"] = cents(amount, where=_aged(bucket, asked, path))
    return sums if path else {**sums, "counted": Count("pk")}


def _aged(bucket: Bucket, asked: Asked, path: str) -> Q:
    column = f"{path}{BASES[asked.basis]}"
    earliest, latest = bucket.between(asked.today)
    found = Q() if earliest is None else Q(**{f"{column}__gte": earliest})
    return found if latest is None else found & Q(**{f"{column}__lte": latest})


def _row(asked: Asked, row: dict[str, Any], off: dict[str, int]) -> tuple[tuple[Cell, ...], list[int]]:
    amounts = [row[f"cents_{at}"] - off[f"cents_{at}"] for at in range(len(BUCKETS))]
    payer = str(row[PAYER[0]] or "none")
    cells = [money(one, href=_list(asked, payer, bucket.key)) for one, bucket in zip(amounts, BUCKETS, strict=True)]
    together = sum(amounts)
    name = text(row[PAYER[1]] or "No payer", href=_list(asked, payer))
    return (name, *cells, money(together), number(row["counted"])), [*amounts, together]


def _list(asked: Asked, payer: str, age: str = "") -> str:
    """The claims behind a figure, as the desk's list filters them."""
    chosen = {"show": "owed", "payer": payer, "age": age, "basis": asked.basis if asked.basis != "service" else ""}
    return f"{reverse('desk')}?{urlencode({name: value for name, value in chosen.items() if value})}"


def _told(totals: list[int]) -> str:
    return "; ".join(f"{one.label}: {money(sum_).said}" for one, sum_ in zip(BUCKETS, totals, strict=False)) + "."
