"""A file that an imaging program sent: kept once, by its hash, and put into its site's tray. Whose it is, a person says (ID-2)."""

from datetime import datetime
from pathlib import Path

from cases.importing.folder_import import id_in_tray, known_file
from cases.importing.receiving import receive_file
from cases.models import Asset, AssetState, ImagingProgram
from teledent.kit.text import printable


def was_struck_off(*, program: ImagingProgram, sha256: str, since: datetime) -> bool:
    """Whether these bytes were kept for the program after `since`, and a person struck that file off."""
    same = Asset.objects.filter(program=program, declared_sha256=sha256, declared_at__gt=since)
    return same.filter(state=AssetState.STRUCK).exists()


def take_file(
    *, program: ImagingProgram, path: Path, size: int, sha256: str, name: str, at: datetime
) -> tuple[Asset, bool]:
    """The file that holds these bytes, and whether they are new here. One that was struck off holds nothing: sent again, it lies
    in the tray again, for the sender is told that it was taken. Stored, committed and queued to be examined when this
    returns. Slow: outside transactions. Raises `Changed`, `StorageFull`, `StorageUnavailable`: nothing was kept then.
    """
    known = known_file(program.site, None, sha256)
    if known is not None and known.state not in (AssetState.DECLARED, AssetState.STRUCK):
        return known, False
    asset, _ = Asset.objects.get_or_create(
        public_id=id_in_tray(program.site, sha256),
        defaults={
            "practice": program.practice, "site": program.site, "program": program, "declared_name": printable(name)[:120],
            "declared_size": size, "declared_sha256": sha256, "declared_at": at,
        },
    )  # fmt: skip
    new = receive_file(asset, path, at=at)
    return Asset.objects.get(pk=asset.pk), new
