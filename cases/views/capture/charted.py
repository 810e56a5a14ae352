"""The chart of Capture: marks on teeth with all that can be marked, and the services done on site."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.urls import reverse

from cases import charting, dentition, teeth
from cases.models import Case, ProcedureCode
from cases.views.capture.forms import MarkForm, ServiceForm
from cases.wording import what_of


def findings_context(
    case: Case, numbering: str, *, mark_form: MarkForm | None = None, service_form: ServiceForm | None = None
) -> dict[str, Any]:
    """Marks on teeth with the chart to choose from, and services done on site."""
    found = list(case.findings.filter(review__isnull=True))
    age, label = (
        dentition.age_in_years(case.patient.birth_date, case.day_seen),
        partial(teeth.label, numbering=numbering),
    )
    chart = charting.chart(found, age=age, label=label)
    return {
        "findings": [
            {
                "id": finding.pk, "tooth": label(finding.tooth), "name": teeth.name(finding.tooth),
                "condition": what_of(finding.condition, "", finding.icdas), "note": finding.note,
                "surfaces": ", ".join(teeth.SURFACES[surface] for surface in finding.surfaces),
            }
            for finding in found
        ],
        "quadrants": chart, "quadrant": found[0].tooth[:2] if found else "UR", "others": _not_shown(chart, label),
        "numbering": numbering, "numberings": teeth.NUMBERINGS.items(),
        "address": reverse("capture-case", args=[case.public_id]) + "#findings",
        "mark_form": mark_form or MarkForm(auto_id="mark_%s"),
        "services": [(one, label(one.tooth) if one.tooth else "") for one in case.services.select_related("operator")],
        "service_form": service_form or ServiceForm(codes=on_site_codes(case), numbering=numbering, auto_id="service_%s"),
    }  # fmt: skip


def _not_shown(chart: tuple[charting.Quadrant, ...], label: Callable[[str], str]) -> list[tuple[str, str]]:
    """Teeth that age does not expect, to be marked all the same: a retained primary, an early permanent, a supernumerary."""
    shown = {tooth.key for quadrant in chart for row in quadrant.rows for tooth in row if tooth}
    return [(key, f"{label(key)}, {teeth.name(key)}") for key in teeth.universal_by_key() if key not in shown]


def on_site_codes(case: Case) -> list[ProcedureCode]:
    """Codes of services that the practice may use on the day seen; none until it has confirmed its licence (CD-1)."""
    return list(ProcedureCode.objects.done_on_site(case.practice, case.day_seen))
