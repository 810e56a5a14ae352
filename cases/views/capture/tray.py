"""The unassigned tray: imported files that no patient matched exactly; a person places each, or strikes it off (ID-2)."""

from datetime import date, datetime

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.matching import written_name
from cases.models import Asset
from cases.trays import cases_named_in, cases_of_slates, slates_shown
from cases.views.capture.page import open_cases_of, thumbnails, tile_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock

PER_PAGE = 12
AGREES = "Name, id and birth date in the file agree"
ON_SLATE = "The slate in the picture names the child"


@require_safe
@role_required(Role.HYGIENIST)
def tray(request: ActingRequest) -> HttpResponse:
    rows = Asset.objects.in_tray(request.actor).select_related("site", "declared_by", "program")
    rows = rows.prefetch_related(thumbnails()).order_by("declared_at", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    meant, slates = cases_named_in(request.actor, list(page)), slates_shown(request.actor, list(page))
    of_slate = cases_of_slates(request.actor, slates)
    files = [
        {
            "tile": tile_of(asset, editable=False), "says": _what_it_says(asset), "slates": slates.get(asset.pk, []),
            "meant": [(AGREES, case) for case in meant.get(asset.pk, [])] + [(ON_SLATE, case) for case in of_slate.get(asset.pk, [])],
        }
        for asset in page
    ]  # fmt: skip
    context = {"page": page, "files": files, "cases": open_cases_of(request.actor)}
    return render(request, "capture/tray.html", context)


def _what_it_says(asset: Asset) -> list[tuple[str, str]]:
    """What the file itself says, as facts to compare with the child; nothing is concluded from them here."""
    found = asset.examination
    identity, device, taken = found.get("identity") or {}, found.get("device") or {}, found.get("captured_at") or {}
    named = " ".join(part for part in (device.get("make", ""), device.get("model", "")) if part)
    said = [
        ("Name", written_name(identity)), ("Born", _day(identity.get("birth_date", ""))), ("Id", identity.get("patient_id", "")),
        ("Taken", _moment(taken.get("local", ""))), ("Device", named), ("File", _name_of(asset)),
        ("From", asset.sender), ("Site", asset.site.name),
    ]  # fmt: skip
    return [(label, str(value)) for label, value in said if value]


def _name_of(asset: Asset) -> str:
    """What came over the network has no name but its own identifier, which says nothing to anybody."""
    return "" if asset.program and asset.program.ae_title else asset.declared_name


def _day(said: str) -> str:
    return clock.day_in_words(date.fromisoformat(said)) if said else ""


def _moment(said: str) -> str:
    """By the clock of the device, which knows no zone."""
    taken = datetime.fromisoformat(said) if said else None
    return f"{clock.day_in_words(taken.date())}, {taken:%H:%M:%S}" if taken else ""
