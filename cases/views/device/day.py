"""School days to take along, and what was marked on one."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from cases.access_device import get_device, get_own_event
from cases.actions.forwarding_marks import forward_mark
from cases.device.marking import read_mark
from cases.device_day import day_for_device, events_near
from cases.views.device.answering import answer, for_devices
from teledent.accounts.acting import ActingRequest
from teledent.accounts.trail import record_read
from teledent.kit import canonical, clock


@require_safe
@for_devices
def events(request: ActingRequest) -> HttpResponse:
    return answer({"events": events_near(request.actor, clock.now())})


@require_safe
@for_devices
def day(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """304 without content where the device has it as it is."""
    at = clock.now()
    event = get_own_event(request.actor, public_id)
    record_read(request.actor, noun="school day list", public_id=event.public_id, at=at)
    content = day_for_device(event, at=at)
    tag = f'"{canonical.sha256_of(content)}"'
    response = HttpResponse(status=304) if request.headers.get("If-None-Match") == tag else answer(content)
    response["ETag"] = tag
    return response


@require_http_methods(["PUT"])
@for_devices
def mark(request: ActingRequest, public_id: UUID) -> HttpResponse:
    act = read_mark(request.body)
    device, event = get_device(request.actor, act.device), get_own_event(request.actor, act.event)
    kept, made = forward_mark(
        actor=request.actor, device=device, event=event, public_id=public_id, act=act, at=clock.now()
    )
    return answer(kept.receipt, status=201 if made else 200)
