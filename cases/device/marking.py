"""Absent or refused, as it was said on a device: one act with an id of its own. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cases.device.reading import Reader, read_json, sha256_of
from cases.models import Mark

ACT_MAX = 4 << 10  # bytes
KEYS = ("device", "event", "patient", "mark", "note", "at", "sent_at", "clock_offset_ms")
OF_THE_ATTEMPT = ("sent_at", "clock_offset_ms")  # what may differ when the same is sent again


@dataclass(frozen=True, slots=True)
class MarkAct:
    """`at` and `sent_at` by the device's clock; `mark` empty takes a mark back."""

    device: UUID
    event: UUID
    patient: UUID
    mark: str
    note: str
    at: datetime
    sent_at: datetime
    clock_offset_ms: int | None
    sha256: str

    @property
    def said_at(self) -> datetime:
        """By our clock, as far as the device's was measured."""
        return by_our_clock(self.at, self.clock_offset_ms)


def by_our_clock(said: datetime, offset_ms: int | None) -> datetime:
    """A time of a device by the server's clock. An offset beyond all reason is none."""
    try:
        return said + timedelta(milliseconds=offset_ms or 0)
    except OverflowError:
        return said


def read_mark(raw: bytes) -> MarkAct:
    """Raises Unreadable with every fault."""
    content = read_json(raw, size_max=ACT_MAX)
    faults: list[str] = []
    said = Reader(content, "", KEYS, faults)
    same = {key: value for key, value in content.items() if key not in OF_THE_ATTEMPT}
    act = MarkAct(
        said.id("device"), said.id("event"), said.id("patient"), said.choice("mark", Mark.values, needed=False), said.text("note", 200),
        said.instant("at"), said.instant("sent_at"), said.offset(), sha256_of(same),
    )  # fmt: skip
    said.finish()
    return act
