"""The files of a case one by one: the tile that watches its examination, its label, and the order of radiographs."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from cases.access import get_own_asset, get_own_case
from cases.actions.files import label_file, order_films
from cases.actions.phrasing import numbering_of
from cases.models import Asset, Case
from cases.record_facts import has_order
from cases.states import EDITABLE
from cases.view_labels import Family
from cases.views.capture.file_forms import LabelForm, OrderForm
from cases.views.capture.page import (
    Live,
    case_page,
    is_htmx,
    load_files,
    open_cases_of,
    part_and_live,
    pictures_context,
    tile_of,
    to_case,
)
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock


@require_safe
@role_required(Role.HYGIENIST)
def file(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """The tile, for the page that waits for the examination or the turning: 204 while it goes on. Else it leads to the case."""
    asset, case = _of_case(request, public_id)
    if is_htmx(request) and request.GET.get("state") == tile_of(asset, editable=False).awaits:
        return HttpResponse(status=204)
    if is_htmx(request) and case.status in EDITABLE and asset.family is Family.RADIOGRAPH and not has_order(asset):
        return _all(request, case, keep_typed=True)  # the form of its order has to name it
    return shown(request, asset, case)


@require_POST
@role_required(Role.HYGIENIST)
def label(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    asset, case = _of_case(request, public_id)
    form = tile_of(asset, editable=True, data=request.POST, numbering=numbering_of(request.actor.person)).form
    if not form.is_valid():
        if not is_htmx(request):
            return case_page(
                request, case, at=at, status=422, not_saved="The label was not saved: " + _first_error(form)
            )
        return _tile(request, asset, case, status=422, data=request.POST)
    changed_family = form.cleaned_data["view"] != asset.view
    label_file(actor=request.actor, asset=asset, at=at, **form.labels)
    if is_htmx(request) and changed_family:
        return _all(request, case)
    return shown(request, asset, case)


def _first_error(form: LabelForm) -> str:
    return next(f"{form[name].label}: {said[0]}" for name, said in form.errors.items())


@require_POST
@role_required(Role.HYGIENIST)
def order(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    case = get_own_case(request.actor, public_id, at=at)
    films = [asset for asset in load_files(case) if asset.family is Family.RADIOGRAPH and asset.state != "struck"]
    form = OrderForm(request.POST, films=films, auto_id="order_%s")
    if form.is_valid():
        chosen = set(form.films)
        order_films(
            actor=request.actor, films=[film for film in films if film.public_id in chosen], at=at, **form.labels
        )
        return _all(request, case) if is_htmx(request) else to_case(case, "radiographs")
    if is_htmx(request):
        live = Live(case, request.actor, at)
        context = {**pictures_context(request, case, live), "order_form": form, "live": live, "case": case}
        return part_and_live(request, case, "capture/_pictures.html", context, at=at, status=422)
    return case_page(request, case, at=at, status=422, order_form=form)


def shown(request: ActingRequest, asset: Asset, case: Case) -> HttpResponse:
    """After a change: the tile for htmx, the case page otherwise."""
    if not is_htmx(request):
        return to_case(case, "pictures")
    asset.refresh_from_db()
    if asset.is_held:
        return _all(request, case)  # the strip that asks whose it is stands below all tiles
    return _tile(request, asset, case)


def _tile(request: ActingRequest, asset: Asset, case: Case, *, status: int = 200, data: object = None) -> HttpResponse:
    at = clock.now()
    others = open_cases_of(request.actor, without=case) if asset.is_held else []
    tile = tile_of(asset, editable=case.status in EDITABLE, status=case.status, others=others, data=data,
                   numbering=numbering_of(request.actor.person))  # fmt: skip
    return part_and_live(request, case, "capture/_tile.html", {"tile": tile}, at=at, status=status)


def _all(request: ActingRequest, case: Case, *, keep_typed: bool = False) -> HttpResponse:
    """All pictures anew: a file changed its group, a decision or an order is wanted. An order half typed may stay."""
    at = clock.now()
    case.refresh_from_db()
    context = {**pictures_context(request, case, Live(case, request.actor, at)), "keep_typed": keep_typed}
    response = part_and_live(request, case, "capture/_pictures.html", context, at=at)
    response["HX-Retarget"], response["HX-Reswap"] = "#pictures-all", "outerHTML"
    return response


def _of_case(request: ActingRequest, public_id: UUID) -> tuple[Asset, Case]:
    """A file that lies in a case of hers, with that case."""
    at = clock.now()
    asset = get_own_asset(request.actor, public_id, at=at)
    if asset.case is None:
        raise Http404("This file is in no case yet.")
    return asset, get_own_case(request.actor, asset.case.public_id, at=at)


def whole(request: ActingRequest, case: Case | None) -> HttpResponse:
    """After a decision about a file: all pictures of its case, or the tray."""
    if case is None:
        return redirect("capture-tray")
    return _all(request, case) if is_htmx(request) else to_case(case, "pictures")
