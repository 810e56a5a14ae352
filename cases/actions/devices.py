"""Devices of the practice: registered by who brings one, and seen whenever one speaks to us."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from cases.models import Device, RecoveryKey
from cases.practice_permissions import may_in_practice
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.kit.decisions import Conflict, require

RETIRED = (
    "The device “{name}” was retired: {reason}. It forwards nothing any more; what is on it is kept there until a manager takes it "
    "into use again."
)


@transaction.atomic
def register_device(
    *, actor: Actor, public_id: UUID, name: str, clock_offset_ms: int | None, at: datetime,
    holds: Mapping[str, Any] | None = None, recovery_key: UUID | None = None,
) -> tuple[Device, bool]:  # fmt: skip
    """Take a device on, or take its name and offset anew; the second says whether it is new. Raises Conflict for an id that is
    another practice's device, and for one that was retired.

    `holds` is what it tells that it has still, None where it is locked and cannot say: then what it told before stands.
    `recovery_key` is the one that its store key is wrapped for.
    """
    require(may_in_practice(actor, "forward"))
    device, made = Device.objects.select_for_update(no_key=True).get_or_create(
        public_id=public_id,
        defaults={
            "practice": actor.practice, "name": name, "registered_by": actor.person, "registered_at": at, "last_seen_at": at,
            "clock_offset_ms": clock_offset_ms,
        },
    )  # fmt: skip
    if device.practice_id != actor.practice.pk:
        raise Conflict("This id is not one that the device made for itself. Set the device up anew.")
    require_in_use(device)
    if made:
        trail.record("changed", noun="device", public_id=public_id, person=actor.person, practice=actor.practice, at=at)
    device.name, device.last_seen_at, device.clock_offset_ms = name, at, clock_offset_ms
    if holds is not None:
        device.holds, device.told_at = {**holds, "openings": _openings_told(device, holds, actor, at)}, at
    keys = RecoveryKey.objects.filter(practice=actor.practice)
    device.recovery_key = keys.filter(public_id=recovery_key).first() if recovery_key else None
    device.save(update_fields=["name", "last_seen_at", "clock_offset_ms", "holds", "told_at", "recovery_key"])
    return device, made


def _openings_told(device: Device, holds: Mapping[str, Any], actor: Actor, at: datetime) -> int:
    """Whoever has the recovery key and the device reads what is on it: each opening is on the trail, when it is first told.
    The most that was ever told counts: a page that was loaded before they were counted tells of none."""
    known: int = (device.holds or {}).get("openings", 0)
    told: int = holds.get("openings", 0)
    for _ in range(known, told):
        trail.record(
            "opened-by-key", noun="device", public_id=device.public_id, person=actor.person, practice=actor.practice, at=at
        )  # fmt: skip
    return max(known, told)


def speaking(device: Device, *, clock_offset_ms: int | None, at: datetime) -> Device:
    """The device under its lock, seen now: what one device sends is taken one after another. Inside a transaction, first of
    all locks. Raises Conflict when it was retired."""
    row = Device.objects.select_for_update(no_key=True).get(pk=device.pk)
    require_in_use(row)
    row.last_seen_at = at
    row.clock_offset_ms = row.clock_offset_ms if clock_offset_ms is None else clock_offset_ms
    row.save(update_fields=["last_seen_at", "clock_offset_ms"])
    return row


def require_in_use(device: Device) -> None:
    if sentence := retirement(device):
        raise Conflict(sentence)


def retirement(device: Device | None) -> str:
    """What is said to a retired device, empty for one in use."""
    if device is None or device.retired_at is None:
        return ""
    return RETIRED.format(name=device.name, reason=device.retired_because)
