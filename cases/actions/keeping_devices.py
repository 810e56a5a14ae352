"""What a manager does about the practice's devices (DE-1): a key to recover them by, an end to one, an order to wipe it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from cases.device.holding import WipeSaid, fingerprint_of
from cases.models import Device, RecoveryKey, WipeOrder
from cases.practice_permissions import may_in_practice
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person
from teledent.kit.decisions import Conflict, Refused, require
from teledent.kit.text import printable

REASON_MAX = 200
# what a device holds that was wiped
NOTHING: dict[str, Any] = {"cases": 0, "marks": 0, "files": 0, "urgent": 0, "openings": 0, "days": []}
WIPED = "Wiped as ordered: {because}"
OTHER_NUMBER = "{device} last told that it holds {known}. Type that number, so that it is clear {what}."
IN_USE = "{device} is in use."
TO_BE_WIPED = (
    "{device} is still to be wiped, and may be at any moment: it is not taken into use before it answered that order. Once it was "
    "wiped, set it up anew; if it keeps what it holds and says so here, take it into use again then."
)
WAS_WIPED = "{device} was wiped, and with it went its id. Set it up anew on the device itself."


@transaction.atomic
def keep_recovery_key(*, actor: Actor, spki: str, at: datetime) -> RecoveryKey:
    """Devices wrap their store keys for it from now on. The same key again is kept once."""
    require(may_in_practice(actor, "keep_devices"))
    fingerprint = fingerprint_of(spki)
    known = newest_recovery_key(actor)
    if known is not None and known.fingerprint == fingerprint:
        return known
    key = RecoveryKey.objects.create(
        practice=actor.practice, spki=spki, fingerprint=fingerprint, made_by=actor.person, made_at=at
    )
    trail.record(
        "changed", noun="recovery key", public_id=key.public_id, person=actor.person, practice=actor.practice, at=at
    )
    return key


def newest_recovery_key(actor: Actor) -> RecoveryKey | None:
    return RecoveryKey.objects.filter(practice=actor.practice).select_related("made_by").first()


@transaction.atomic
def retire_device(*, actor: Actor, device: Device, cases: int, because: str, at: datetime) -> None:
    """It forwards nothing any more: `cases` of them stay on it, the number that it last told, until somebody takes it into use
    again or wipes it."""
    require(may_in_practice(actor, "keep_devices"))
    row = Device.objects.select_for_update(no_key=True).get(pk=device.pk)
    if row.retired_at is not None:
        raise Conflict(f"{row.name} is retired already: {row.retired_because}.")
    _require_told(row, cases, "what stays on it")
    _retire(row, actor.person, because=_reason(because), at=at)
    trail.record("retired", noun="device", public_id=row.public_id, person=actor.person, practice=actor.practice, at=at)


def _retire(row: Device, person: Person, *, because: str, at: datetime) -> None:
    """`row` is locked."""
    row.retired_at, row.retired_by, row.retired_because = at, person, because[:REASON_MAX]
    row.save(update_fields=["retired_at", "retired_by", "retired_because"])


@transaction.atomic
def use_device_again(*, actor: Actor, device: Device, at: datetime) -> None:
    """What was kept on it while it was retired goes to the server by itself."""
    require(may_in_practice(actor, "keep_devices"))
    row = Device.objects.select_for_update(no_key=True).get(pk=device.pk)
    if row.retired_at is None:
        raise Conflict(IN_USE.format(device=row.name))
    if row.wipe_orders.filter(carried_out=True).exists():
        raise Conflict(WAS_WIPED.format(device=row.name))
    if _has_open_order(row):
        raise Conflict(TO_BE_WIPED.format(device=row.name))
    row.retired_at, row.retired_by, row.retired_because = None, None, ""
    row.save(update_fields=["retired_at", "retired_by", "retired_because"])
    trail.record(
        "used-again", noun="device", public_id=row.public_id, person=actor.person, practice=actor.practice, at=at
    )


def _has_open_order(row: Device) -> bool:
    return row.wipe_orders.filter(answered_at__isnull=True).exists()


def _require_told(row: Device, cases: int, what: str) -> None:
    """Who decides over a device says how many cases it last told; `what` that number is to make clear."""
    told = (row.holds or NOTHING)["cases"]
    if cases != told:
        known = f"{told} cases that were not forwarded"
        raise Refused(OTHER_NUMBER.format(device=row.name, known=known, what=what))


def _reason(said: str) -> str:
    because = printable(said).strip()[:REASON_MAX]
    if not because:
        raise Refused("Say why.")
    return because


@transaction.atomic
def order_wipe(*, actor: Actor, device: Device, cases: int, because: str, at: datetime) -> WipeOrder:
    """Everything on it is to be destroyed, `cases` of them never forwarded: the number that the device last told."""
    require(may_in_practice(actor, "keep_devices"))
    row = Device.objects.select_for_update(no_key=True).get(pk=device.pk)
    if _has_open_order(row):
        raise Conflict(f"{row.name} is to be wiped already, at its next contact.")
    _require_told(row, cases, "what is destroyed")
    order = WipeOrder.objects.create(
        device=row, ordered_by=actor.person, ordered_at=at, because=_reason(because), cases=cases,
        marks=(row.holds or NOTHING)["marks"],
    )  # fmt: skip
    trail.record(
        "wipe-ordered", noun="device", public_id=row.public_id, person=actor.person, practice=actor.practice, at=at
    )
    return order


@transaction.atomic
def answer_wipe(*, actor: Actor, order: WipeOrder, said: WipeSaid, at: datetime) -> WipeOrder:
    """What a device says became of the order, and so what it holds; the first answer counts. One that was wiped is retired: its
    id is gone with it."""
    require(may_in_practice(actor, "forward"))
    device = Device.objects.select_for_update(no_key=True).get(pk=order.device_id)
    row = WipeOrder.objects.select_related("ordered_by").get(pk=order.pk)
    if row.answered_at is not None:
        return row
    row.answered_at, row.carried_out, row.found = at, said.carried_out, said.found
    row.save(update_fields=["answered_at", "carried_out", "found"])
    verb = "wiped" if said.carried_out else "wipe-refused"
    trail.record(verb, noun="device", public_id=device.public_id, person=actor.person, practice=actor.practice, at=at)
    # a device that is retired or locked tells in no other way what it holds, and the next order has to state that number
    device.holds, device.told_at = NOTHING if said.carried_out else {**(device.holds or NOTHING), **said.found}, at
    device.save(update_fields=["holds", "told_at"])
    if said.carried_out and device.retired_at is None:
        _retire(device, row.ordered_by, because=WIPED.format(because=row.because), at=at)
    return row
