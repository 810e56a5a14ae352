"""What a device tells of itself: what it still holds, and what became of an order to wipe it. Pure."""

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from cases.device.reading import Reader
from teledent.kit.decisions import Refused

MOST = 100_000
OPENINGS_MAX = 1000  # each is an event on the trail
DAYS_MAX = 60
# DER of an RSA key of 4096 bits with the exponent 65537, as every browser writes it: all but the modulus
_BEFORE = bytes.fromhex("30820222300d06092a864886f70d01010105000382020f003082020a0282020100")
_AFTER = bytes.fromhex("0203010001")
_MODULUS = 512  # bytes
NO_KEY = "This is not a public key of RSA with 4096 bits. Make the recovery key once more, in a current browser."


@dataclass(frozen=True, slots=True)
class WipeSaid:
    """Whether the device carried it out, and what it destroyed, or what it holds."""

    carried_out: bool
    found: dict[str, int]


def read_holds(said: Reader) -> dict[str, Any] | None:
    """None: the device is locked, and cannot say."""
    if not said.has("holds"):
        return None
    needed = ("cases", "marks", "files", "urgent", "days")
    holds = said.inner("holds", needed, optional=["openings"])  # a page that was loaded before does not count them
    numbers = {name: holds.number(name, 0, MOST) for name in ("cases", "marks", "files", "urgent")}
    numbers["openings"] = holds.number("openings", 0, OPENINGS_MAX) if holds.has("openings") else 0
    days = holds.each(
        "days", DAYS_MAX, ("event", "cases"), lambda one: {"event": str(one.id("event")), "cases": one.number("cases", 1, MOST)}
    )  # fmt: skip
    return {**numbers, "days": list(days)}


def read_wipe(said: Reader) -> tuple[UUID, WipeSaid]:
    """The device that answers, and its answer."""
    device, carried_out = said.id("device"), said.yes("carried_out")
    return device, WipeSaid(carried_out, {name: said.number(name, 0, MOST) for name in ("cases", "marks", "files")})


def fingerprint_of(spki: str) -> str:
    """SHA-256 of a public recovery key in Base64. Raises Refused for anything else."""
    try:
        der = base64.b64decode(spki, validate=True)
    except (ValueError, binascii.Error):
        raise Refused(NO_KEY) from None
    modulus = der[len(_BEFORE) : len(_BEFORE) + _MODULUS]
    if der != _BEFORE + modulus + _AFTER or len(modulus) != _MODULUS or not modulus[0] & 0x80 or not modulus[-1] & 1:
        raise Refused(NO_KEY)
    return sha256(der).hexdigest()
