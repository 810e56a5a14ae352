"""The slate of a child: photographed before her pictures, so that those on a card are told apart."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from cases.access import get_own_case
from cases.events.slates import Slate, svg_of
from cases.slates import place_of_case
from cases.views.showing import enrolment_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock


@require_safe
@role_required(Role.HYGIENIST)
def slate(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Who is on the list of no school day has no tag, and her slate no code."""
    case = get_own_case(request.actor, public_id, at=clock.now())
    place, home = place_of_case(case), enrolment_of(case.patient, site_id=case.site_id)
    code = svg_of(Slate(place.event.public_id, place.tag)) if place else ""
    context = {
        "case": case, "place": place, "room": home.room if home else "",
        "code": mark_safe(code),  # noqa: S308 - drawn by segno of an id and a tag
    }  # fmt: skip
    return render(request, "capture/slate.html", context)
