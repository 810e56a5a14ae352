"""What she sees on teeth, and what she did on site."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from cases.access import get_own_case
from cases.actions.capturing import record_service
from cases.actions.capturing import remove_service as take_back_service
from cases.actions.charting import mark_teeth, unmark_tooth
from cases.actions.phrasing import numbering_of
from cases.models import Case
from cases.views.capture.charted import findings_context, on_site_codes
from cases.views.capture.forms import MarkForm, ServiceForm
from cases.views.capture.page import case_page, is_htmx, part_and_live, to_case
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock

FINDINGS, SERVICES = ("capture/_findings.html", "findings"), ("capture/_services.html", "services")


@require_POST
@role_required(Role.HYGIENIST)
def mark(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    case = get_own_case(request.actor, public_id, at=at)
    form = MarkForm(request.POST, auto_id="mark_%s")
    if not form.is_valid():
        return _shown(request, case, FINDINGS, status=422, mark_form=form)
    said = form.cleaned_data
    mark_teeth(
        actor=request.actor, case=case, teeth=said["teeth"], conditions=said["conditions"], surfaces="".join(said["surfaces"]),
        icdas=said["icdas"], note=said["note"], at=at,
    )  # fmt: skip
    return _shown(request, case, FINDINGS)


@require_POST
@role_required(Role.HYGIENIST)
def unmark(request: ActingRequest, public_id: UUID, number: int) -> HttpResponse:
    at = clock.now()
    case = get_own_case(request.actor, public_id, at=at)
    unmark_tooth(actor=request.actor, case=case, finding_id=number, at=at)
    return _shown(request, case, FINDINGS)


@require_POST
@role_required(Role.HYGIENIST)
def add_service(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    case = get_own_case(request.actor, public_id, at=at)
    form = ServiceForm(
        request.POST, codes=on_site_codes(case), numbering=numbering_of(request.actor.person), auto_id="service_%s"
    )
    if not form.is_valid():
        return _shown(request, case, SERVICES, status=422, service_form=form)
    try:
        record_service(actor=request.actor, case=case, at=at, **form.cleaned_data)
    except ValidationError:
        form.add_error("code", "This service is recorded already for this tooth. Remove it first to change it.")
        return _shown(request, case, SERVICES, status=422, service_form=form)
    return _shown(request, case, SERVICES)


@require_POST
@role_required(Role.HYGIENIST)
def remove_service(request: ActingRequest, public_id: UUID, number: int) -> HttpResponse:
    at = clock.now()
    case = get_own_case(request.actor, public_id, at=at)
    take_back_service(actor=request.actor, case=case, service_id=number, at=at)
    return _shown(request, case, SERVICES)


def _shown(
    request: ActingRequest, case: Case, part: tuple[str, str], *, status: int = 200, **bound: Any
) -> HttpResponse:
    """The part anew with the live parts; without htmx the page, at that place."""
    at = clock.now()
    template, place = part
    if not is_htmx(request):
        if status == 200:
            return to_case(case, place)
        return case_page(request, case, at=at, status=status, **bound)
    context = findings_context(case, numbering_of(request.actor.person), **bound)
    return part_and_live(request, case, template, context, at=at, status=status)
