"""Whose slate it is, by the lists of the practice's school days; pictures of slates are judged and suggested by it."""

from collections.abc import Collection, Mapping
from typing import Any

from cases.events.slates import Slate, slate_in
from cases.models import Case, EventChild


def slates_in(examination: Mapping[str, Any]) -> tuple[Slate, ...]:
    """Those whose codes the decoder read in a picture; none of a file that was examined before it looked for them."""
    return tuple(slate for code in examination.get("slates", ()) if (slate := slate_in(code)))


def places_of(practice_id: int, slates: Collection[Slate]) -> dict[Slate, EventChild]:
    """The lines of the lists that they name. One query; a slate of another practice, or of a line taken off, has none."""
    if not slates:
        return {}
    rows = EventChild.objects.filter(
        event__practice=practice_id, event__public_id__in={one.event for one in slates}, tag__in={one.tag for one in slates}
    )  # fmt: skip
    found = {
        Slate(row.event.public_id, row.tag): row for row in rows.select_related("event__site", "patient__merged_into")
    }
    return {slate: found[slate] for slate in slates if slate in found}


def place_of_case(case: Case) -> EventChild | None:
    """Her line on the list of the school day on which the case was seen."""
    rows = EventChild.objects.filter(
        event__site=case.site_id, event__starts_on__lte=case.day_seen, event__ends_on__gte=case.day_seen,
        event__cancelled_at__isnull=True, patient__in=case.patient.with_merged(),
    )  # fmt: skip
    return rows.select_related("event__site").order_by("-event__starts_on", "pk").first()
