"""How a case stands on the server, in the terms in which a device speaks of it: fields to merge, and files still to come."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from cases import teeth
from cases.actions.files import takes_files
from cases.device.fields import FILE_LABELS, mark_field, service_field
from cases.device.manifest import MarkSaid
from cases.models import Asset, AssetState, Case, Forward
from cases.states import EDITABLE, Status

Hashes = Mapping[UUID, str]  # SHA-256 of a manifest's files, by their ids
GONE = (AssetState.STRUCK, AssetState.REFUSED)  # the same bytes may come again beside such a row


def state_of(case: Case, hashes: Hashes | None = None) -> dict[str, Any]:
    """Field by field, as `cases.device.fields.fields_of` says the device's. A file whose bytes lie in the case under another
    id is named by the id that the manifest gives it."""
    found: dict[str, Any] = {
        "day_seen": case.day_seen.isoformat(), "patient_place": case.patient_place, "patient_state": case.patient_state,
        **({"urgency": case.urgency} if case.urgency else {}),
        **{f"answers.{key}": value for key, value in case.answers.items()},
    }  # fmt: skip
    for one in case.findings.filter(review__isnull=True):
        surfaces = "".join(letter for letter in teeth.SURFACES if letter in one.surfaces)
        found |= mark_field(MarkSaid(one.tooth, one.condition, surfaces, one.icdas, one.note))
    for service in case.services.all():
        found |= service_field(service.code, service.tooth, service.quantity, service.ordered_by)
    ids = {sha256: public_id for public_id, sha256 in (hashes or {}).items()}
    for asset in case.assets.counted():
        public_id = asset.public_id if asset.state in GONE else ids.get(asset.declared_sha256, asset.public_id)
        labels = {name: getattr(asset, name) for name in FILE_LABELS}
        found[f"files.{public_id}"] = asset.declared_sha256
        found |= {f"files.{public_id}.{name}": value for name, value in labels.items() if value}
    return found


def hashes_of(forward: Forward) -> dict[UUID, str]:
    """Of the files that the manifest names."""
    return {UUID(one["id"]): one["sha256"] for one in forward.content["files"]}


def rows_of(case: Case, hashes: Hashes) -> dict[UUID, Asset]:
    """The row that stands for each file of a manifest: its own, wherever it lies by now, or the one that holds its bytes here."""
    here = Q(case=case, declared_sha256__in=hashes.values()) & ~Q(state__in=GONE)
    rows = Asset.objects.filter(Q(practice=case.practice_id, public_id__in=hashes) | here).select_related("original")
    own = {row.public_id: row for row in rows}
    holding = {row.declared_sha256: row for row in rows if row.case_id == case.pk and row.state not in GONE}
    found = {public_id: own.get(public_id) or holding.get(sha256) for public_id, sha256 in hashes.items()}
    return {public_id: row for public_id, row in found.items() if row is not None}


def files_standing(case: Case, hashes: Hashes) -> dict[str, Any]:
    """Which files of a manifest are here with their verified hashes, which are still to come, and which are not wanted: a person
    struck one off, or the case ended before it came, and then the device may have the only copy."""
    rows, open_still = rows_of(case, hashes), takes_files(case)
    found: dict[str, list[Any]] = {"lacking": [], "verified": [], "unwanted": []}
    for public_id in hashes:
        row = rows.get(public_id)
        if row is not None and row.original is not None:
            found["verified"].append({"id": public_id, "sha256": row.original.sha256, "size": row.original.size})
        elif row is not None and row.state == AssetState.STRUCK:
            found["unwanted"].append(_unwanted(public_id, "struck", f"Struck off: {row.struck_reason}"))
        elif not open_still:
            found["unwanted"].append(_unwanted(public_id, "ended", open_still.reason))
        else:
            found["lacking"].append(public_id)
    return found


def _unwanted(public_id: UUID, because: str, sentence: str) -> dict[str, Any]:
    return {"id": public_id, "because": because, "sentence": sentence}


def standing_of(case: Case, newest: Forward | None) -> dict[str, Any]:
    """How the case stands now, for a device that asks."""
    return {
        **state_told(case), "submitted_at": case.submitted_at,
        "newest_revision": newest.revision if newest else 0, "files": files_standing(case, hashes_of(newest) if newest else {}),
    }  # fmt: skip


def state_told(case: Case) -> dict[str, Any]:
    """What a device has to know to see whether it can go on with the case."""
    return {
        "label": case.label, "kind": case.kind, "state": Status(case.status).value, "state_label": case.shown_status,
        "takes_changes": case.status in EDITABLE,
    }  # fmt: skip
