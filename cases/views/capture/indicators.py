"""Her word on one screening indicator, and taking it back: what is computed is never written over, it stands beside."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from cases.access import get_own_case
from cases.actions.indicators import say_indicator, take_back_indicator
from cases.indicators.computing import CHOICES
from cases.models import Case
from cases.views.capture.indicator_forms import IndicatorForm
from cases.views.capture.page import case_page, is_htmx, part_and_live, to_case
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock

PART = "capture/_indicators.html"


@require_POST
@role_required(Role.HYGIENIST)
def say(request: ActingRequest, public_id: UUID, key: str) -> HttpResponse:
    at = clock.now()
    case = get_own_case(request.actor, public_id, at=at)
    if key not in CHOICES:
        raise Http404("No such indicator.")
    form = IndicatorForm(request.POST, key=key, case=case)
    if not form.is_valid():
        return _shown(request, case, status=422, failed=(key, form))
    said = form.cleaned_data
    say_indicator(actor=request.actor, case=case, key=key, value=said["value"], reason=said["reason"], at=at)
    return _shown(request, case)


@require_POST
@role_required(Role.HYGIENIST)
def take_back(request: ActingRequest, public_id: UUID, key: str) -> HttpResponse:
    at = clock.now()
    case = get_own_case(request.actor, public_id, at=at)
    if key not in CHOICES:
        raise Http404("No such indicator.")
    take_back_indicator(actor=request.actor, case=case, key=key, at=at)
    return _shown(request, case)


def _shown(
    request: ActingRequest, case: Case, *, status: int = 200, failed: tuple[str, IndicatorForm] | None = None
) -> HttpResponse:
    at = clock.now()
    if is_htmx(request):
        return part_and_live(request, case, PART, {"failed_indicator": failed}, at=at, status=status)
    if status == 200:
        return to_case(case, "indicators")
    return case_page(request, case, at=at, status=status, failed_indicator=failed)
