"""The first words between a device and the server: who is here, what time it is, which device this is."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_POST, require_safe

from cases.access_device import find_device, get_wipe_order, open_wipe_order
from cases.actions.devices import register_device, retirement
from cases.actions.keeping_devices import answer_wipe, newest_recovery_key
from cases.actions.phrasing import numbering_of
from cases.actions.submitting import STATEMENT, STATEMENT_TEXT
from cases.device.holding import read_holds, read_wipe
from cases.device.reading import Reader, read_json
from cases.views.device.answering import answer, for_devices, named_device
from teledent.accounts.acting import ActingRequest
from teledent.kit import clock

ECHO_MAX = 40
MESSAGE_MAX = 4 << 10  # bytes


@require_safe
@for_devices
def hello(request: ActingRequest) -> HttpResponse:
    """A device that names itself is told that it was retired, and of an order to wipe it."""
    person, practice, named = request.actor.person, request.actor.practice, named_device(request)
    key, order = newest_recovery_key(request.actor), open_wipe_order(request.actor, named)
    return answer({
        "person": {"id": person.public_id, "name": person.name}, "numbering": numbering_of(person), "csrf": get_token(request),
        "practice": {"id": practice.public_id, "name": practice.name, "on_call_phone": practice.on_call_phone},
        "server_time": clock.now(), "version": settings.VERSION, "echo": request.GET.get("echo", "")[:ECHO_MAX],
        "statement": {"key": STATEMENT, "text": STATEMENT_TEXT},
        "recovery": {"id": key.public_id, "spki": key.spki} if key else None,
        "wipe": {"id": order.public_id, "cases": order.cases, "marks": order.marks} if order else None,
        "retired": retirement(find_device(request.actor, named)),
    })  # fmt: skip


@require_POST
@for_devices
def register(request: ActingRequest) -> HttpResponse:
    keys = ("id", "name", "clock_offset_ms", "holds", "recovery_key")
    said = Reader(read_json(request.body, size_max=MESSAGE_MAX), "", keys, [])
    public_id, name, offset = said.id("id"), said.text("name", 60, needed=True), said.offset()
    holds, recovery_key = read_holds(said), said.id_or_none("recovery_key")
    said.finish()
    device, made = register_device(
        actor=request.actor, public_id=public_id, name=name, clock_offset_ms=offset, holds=holds, recovery_key=recovery_key,
        at=clock.now(),
    )  # fmt: skip
    told = {
        "id": device.public_id,
        "name": device.name,
        "registered_at": device.registered_at,
        "last_seen_at": device.last_seen_at,
    }
    return answer({**told, "retired": False, "sentence": ""}, status=201 if made else 200)


@require_POST
@for_devices
def wiped(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """What became of an order to wipe the device."""
    keys = ("device", "carried_out", "cases", "marks", "files")
    said = Reader(read_json(request.body, size_max=MESSAGE_MAX), "", keys, [])
    device, found = read_wipe(said)
    said.finish()
    order = get_wipe_order(request.actor, public_id, device=device)
    answered = answer_wipe(actor=request.actor, order=order, said=found, at=clock.now())
    return answer(
        {"order": answered.public_id, "carried_out": answered.carried_out, "answered_at": answered.answered_at}
    )
