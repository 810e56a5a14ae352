"""How payers answer: how often they deny, why, how long they take, and whether they pay what their schedule says."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet

from billing.figures.report import Asked, Cell, Report, cents, dollars, money, number, percent, percentile, text
from billing.models import Claim, LineOutcome
from billing.outcomes.classify import DONE, LABELS, Outcome
from teledent.kit.bars import Chart, bars_of, share_of

DENIED = sorted(set(Outcome) - DONE - {Outcome.UNDERPAID})  # paid too little is no denial
PAYER = "claim__coverage__payer__name"
MONTHS = ("months",)
NOTHING = "No answer was posted in this time. Bring in the payers' files under Answers."


def _answered(asked: Asked) -> "QuerySet[LineOutcome]":
    return LineOutcome.objects.filter(claim__practice=asked.practice, claim__answered_on__gte=asked.since).order_by()


def denials(asked: Asked) -> Report:
    """Of the lines that each payer answered, how many it denied. One query."""
    denied = Q(outcome__in=DENIED)
    lines = _answered(asked).values(PAYER).annotate(
        answered=Count("pk"), denied=Count("pk", filter=denied), charged=cents("line__charge"), refused=cents("line__charge", where=denied),
    )  # fmt: skip
    found = list(lines.order_by(PAYER))
    rates = [(row, share_of(row["denied"], row["answered"]) or Decimal(0)) for row in found]
    return Report(
        said="Lines with a reason that is more than a split of the price, of all lines that were answered.",
        head=("Payer", "#Lines answered", "#Denied", "#Rate", "#Charged", "#Charged on denied lines"),
        rows=tuple(
            (text(row[PAYER]), number(row["answered"]), number(row["denied"]), percent(rate), money(row["charged"]), money(row["refused"]))
            for row, rate in rates
        ),
        chart=_chart(
            "Denial rate by payer", [(row[PAYER], rate, percent(rate).said, None) for row, rate in rates], whole=Decimal(1)
        ),
        empty=NOTHING, choices=MONTHS,
    )  # fmt: skip


def reasons(asked: Asked) -> Report:
    """What denied lines lacked, the most frequent first. One query."""
    lines = _answered(asked).filter(outcome__in=DENIED).values("outcome")
    found = list(lines.annotate(number=Count("pk"), charged=cents("line__charge")).order_by("-number", "outcome"))
    every = sum(row["number"] for row in found)
    named = [(LABELS[Outcome(row["outcome"])], row) for row in found]
    return Report(
        said="Why lines were denied, in the classes that the answers are sorted into.",
        head=("Reason", "#Lines", "#Of all denied", "#Charged"),
        rows=tuple(
            (text(name), number(row["number"]), percent(share_of(row["number"], every)), money(row["charged"]))
            for name, row in named
        ),
        chart=_chart("Denied lines by reason", [(name, Decimal(row["number"]), f"{row['number']:,}", None) for name, row in named]),
        empty="No line was denied in this time.", choices=MONTHS,
    )  # fmt: skip


def days_to_payment(asked: Asked) -> Report:
    """From the day a claim last went out to the payer's date of the answer that paid. One query, counted by length."""
    paid = Claim.objects.filter(
        practice=asked.practice, answered_on__gte=asked.since, sent_on__isnull=False, paid__gt=0, coverage__isnull=False
    )
    took = ExpressionWrapper(F("answered_on") - F("sent_on"), output_field=DurationField())
    lengths = paid.annotate(took=took).values_list("coverage__payer__name", "took").annotate(number=Count("pk"))
    by_payer: dict[str, dict[int, int]] = defaultdict(dict)
    for payer, length, many in lengths.order_by("coverage__payer__name", "took"):
        by_payer[payer][length.days] = many
    rows = [
        (payer, sum(counts.values()), percentile(counts, 50), percentile(counts, 90))
        for payer, counts in by_payer.items()
    ]
    return Report(
        said="Days from sending to the payer's date of the answer, for claims on which something was paid.",
        head=("Payer", "#Claims paid", "#Median days", "#90 of 100 within, days"),
        rows=tuple((text(payer), number(many), number(median), number(most)) for payer, many, median, most in rows),
        chart=_chart(
            "Days to payment by payer",
            [(payer, Decimal(median or 0), f"{median} and {most} d", Decimal(most or 0)) for payer, _, median, most in rows],
            keys=("Median", "90 of 100 within"),
        ),
        empty="No claim was paid in this time.", choices=MONTHS,
    )  # fmt: skip


def expected(asked: Asked) -> Report:
    """What was paid, the patient's share included, against the schedule by which each line was judged. One query."""
    known = Q(expected__isnull=False)
    lines = _answered(asked).values(PAYER).annotate(
        known=Count("pk", filter=known), unknown=Count("pk", filter=~known), due=cents("expected", where=known),
        got=cents(F("paid") + F("patient_share"), where=known), paid_all=cents("paid"),
    )  # fmt: skip
    found = list(lines.order_by(PAYER))
    judged = [row for row in found if row["known"]]
    return Report(
        said="Lines that a fee schedule of the payer covers. Lines without one are counted apart and judged by nobody.",
        head=(
            "Payer", "#Lines with a schedule", "#Expected", "#Paid", "#Difference", "#Of expected", "#Lines without", "#Paid on all lines",
        ),
        rows=tuple(_against(row) for row in found),
        chart=_chart(
            "Paid against expected by payer",
            [
                (row[PAYER], dollars(row["got"]), f"{money(row['got']).said} of {money(row['due']).said}", dollars(row["due"]))
                for row in judged
            ],
            keys=("Paid", "Expected"),
        ),
        empty=NOTHING, choices=MONTHS,
    )  # fmt: skip


def _against(row: dict[str, int]) -> tuple[Cell, ...]:
    got, due = (row["got"], row["due"]) if row["known"] else (None, None)
    difference = None if got is None or due is None else got - due
    return (
        text(str(row[PAYER])), number(row["known"]), money(due), money(got), money(difference),
        percent(share_of(got or 0, due or 0)), number(row["unknown"]), money(row["paid_all"]),
    )  # fmt: skip


def _chart(
    title: str,
    named: list[tuple[str, Decimal, str, Decimal | None]],
    keys: tuple[str, ...] = (),
    *,
    whole: Decimal = Decimal(0),
) -> Chart | None:
    told = "; ".join(f"{name}: {said}" for name, _, said, _ in named)
    return Chart(title, f"{told}.", bars_of(named, whole=whole), keys) if named else None
