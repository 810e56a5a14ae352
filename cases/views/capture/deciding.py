"""Decisions about a file, each with its reason: it is this child's, it is another's, it goes, it is tried again (ID-2, ID-3)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from cases.access import get_own_asset, get_own_case
from cases.actions.correcting import put_right
from cases.actions.files import accept_held_file, examine_again, strike_file
from cases.models import Case
from cases.states import WITH_DENTISTS, Status
from cases.views.capture.file_forms import AcceptForm, MoveForm
from cases.views.capture.files import shown, whole
from cases.views.capture.forms import ReasonForm, posted
from cases.views.capture.page import open_cases_of, tile_of
from cases.views.showing import banner_of_case, enrolment_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock
from teledent.kit.decisions import Refused


@require_POST
@role_required(Role.HYGIENIST)
def accept(request: ActingRequest, public_id: UUID) -> HttpResponse:
    asset = get_own_asset(request.actor, public_id, at=clock.now())
    form = AcceptForm(request.POST)
    if not form.is_valid():
        raise Refused("Say how you know whose picture it is; the timeline keeps it.")
    accept_held_file(actor=request.actor, asset=asset, reason=form.cleaned_data["reason"], at=clock.now())
    return whole(request, asset.case)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.HYGIENIST)
def move(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """To another open case: from a case, where the picture was on the wrong child, or from the tray."""
    at = clock.now()
    asset = get_own_asset(request.actor, public_id, at=at)
    form = MoveForm(posted(request), auto_id="move_%s")
    if request.method == "POST" and form.is_valid():
        origin = asset.case
        to = get_own_case(request.actor, form.cleaned_data["to"], at=at)
        put_right(actor=request.actor, asset=asset, to=to, reason=form.cleaned_data["reason"], at=at)
        done = "Copied" if origin is not None and origin.status == Status.RETRACTED else "Moved"
        messages.success(request, f"{done} to {to.patient.name}, {to.label}. Both timelines keep the reason.")
        return whole(request, origin)
    case = asset.case
    banner = banner_of_case(case, enrolment=enrolment_of(case.patient, site_id=case.site_id)) if case else None
    context = {
        "tile": tile_of(asset, editable=False), "form": form, "case": case, "banner": banner, "zone": asset.site.time_zone,
        "cases": open_cases_of(request.actor, without=case), **_consequence(case),
    }  # fmt: skip
    return render(request, "capture/move.html", context, status=422 if form.errors else 200)


def _consequence(case: Case | None) -> dict[str, str]:
    """What else the act does, said before it is done; and the word on its button."""
    if case is not None and case.status in WITH_DENTISTS:
        who = f"{case.reader} is reading it and is told at once. " if case.status == Status.IN_REVIEW else ""
        return {
            "consequence": f"{case.label} is with the dentists. {who}It comes back to you without this picture; submit it again then.",
            "verb": "Take the case back and move it",
        }  # fmt: skip
    if case is not None and case.status == Status.RETRACTED:
        return {
            "consequence": f"{case.label} was signed and retracted, so it keeps its pictures. The other case gets a copy of this one.",
            "verb": "Copy it there",
        }
    return {"consequence": "", "verb": "Move it there"}


@require_POST
@role_required(Role.HYGIENIST)
def strike(request: ActingRequest, public_id: UUID) -> HttpResponse:
    asset = get_own_asset(request.actor, public_id, at=clock.now())
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused("Say why the file is struck off; the timeline keeps it.")
    strike_file(actor=request.actor, asset=asset, reason=form.cleaned_data["reason"], at=clock.now())
    return whole(request, asset.case)


@require_POST
@role_required(Role.HYGIENIST)
def retry(request: ActingRequest, public_id: UUID) -> HttpResponse:
    asset = get_own_asset(request.actor, public_id, at=clock.now())
    examine_again(actor=request.actor, asset=asset, at=clock.now())
    return shown(request, asset, asset.case) if asset.case else whole(request, None)
