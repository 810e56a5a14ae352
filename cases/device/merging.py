"""What a manifest changes: the device's state, the server's, and what both agreed on last, compared field by field. Pure.

A state maps names of fields to plain values; a field that is not there says nothing (see `cases.device.fields`). What only one side
changed counts; what both changed otherwise stays as on the server and is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A field that both sides changed. None: it is not there on that side."""

    field: str
    device: Any
    server: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """`writes` are for the server, None takes the field away; `base` is what both agree on for the next time."""

    writes: Fields
    disagreements: tuple[Disagreement, ...]
    base: Fields


def merge(base: Fields, device: Fields, server: Fields) -> Merged:
    """A field that the server alone changed keeps its old base: the device does not know of the change, and whatever it says
    of that field later is compared with what it knew."""
    writes: dict[str, Any] = {}
    agreed: dict[str, Any] = {}
    disagreements: list[Disagreement] = []
    for field in sorted({*base, *device, *server}):
        was, said, stands = base.get(field), device.get(field), server.get(field)
        knows = said if stands in (said, was) else was
        if knows is not None:
            agreed[field] = knows
        if said in (was, stands):
            continue
        if stands == was:
            writes[field] = said
        else:
            disagreements.append(Disagreement(field, said, stands))
    return Merged(writes, tuple(disagreements), agreed)
