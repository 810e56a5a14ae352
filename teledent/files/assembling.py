"""From chunks to one file: which chunk gives which bytes, and the moment when an upload becomes a stored file."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from teledent.files import keeping
from teledent.files.models import Chunk, StoredFile, Upload
from teledent.files.storage import StorageUnavailable, open_streaming, private
from teledent.kit import faults

Finished = Callable[[Upload, StoredFile], None]


class WrongHash(Exception):
    """The joined bytes are not those announced. The chunks are dropped; the sender starts anew."""


class _Overtaken(Exception):
    """Another request finished this upload first; its file counts."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes `skip` to `skip + length` of the object under `key`."""

    key: str
    skip: int
    length: int


def plan(chunks: Iterable[Chunk], *, size: int) -> list[Piece]:
    """The pieces that cover 0 to `size` as far as they go: at each position the chunk that reaches furthest."""
    waiting = sorted(chunks, key=lambda chunk: chunk.offset)
    pieces: list[Piece] = []
    position, next_chunk = 0, 0
    best: Chunk | None = None
    while position < size:
        while next_chunk < len(waiting) and waiting[next_chunk].offset <= position:
            candidate = waiting[next_chunk]
            if best is None or candidate.offset + candidate.length > best.offset + best.length:
                best = candidate
            next_chunk += 1
        if best is None or best.offset + best.length <= position:
            break
        reach = min(best.offset + best.length, size)
        pieces.append(Piece(best.key, position - best.offset, reach - position))
        position = reach
    return pieces


def received(upload: Upload) -> int:
    """How many bytes have arrived without a gap, counted from the first."""
    return sum(piece.length for piece in plan(upload.chunks.all(), size=upload.size))


def finish(upload: Upload, *, whole: keeping.Kept | None = None, finished: Finished, at: datetime) -> StoredFile:
    """Join the chunks, compare the hash and commit file, upload and the caller's effect in one transaction.

    `finished(upload, stored)` writes rows only and runs inside that transaction. Of two requests that finish at once
    one wins and both get its file. Raises `WrongHash`, and what `finished` raises: then the chunks stay, and a file that
    came `whole` in one body, with nothing to join, becomes one.
    """
    kept = whole or keeping.keep(_bytes_of(plan(upload.chunks.all(), size=upload.size)), folder="originals")
    faults.point("files.joined")
    try:
        if kept.sha256 != upload.sha256:
            drop_chunks(upload)
            raise WrongHash
        stored = _commit(upload, kept, finished=finished, at=at)
    except BaseException as error:
        if whole and not isinstance(error, WrongHash | _Overtaken):
            Chunk.objects.create(upload=upload, offset=0, length=kept.size, key=kept.key, created_at=at)
        else:
            _discard_quietly(kept)
        if not isinstance(error, _Overtaken):
            raise
        upload.refresh_from_db()
        assert upload.stored is not None  # noqa: S101 - that is what overtaken means
        return upload.stored
    faults.point("files.finish.committed")
    drop_chunks(upload)
    return stored


def _commit(upload: Upload, kept: keeping.Kept, *, finished: Finished, at: datetime) -> StoredFile:
    with transaction.atomic():
        stored = keeping.record(kept, at=at)
        began = Coalesce("first_byte_at", Value(upload.first_byte_at or at))
        if not Upload.objects.filter(pk=upload.pk, stored__isnull=True).update(stored=stored, first_byte_at=began):
            raise _Overtaken
        upload.stored = stored
        finished(upload, stored)
        faults.point("files.finish.written")
    return stored


def drop_chunks(upload: Upload) -> None:
    """Forget all chunks: the rows first, then their objects; an object that stays behind is swept later."""
    with transaction.atomic():
        keys = list(upload.chunks.values_list("key", flat=True))
        Chunk.objects.filter(key__in=keys).delete()
    for key in keys:
        with suppress(StorageUnavailable, OSError):
            private().delete(key)


def _bytes_of(pieces: list[Piece]) -> Iterator[bytes]:
    for piece in pieces:
        skip, wanted = piece.skip, piece.length
        for block in open_streaming(piece.key):
            useful = block[skip : skip + wanted]
            skip -= min(skip, len(block))
            wanted -= len(useful)
            yield useful
            if not wanted:
                break


def _discard_quietly(kept: keeping.Kept) -> None:
    with suppress(StorageUnavailable, OSError):
        keeping.discard(kept)
