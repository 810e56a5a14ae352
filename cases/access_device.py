"""The gates of what devices forward: a row for this actor, or 404 (see `cases.access`)."""

from datetime import datetime
from uuid import UUID

from django.http import Http404

from cases.access import get_own_case
from cases.models import Case, Device, Forward, ScreeningEvent, WipeOrder
from teledent.accounts.acting import Actor
from teledent.accounts.models import Role


def find_device(actor: Actor, public_id: UUID | None) -> Device | None:
    """The practice's device of that id, None where it is registered here not yet."""
    return Device.objects.filter(practice=actor.practice, public_id=public_id).first() if public_id else None


def get_device(actor: Actor, public_id: UUID) -> Device:
    device = find_device(actor, public_id)
    if device is None:
        raise Http404("This device is not registered here.")
    return device


def get_kept_device(actor: Actor, public_id: UUID) -> Device:
    """For who keeps the practice's devices."""
    if not actor.has(Role.MANAGER):
        raise Http404("No such device.")
    return get_device(actor, public_id)


def open_wipe_order(actor: Actor, device: UUID | None) -> WipeOrder | None:
    """What a manager ordered of this device and it has not answered yet."""
    rows = WipeOrder.objects.filter(device__practice=actor.practice, answered_at__isnull=True)
    return rows.filter(device__public_id=device).first() if device else None


def get_wipe_order(actor: Actor, public_id: UUID, *, device: UUID) -> WipeOrder:
    """An order of that very device."""
    row = WipeOrder.objects.filter(device__practice=actor.practice, device__public_id=device, public_id=public_id)
    order = row.first()
    if order is None:
        raise Http404("No such order.")
    return order


def get_gathering(actor: Actor, public_id: UUID, *, at: datetime) -> Case | None:
    """The case of that id, or None where there is none yet: then nobody of another practice has sent anything of it either."""
    if Case.objects.filter(public_id=public_id).exists():
        return get_own_case(actor, public_id, at=at)
    if Forward.objects.filter(case_public_id=public_id).exclude(device__practice=actor.practice).exists():
        raise Http404("No such case.")
    return None


def get_forwarded(
    actor: Actor, public_id: UUID, *, at: datetime, device: UUID | None = None
) -> tuple[Case | None, Forward | None]:
    """The case and the newest manifest that came of it, from that device alone where one asks; there is one of the two. A
    manifest in no case is its sender's."""
    case = get_gathering(actor, public_id, at=at)
    came = Forward.objects.filter(case_public_id=public_id).select_related("device").order_by("-revision")
    newest = (came.filter(device__public_id=device) if device else came).first()
    if case is None and (newest is None or newest.person_id != actor.person.pk):
        raise Http404("No such case.")
    return case, newest


def get_own_event(actor: Actor, public_id: UUID) -> ScreeningEvent:
    """A school day of a site where she is a hygienist, whatever other roles she holds."""
    row = ScreeningEvent.objects.filter(practice=actor.practice, public_id=public_id).select_related("site", "practice")
    event = row.first()
    if event is None or not actor.has(Role.HYGIENIST) or not actor.at_site(Role.HYGIENIST, event.site_id):
        raise Http404("No such school day.")
    return event
