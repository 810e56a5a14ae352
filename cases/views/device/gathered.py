"""Cases that were gathered on a device: taken in, told of, and submitted."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from cases.access import get_site
from cases.access_device import get_device, get_forwarded, get_gathering, get_own_event
from cases.actions.finishing import Finished, finish_case
from cases.actions.forwarding import Sending, forward_case
from cases.device.manifest import read_envelope
from cases.device.reading import Reader, Unreadable, read_json
from cases.device_state import standing_of, state_told
from cases.models import Forward
from cases.views.device.answering import answer, for_devices, named_device, refusal
from teledent.accounts.acting import ActingRequest
from teledent.kit import clock
from teledent.kit.decisions import Conflict

FINISH_MAX = 4 << 10  # bytes
OTHER_CASE = "The manifest is of another case than its address."


@require_http_methods(["GET", "HEAD", "PUT"])
@for_devices
def case(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """PUT takes a manifest in; GET tells what came of the newest one, of the device that asks, and how things stand."""
    at = clock.now()
    if request.method == "PUT":
        return _taken(request, public_id, at)
    there, newest = get_forwarded(request.actor, public_id, at=at, device=named_device(request))
    return answer({"receipt": newest.receipt if newest else None, "now": standing_of(there, newest) if there else None})


def _taken(request: ActingRequest, public_id: UUID, at: datetime) -> HttpResponse:
    sent = read_envelope(request.body, today=at.date(), file_size_max=settings.FILE_SIZE_MAX)
    manifest = sent.manifest
    if manifest.case != public_id:
        raise Unreadable(OTHER_CASE)
    get_gathering(request.actor, public_id, at=at)  # the gate: 404 for a case that is not hers
    sending = Sending(get_device(request.actor, sent.device), sent.sent_at, sent.clock_offset_ms, sent.sha256)
    event = get_own_event(request.actor, manifest.event) if manifest.event else None
    try:
        forward, made = forward_case(
            actor=request.actor, sending=sending, manifest=manifest, site=get_site(request.actor, manifest.site), event=event, at=at
        )  # fmt: skip
    except Conflict as conflict:
        there = get_gathering(request.actor, public_id, at=at)
        newest = Forward.objects.filter(case_public_id=public_id).order_by("-revision").first()
        known = state_told(there) if there else {}
        return refusal(409, conflict.sentence, newest_revision=newest.revision if newest else 0, **known)
    return answer(forward.receipt, status=201 if made else 200)


@require_POST
@for_devices
def finish(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Whether it is submitted now, or what stands against it."""
    at = clock.now()
    said = Reader(
        read_json(request.body, size_max=FINISH_MAX), "", ("device", "revision", "sent_at", "clock_offset_ms"), []
    )
    device, revision, offset = said.id("device"), said.number("revision", 1, 1_000_000), said.offset()
    said.instant("sent_at")
    said.finish()
    there, _ = get_forwarded(request.actor, public_id, at=at)
    if there is None:
        raise Conflict("Say first whom this case is about; then it can be submitted.")
    return answer(_said(finish_case(
        actor=request.actor, device=get_device(request.actor, device), case=there, revision=revision, clock_offset_ms=offset, at=at
    )))  # fmt: skip


def _said(finished: Finished) -> dict[str, object]:
    submission = finished.submission
    return {
        "submitted": submission is not None, "label": finished.case.label, "version": submission.version if submission else None,
        "at": submission.at if submission else None,
        "stops": [{"sentence": stop.sentence, "mend": stop.mend} for stop in finished.stops],
    }  # fmt: skip
