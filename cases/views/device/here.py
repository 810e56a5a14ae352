"""The first words between a device and the server: who is here, what time it is, which device this is."""

from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_POST, require_safe

from cases.actions.devices import register_device
from cases.actions.phrasing import numbering_of
from cases.actions.submitting import STATEMENT, STATEMENT_TEXT
from cases.device.reading import Reader, read_json
from cases.views.device.answering import answer, for_devices
from teledent.accounts.acting import ActingRequest
from teledent.kit import clock

ECHO_MAX = 40
MESSAGE_MAX = 4 << 10  # bytes


@require_safe
@for_devices
def hello(request: ActingRequest) -> HttpResponse:
    person, practice = request.actor.person, request.actor.practice
    return answer({
        "person": {"id": person.public_id, "name": person.name}, "numbering": numbering_of(person), "csrf": get_token(request),
        "practice": {"id": practice.public_id, "name": practice.name, "on_call_phone": practice.on_call_phone},
        "server_time": clock.now(), "version": settings.VERSION, "echo": request.GET.get("echo", "")[:ECHO_MAX],
        "statement": {"key": STATEMENT, "text": STATEMENT_TEXT},
    })  # fmt: skip


@require_POST
@for_devices
def register(request: ActingRequest) -> HttpResponse:
    said = Reader(read_json(request.body, size_max=MESSAGE_MAX), "", ("id", "name", "clock_offset_ms"), [])
    public_id, name, offset = said.id("id"), said.text("name", 60, needed=True), said.offset()
    said.finish()
    device, made = register_device(
        actor=request.actor, public_id=public_id, name=name, clock_offset_ms=offset, at=clock.now()
    )
    told = {
        "id": device.public_id,
        "name": device.name,
        "registered_at": device.registered_at,
        "last_seen_at": device.last_seen_at,
    }
    return answer({**told, "retired": False, "sentence": ""}, status=201 if made else 200)
