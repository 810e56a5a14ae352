"""Writes the fields that a manifest changes into an open case, by the same actions as the pages of Capture."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cases.actions.capturing import record_service, remove_service, save_answers
from cases.actions.charting import mark_teeth, unmark_tooth
from cases.actions.files import declare_file, label_file, strike_file
from cases.device.fields import FILE_LABELS
from cases.device.manifest import FileSaid, Manifest
from cases.device_state import rows_of
from cases.matching import can_be_taken_at
from cases.models import Case, Finding, ProcedureCode
from cases.models.finding import PRESENCE
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person
from teledent.kit.decisions import Refused

Writes = Mapping[str, Any]
COLUMNS = ("day_seen", "patient_place", "patient_state", "urgency")
TAKEN_OUT = "Taken out of the case on the device before it was finished"
NO_SUCH_CODE = (
    "The practice has no service {code} for that day. Take it out on the device, or let a manager look at the codes."
)


def write_fields(*, actor: Actor, case: Case, writes: Writes, manifest: Manifest, by: Person, at: datetime) -> None:
    """`case` is locked and open; `writes` are of `cases.device.merging.merge`; `by` did what was done on site."""
    _answers(actor, case, writes, at)
    parts = [(field.split("."), value) for field, value in writes.items()]
    for (_, tooth, place), value in ((name, value) for name, value in parts if name[0] == "marks"):
        _mark(actor, case, tooth, place, value, at)
    _services(
        actor,
        case,
        [(name[1], name[2], value) for name, value in parts if name[0] == "services"],
        by,
        manifest.day_seen,
        at,
    )
    _files(actor, case, writes, manifest, at)


def _answers(actor: Actor, case: Case, writes: Writes, at: datetime) -> None:
    answers = {field.removeprefix("answers."): value for field, value in writes.items() if field.startswith("answers.")}
    columns = {name: writes[name] or "" for name in COLUMNS if name in writes}
    if "day_seen" in columns:
        columns["day_seen"] = date.fromisoformat(columns["day_seen"])
    if answers or columns:
        save_answers(actor=actor, case=case, answers=answers, revision=case.revision, at=at, **columns)


def _mark(actor: Actor, case: Case, tooth: str, place: str, value: Mapping[str, str] | None, at: datetime) -> None:
    if value is not None:
        said = {name: value[name] for name in ("surfaces", "icdas", "note")}
        mark_teeth(actor=actor, case=case, teeth=[tooth], conditions=[value["condition"]], at=at, **said)
        return
    conditions = PRESENCE if place == "presence" else (place,)
    for finding in Finding.objects.filter(case=case, review__isnull=True, tooth=tooth, condition__in=conditions):
        unmark_tooth(actor=actor, case=case, finding_id=finding.pk, at=at)


def _services(
    actor: Actor,
    case: Case,
    services: list[tuple[str, str, Mapping[str, Any] | None]],
    by: Person,
    day: date,
    at: datetime,
) -> None:
    """A service that is said otherwise is taken back and recorded anew, as on the page."""
    known = (
        set(ProcedureCode.objects.done_on_site(case.practice, day).values_list("code", flat=True))
        if services
        else set()
    )
    for code, tooth, value in services:
        for service in case.services.filter(code=code, tooth=tooth):
            remove_service(actor=actor, case=case, service_id=service.pk, at=at)
        if value is None:
            continue
        if code not in known:
            raise Refused(NO_SUCH_CODE.format(code=code))
        record_service(actor=actor, case=case, code=code, tooth=tooth, operator=by, at=at, **value)


def _files(actor: Actor, case: Case, writes: Writes, manifest: Manifest, at: datetime) -> None:
    new = {file.id for file in manifest.files if writes.get(f"files.{file.id}")}
    for file in manifest.files:
        if file.id in new:
            _declare(actor, case, file, at)
    named = [field.split(".") for field in writes if field.startswith("files.")]
    changed = {UUID(name[1]) for name in named} - new
    rows = rows_of(case, dict.fromkeys(changed, "") | {file.id: file.sha256 for file in manifest.files})
    for public_id in sorted(changed & rows.keys()):
        if f"files.{public_id}" in writes:
            strike_file(actor=actor, asset=rows[public_id], reason=TAKEN_OUT, at=at)
            continue
        said = {
            name: writes[f"files.{public_id}.{name}"] for name in FILE_LABELS if f"files.{public_id}.{name}" in writes
        }
        labels = {name: value or (False if name == "mirrored" else "") for name, value in said.items()}
        label_file(actor=actor, asset=rows[public_id], at=at, **labels)


def _declare(actor: Actor, case: Case, file: FileSaid, at: datetime) -> None:
    """A time at which no picture can have been taken says that the device's clock is wrong: it stays in the manifest alone."""
    possible = file.captured_at is not None and can_be_taken_at(file.captured_at, known_at=at)
    declare_file(
        actor=actor, site=case.site, case=case, public_id=file.id, size=file.size, sha256=file.sha256, name=file.name, at=at,
        view=file.view, tooth=file.tooth, mirrored=file.mirrored, device=file.device,
        **({"captured_at": file.captured_at} if possible else {}),
    )  # fmt: skip
