"""One file for a receiver as one ZIP: the 837D, the manifest, an index of the attachments, data sheets, narratives and
attachments. Media is stored as it is, not squeezed."""

import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from billing.models import Receiver
from billing.x12.d837 import write_837d
from billing.x12.d837_claim import ClaimSubmission
from billing.x12.envelope import Interchange
from teledent.files.keeping import blocks_of
from teledent.kit.csv_cells import csv_bytes

FORMAT = "teledent-export-1"
INDEX = (
    "control_number", "kind", "transmission", "claim_id", "payer_id", "service_date", "file", "type", "bytes", "sha256", "view",
    "tooth", "captured_at",
)  # fmt: skip


class Packed(Protocol):
    """One claim or request with what stands beside it, as it was composed."""

    @property
    def submission(self) -> ClaimSubmission: ...
    @property
    def files(self) -> tuple[tuple[str, Path], ...]: ...  # name in the ZIP, file on this machine
    @property
    def manifest(self) -> dict[str, Any]: ...


def write_package(
    composed: Sequence[Packed],
    out: Path,
    *,
    interchange: Interchange,
    receiver: Receiver,
    at: datetime,
    what: str = "claims",
) -> None:
    """Write the ZIP to `out`, one block at a time. `at` is the time of every entry, `what` names the 837D."""
    stamp = interchange.created_at.timetuple()[:6]
    with zipfile.ZipFile(out, "x", zipfile.ZIP_STORED, allowZip64=True) as package:
        with package.open(_entry(f"{what}.837d.edi", stamp), "w") as file:
            for segment in write_837d(interchange, (one.submission for one in composed)):
                file.write(segment.encode("ascii"))
        manifest = _envelope(interchange=interchange, receiver=receiver, at=at) | {
            what: [one.manifest for one in composed]
        }
        package.writestr(_entry("manifest.json", stamp), json.dumps(manifest, indent=2, sort_keys=True) + "\n")
        package.writestr(_entry("attachments.csv", stamp), csv_bytes(_index(composed)))
        for name, path in (named for one in composed for named in one.files):
            with package.open(_entry(name, stamp), "w") as file:
                for block in blocks_of(path):
                    file.write(block)


def _entry(name: str, stamp: tuple[int, ...]) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, (stamp[0], stamp[1], stamp[2], stamp[3], stamp[4], stamp[5]))


def _index(composed: Sequence[Packed]) -> Iterator[Sequence[str]]:
    """A row a file, under the control number that the claim's PWK06 names: for people, and for a receiver's portal."""
    yield INDEX
    for claim in (one.manifest for one in composed):
        for part in claim["attachments"]:
            for file in part["files"]:
                row = {**claim, **part, **file}
                yield [str(row.get(name) or "") for name in INDEX]


def _envelope(*, interchange: Interchange, receiver: Receiver, at: datetime) -> dict[str, object]:
    return {
        "format": FORMAT,
        "receiver": receiver.name,
        "usage": {"T": "test", "P": "production"}[interchange.usage],
        "control_number": f"{interchange.control_number:09d}",
        "batch_id": interchange.batch_id,
        "created_at": at.isoformat(),
    }
