"""The manifest of a case that was gathered on a device: everything that was said, as frozen facts. Pure.

docs/device-api.md shows it. Unknown keys are refused: what a newer device says and this server does not keep would be lost.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from cases import questionnaires, teeth, view_labels
from cases.device.answers import read_answers
from cases.device.patient import WhoSaid, read_who
from cases.device.reading import Reader, Unreadable, read_json, sha256_of
from cases.models import Condition, Icdas, PatientPlace, Urgency
from cases.models.case import OPENED_BY_HAND
from cases.models.finding import CARIES, PRESENCE
from teledent.accounts.models import State

VERSION = 1
MANIFEST_MAX, ATTEMPT_MAX = 256 << 10, 1 << 10  # bytes: of a manifest, and of what an envelope says beside it
FILES_MAX, MARKS_MAX, SERVICES_MAX = 60, 400, 60
KINDS = tuple(key for key, _ in OPENED_BY_HAND)
FIRST_DAY = date(2000, 1, 1)
SOURCES = ("camera", "file")
_CODE = re.compile(r"[DX][0-9]{4}")
ENVELOPE = ("device", "sha256", "sent_at", "clock_offset_ms", "manifest")
KEYS = ("version", "case", "revision", "event", "site", "kind", "opened", "patient", "day_seen", "patient_place", "patient_state",
        "urgency", "answers", "marks", "services", "files", "finished", "made_at")  # fmt: skip


@dataclass(frozen=True, slots=True)
class SaidBy:
    """Something that a person did on the device, at a time by its clock. `statement` is what she agreed to by finishing."""

    at: datetime
    by: UUID
    statement: str = ""


@dataclass(frozen=True, slots=True)
class MarkSaid:
    tooth: str
    condition: str
    surfaces: str  # in the order of `teeth.SURFACES`
    icdas: str
    note: str

    @property
    def place(self) -> tuple[str, str]:
        """Where there is room for one mark: a tooth is there or it is not, so these words share a place."""
        return self.tooth, "presence" if self.condition in PRESENCE else self.condition


@dataclass(frozen=True, slots=True)
class ServiceSaid:
    code: str
    tooth: str
    quantity: int
    ordered_by: str


@dataclass(frozen=True, slots=True)
class FileSaid:
    id: UUID
    sha256: str
    size: int  # bytes
    name: str
    view: str
    tooth: str
    mirrored: bool
    device: str
    captured_at: datetime | None  # by the device's clock
    source: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`content` is the manifest as it came, for the record."""

    case: UUID
    revision: int
    event: UUID | None
    site: UUID
    kind: str
    opened: SaidBy
    patient: WhoSaid
    day_seen: date
    patient_place: str
    patient_state: str
    urgency: str
    answers: Mapping[str, Any]
    marks: tuple[MarkSaid, ...]
    services: tuple[ServiceSaid, ...]
    files: tuple[FileSaid, ...]
    finished: SaidBy | None
    made_at: datetime
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Envelope:
    """One attempt at sending a manifest: `sent_at` by the device's clock, `clock_offset_ms` server minus device."""

    device: UUID
    sha256: str
    sent_at: datetime
    clock_offset_ms: int | None
    manifest: Manifest


def read_envelope(raw: bytes, *, today: date, file_size_max: int) -> Envelope:
    """Raises Unreadable with every fault. `today` is the server's day; days may lie one ahead of it, by the time zone."""
    content = read_json(raw, size_max=MANIFEST_MAX + ATTEMPT_MAX)
    faults: list[str] = []
    outer = Reader(content, "", ENVELOPE, faults)
    inner = content.get("manifest")
    envelope = (outer.id("device"), outer.sha256("sha256"), outer.instant("sent_at"), outer.offset())
    outer.finish()
    if not isinstance(inner, dict):
        raise Unreadable("manifest is not an object.")
    if sha256_of(inner) != envelope[1]:
        raise Unreadable("sha256 is not that of the manifest's canonical JSON: it did not arrive as it was sent.")
    return Envelope(*envelope, read_manifest(inner, today=today, file_size_max=file_size_max))


