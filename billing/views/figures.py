"""What is owed and how payers answer: one page a report, with its chart, its table and its CSV."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from billing.ageing import BASES, BASIS_LABELS
from billing.figures import REPORTS
from billing.figures.report import Asked, Cell, Report, text
from billing.views.worklist import READERS
from cases.views.showing import Tab
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.days import today_in
from teledent.files.sending import Answer, send_content
from teledent.kit import clock
from teledent.kit.csv_cells import csv_bytes

MONTHS = (3, 6, 12, 24)
MOST = 200  # rows of a page; the CSV holds all


@dataclass(frozen=True, slots=True)
class ShownCell:
    cell: Cell
    column: str
    figure: bool


class ChoiceForm(forms.Form):
    basis = forms.ChoiceField(label="Age counts", required=False, choices=list(BASIS_LABELS.items()))
    months = forms.ChoiceField(
        label="How far back",
        required=False,
        choices=[(str(one), f"The last {one} months") for one in MONTHS],
        initial="12",
    )


@require_safe
@role_required(*READERS)
def figures(request: ActingRequest, report: str) -> HttpResponse:
    asked = _asked(request)
    made = _made(report, asked)
    chosen = {"basis": asked.basis, "months": str(asked.months)}
    form = ChoiceForm(initial=chosen)
    for name in set(form.fields) - set(made.choices):
        del form.fields[name]
    heeded = urlencode({name: chosen[name] for name in made.choices})
    context = {
        "report": made, "label": REPORTS[report][0], "form": form, "here": "claims",
        "head": [ShownCell(text(""), one.removeprefix("#"), one.startswith("#")) for one in made.head],
        "rows": [_row(made, row) for row in made.rows[:MOST]], "more": max(0, len(made.rows) - MOST), "total": _row(made, made.total),
        "tabs": [Tab(reverse("figures", args=[name]), label, None, name == report) for name, (label, _) in REPORTS.items()],
        "csv": f"{reverse('figures-csv', args=[report])}?{heeded}",
    }  # fmt: skip
    return render(request, "claims/figures.html", context)


@require_safe
@role_required(*READERS)
def figures_csv(request: ActingRequest, report: str) -> Answer:
    """The whole table, bare figures, every cell text that no spreadsheet computes."""
    asked = _asked(request)
    content = csv_bytes(_made(report, asked).as_csv())
    return send_content(content, media_type="text/csv; charset=utf-8", name=f"{report}-{asked.today}.csv")


def _asked(request: ActingRequest) -> Asked:
    """The choices of the address; what is no choice is the first of its kind."""
    basis, months = request.GET.get("basis", ""), request.GET.get("months", "")
    return Asked(
        request.actor.practice, today_in(request.actor.practice, clock.now()), basis=basis if basis in BASES else "service",
        months=int(months) if months in map(str, MONTHS) else 12,
    )  # fmt: skip


def _made(report: str, asked: Asked) -> Report:
    if report not in REPORTS:
        raise Http404("No such report.")
    return REPORTS[report][1](asked)


def _row(report: Report, row: tuple[Cell, ...]) -> list[ShownCell]:
    return [
        ShownCell(cell, head.removeprefix("#"), head.startswith("#"))
        for head, cell in zip(report.head, row, strict=False)
    ]
