"""The heartbeat of an open reading page: it holds the case and says what came in meanwhile."""

import json
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from cases import limits
from cases.access import get_case
from cases.actions import reviewing
from cases.permissions import may
from cases.views.reading.gate import draft_of
from cases.views.reading.page import received_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock


@require_POST
@role_required(Role.DENTIST)
def beat(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Sent by the page itself every half minute, so it is no sign of life and reads no more than it says."""
    at = clock.now()
    case = get_case(request.actor, public_id, at=at)
    holds = may(request.actor, "write_review", case, at=at)
    if not holds:
        lost = {"case": case, "reason": holds.reason, "again": may(request.actor, "start_review", case, at=at)}
        return render(request, "reading/_hold_lost.html", lost, status=409)
    review = draft_of(request.actor, case)
    before, seen = dict(review.limits_offered), request.POST.get("received", "")
    reviewing.keep_lease(actor=request.actor, case=case, at=at)
    reviewing.follow_arrivals(actor=request.actor, review=review, at=at)
    context = {"case": case, **received_of(case)}
    context["arrived"] = context["received"] - int(seen) if seen.isdecimal() and len(seen) < 4 else 0
    answer = render(request, "reading/_arrivals.html", context)
    if followed := limits.changes(before, review.limits_offered):
        told = {"draft-version": {"version": review.version}, "limits-follow": {"changes": followed}}
        answer["HX-Trigger"] = json.dumps(told)
    return answer
