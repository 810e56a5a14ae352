"""One export as one ZIP: the 837D, the manifest, data sheets and attachments. Media is stored as it is, not squeezed."""

import json
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from billing.composing import Composed
from billing.models import Receiver
from billing.x12.d837 import write_837d
from billing.x12.envelope import Interchange
from teledent.files.keeping import blocks_of

FORMAT = "teledent-export-1"


def write_package(
    composed: Sequence[Composed], out: Path, *, interchange: Interchange, receiver: Receiver, at: datetime
) -> None:
    """Write the ZIP to `out`, one block at a time. `at` is the time of every entry."""
    stamp = interchange.created_at.timetuple()[:6]
    with zipfile.ZipFile(out, "x", zipfile.ZIP_STORED, allowZip64=True) as package:
        with package.open(_entry("claims.837d.edi", stamp), "w") as file:
            for segment in write_837d(interchange, (one.submission for one in composed)):
                file.write(segment.encode("ascii"))
        manifest = _manifest(composed, interchange=interchange, receiver=receiver, at=at)
        package.writestr(_entry("manifest.json", stamp), json.dumps(manifest, indent=2, sort_keys=True) + "\n")
        for name, path in (named for one in composed for named in one.files):
            with package.open(_entry(name, stamp), "w") as file:
                for block in blocks_of(path):
                    file.write(block)


def _entry(name: str, stamp: tuple[int, ...]) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, (stamp[0], stamp[1], stamp[2], stamp[3], stamp[4], stamp[5]))


def _manifest(
    composed: Sequence[Composed], *, interchange: Interchange, receiver: Receiver, at: datetime
) -> dict[str, object]:
    return {
        "format": FORMAT,
        "receiver": receiver.name,
        "usage": {"T": "test", "P": "production"}[interchange.usage],
        "control_number": f"{interchange.control_number:09d}",
        "batch_id": interchange.batch_id,
        "created_at": at.isoformat(),
        "claims": [one.manifest for one in composed],
    }
