"""Questions back from the dentist: each is answered, or said to be impossible; submit then makes the new version (CA-6)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from cases.access import get_own_case
from cases.actions.reviewing import answer_request
from cases.models import InfoItem
from cases.views.capture.forms import AnswerForm
from cases.views.capture.page import to_case
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock
from teledent.kit.decisions import Refused


@require_POST
@role_required(Role.HYGIENIST)
def answer(request: ActingRequest, public_id: UUID, number: int) -> HttpResponse:
    at = clock.now()
    case = get_own_case(request.actor, public_id, at=at)
    item = InfoItem.objects.filter(request__case=case, pk=number).select_related("request").first()
    if item is None:
        raise Http404("No such question.")
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise Refused("The answer is too long: 500 characters at most, 200 for why it cannot be supplied.")
    answer_request(actor=request.actor, item=item, at=at, **form.cleaned_data)
    messages.success(request, "Answered. Sign and submit again when everything is in.")
    return to_case(case, "questions")
