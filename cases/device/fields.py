"""What a manifest says, as fields to merge: the names by which both sides speak of one thing. Pure."""

from typing import Any

from cases.device.manifest import FileSaid, Manifest, MarkSaid

FILE_LABELS = ("view", "tooth", "mirrored")


def fields_of(manifest: Manifest) -> dict[str, Any]:
    """What the manifest says, field by field."""
    found: dict[str, Any] = {
        "day_seen": manifest.day_seen.isoformat(), "patient_place": manifest.patient_place, "patient_state": manifest.patient_state,
        **({"urgency": manifest.urgency} if manifest.urgency else {}),
        **{f"answers.{key}": value for key, value in manifest.answers.items()},
    }  # fmt: skip
    for mark in manifest.marks:
        found |= mark_field(mark)
    for service in manifest.services:
        found |= service_field(service.code, service.tooth, service.quantity, service.ordered_by)
    for file in manifest.files:
        found |= file_fields(file)
    return found


def mark_field(mark: MarkSaid) -> dict[str, Any]:
    tooth, place = mark.place
    said = {"condition": mark.condition, "surfaces": mark.surfaces, "icdas": mark.icdas, "note": mark.note}
    return {f"marks.{tooth}.{place}": said}


def service_field(code: str, tooth: str, quantity: int, ordered_by: str) -> dict[str, Any]:
    return {f"services.{code}.{tooth}": {"quantity": quantity, "ordered_by": ordered_by}}


def file_fields(file: FileSaid) -> dict[str, Any]:
    """That it is part of the case, and its labels where they say something."""
    labels = {name: getattr(file, name) for name in FILE_LABELS}
    return {
        f"files.{file.id}": file.sha256,
        **{f"files.{file.id}.{name}": value for name, value in labels.items() if value},
    }