def read_manifest(content: Mapping[str, Any], *, today: date, file_size_max: int) -> Manifest:
    """Raises Unreadable with every fault."""
    if content.get("version") != VERSION:
        raise Unreadable(
            f"version is not {VERSION}: this manifest is of another version of the product. Update the device."
        )
    faults: list[str] = []
    said = Reader(content, "", KEYS, faults)
    kind, tomorrow = said.choice("kind", KINDS), today + timedelta(days=1)
    manifest = Manifest(
        case=said.id("case"), revision=said.number("revision", 1, 1_000_000), event=said.id_or_none("event"),
        site=said.id("site"), kind=kind, opened=_said_by(said, "opened", ("at", "by")),
        patient=read_who(said.inner("patient", ("id", "new", "another")), last=tomorrow),
        day_seen=said.day("day_seen", FIRST_DAY, tomorrow), patient_place=said.choice("patient_place", PatientPlace.values),
        patient_state=said.choice("patient_state", State.values),
        urgency=said.choice("urgency", Urgency.values, needed=False),
        answers=read_answers(said, questionnaires.questions_for(kind)) if kind else {},
        marks=said.each("marks", MARKS_MAX, ("tooth", "condition", "surfaces", "icdas", "note"), _mark),
        services=said.each("services", SERVICES_MAX, ("code", "tooth", "quantity", "ordered_by"), _service),
        files=_files(said, file_size_max),
        finished=_said_by(said, "finished", ("at", "by", "statement")) if said.has("finished") else None,
        made_at=said.instant("made_at"), content=content,
    )  # fmt: skip
    _once(said, "marks", [mark.place for mark in manifest.marks])
    _once(said, "services", [(service.code, service.tooth) for service in manifest.services])
    _once(said, "files", [file.id for file in manifest.files])
    _once(said, "files", [file.sha256 for file in manifest.files])
    said.finish()
    return manifest


def _said_by(said: Reader, key: str, keys: tuple[str, ...]) -> SaidBy:
    one = said.inner(key, keys)
    return SaidBy(one.instant("at"), one.id("by"), one.text("statement", 40, needed=True))


def _mark(said: Reader) -> MarkSaid:
    letters = said.text("surfaces", 7)
    if len(set(letters)) != len(letters) or not set(letters) <= set(teeth.SURFACES):
        said.fault("surfaces", "are M, O, D, B, L, I and F, each once.")
    mark = MarkSaid(
        tooth=said.choice("tooth", teeth.universal_by_key()), condition=said.choice("condition", Condition.values),
        surfaces="".join(one for one in teeth.SURFACES if one in letters),
        icdas=said.choice("icdas", Icdas.values, needed=False), note=said.text("note", 200),
    )  # fmt: skip
    if mark.icdas and mark.condition not in CARIES:
        said.fault("icdas", "belongs to decay, suspected decay or a spot to watch.")
    if mark.surfaces and mark.condition in PRESENCE:
        said.fault("surfaces", "are not said of whether a tooth is there.")
    return mark


def _service(said: Reader) -> ServiceSaid:
    if not _CODE.fullmatch(said.text("code", 5)):
        said.fault("code", "is not D or X and four digits.")
    return ServiceSaid(
        said.text("code", 5), said.choice("tooth", teeth.universal_by_key(), needed=False),
        said.number("quantity", 1, 99), said.text("ordered_by", 120, needed=True),
    )  # fmt: skip


def _files(said: Reader, size_max: int) -> tuple[FileSaid, ...]:
    keys = ("id", "sha256", "size", "name", "view", "tooth", "mirrored", "device", "captured_at", "source")

    def one(file: Reader) -> FileSaid:
        view = file.choice("view", view_labels.VIEWS, needed=False)
        mirrored = file.yes("mirrored") and (not view or view_labels.is_clinical(view))
        return FileSaid(
            file.id("id"), file.sha256("sha256"), file.number("size", 1, size_max), file.text("name", 255)[:120], view,
            file.choice("tooth", teeth.universal_by_key(), needed=False), mirrored, file.text("device", 80),
            file.instant_or_none("captured_at"), file.choice("source", SOURCES),
        )  # fmt: skip

    return said.each("files", FILES_MAX, keys, one)


def _once(said: Reader, key: str, names: list[Any]) -> None:
    seen: set[Any] = set()
    for number, name in enumerate(names):
        if name in seen:
            said.fault(f"{key}[{number}]", "says something a second time.")
        seen.add(name)
