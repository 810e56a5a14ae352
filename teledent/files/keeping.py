"""Keeping bytes: first the object, hashed while it is written; then, in the caller's transaction, its row.

The order is the promise: a row never names bytes that are not there. Bytes without a row are swept after a day.
"""

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from teledent.files.models import StoredFile
from teledent.files.storage import BLOCK, Blocks, open_streaming, private


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that are safe in the storage and have no row yet."""

    public_id: uuid.UUID
    key: str
    sha256: str
    size: int


def keep(blocks: Iterable[bytes], *, folder: str) -> Kept:
    """Stream `blocks` into a new object below `folder` ("originals", "derivatives", ...). Slow: outside transactions.

    Raises `StorageFull` or `StorageUnavailable`; then nothing was kept.
    """
    public_id = uuid.uuid4()
    key = f"{folder}/{public_id.hex[:2]}/{public_id.hex}"
    tally = _Tally()
    private().save(key, Blocks(tally.over(blocks)))
    return Kept(public_id, key, tally.digest.hexdigest(), tally.size)


def keep_file(path: Path, *, folder: str) -> Kept:
    """`keep` for a file on this machine, such as one that a decoder left in the scratch folder."""
    return keep(blocks_of(path), folder=folder)


def record(kept: Kept, *, at: datetime, media_type: str = "") -> StoredFile:
    """The row for kept bytes, in the transaction of what needs them. `media_type` is as judged by bytes, or empty."""
    row = _row(kept, at, media_type)
    row.save(force_insert=True)
    return row


def record_all(kept: Iterable[tuple[Kept, str]], *, at: datetime) -> list[StoredFile]:
    """`record` for many at once, each with its media type, in their order."""
    return StoredFile.objects.bulk_create(_row(one, at, media_type) for one, media_type in kept)


def _row(kept: Kept, at: datetime, media_type: str) -> StoredFile:
    return StoredFile(
        public_id=kept.public_id,
        key=kept.key,
        sha256=kept.sha256,
        size=kept.size,
        media_type=media_type,
        created_at=at,
    )


def discard(kept: Kept) -> None:
    """Remove kept bytes that got no row after all."""
    private().delete(kept.key)


def sha256_at_rest(stored: StoredFile) -> str:
    """Hex SHA-256 of the bytes as they lie in the storage now; raises `StorageUnavailable` when they are gone."""
    digest = hashlib.sha256()
    for block in open_streaming(stored.key):
        digest.update(block)
    return digest.hexdigest()


def blocks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


class _Tally:
    """Counts and hashes blocks on their way past."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.size = 0

    def over(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        for block in blocks:
            self.digest.update(block)
            self.size += len(block)
            yield block
