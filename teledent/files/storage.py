"""The private storage. Written once, never overwritten, never given a URL. This is the disk; `bucket` is the S3 store."""

import errno
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, cast

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, storages

from teledent.kit import faults

BLOCK = 256 * 1024  # bytes read or written at a time
PART_PREFIX = ".part-"


class StorageFull(Exception):
    """No room below the free-disk floor. Nothing was kept; what was there is untouched."""


class StorageUnavailable(Exception):
    """The storage does not answer or lacks the object. Trying again later is right."""


class Blocks(File):  # type: ignore[type-arg]
    """An iterator of byte blocks as the file object that Django storages take. Read once, front to back."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        super().__init__(None, name="")
        self._blocks = iter(blocks)
        self._rest = b""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield from self._blocks

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._rest) < size:
            block = next(self._blocks, b"")
            if not block:
                break
            self._rest += block
        taken, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return taken

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False


class PrivateStorage(Protocol):
    """What both storages offer beyond Django's own interface."""

    def save(self, name: str, content: File) -> str: ...  # type: ignore[type-arg]
    def delete(self, name: str) -> None: ...
    def exists(self, name: str) -> bool: ...
    def stream(self, name: str) -> Iterator[bytes]: ...
    def entries(self, prefix: str) -> Iterator[tuple[str, datetime]]: ...


class PrivateDisk(FileSystemStorage):
    """Files 0600 in folders 0700: temporary file, fsync, link under its key, fsync of the folder.

    A plain FileSystemStorage leaves a truncated file under its final name when the disk is full.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name  # a key that is taken is an error, never an invitation to make up another

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        target = Path(self.path(name))
        try:
            self._require_room()
            _make_private_folders(target.parent)
            temporary = target.parent / f"{PART_PREFIX}{uuid.uuid4().hex}"
            try:
                _write_synced(temporary, content.chunks())
                faults.point("files.synced")
                os.link(temporary, target)  # unlike rename it refuses a name that exists
            finally:
                temporary.unlink(missing_ok=True)
            _sync_folder(target.parent)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StorageFull from error
            raise
        return name

    def _require_room(self) -> None:
        nearest = next(folder for folder in (Path(self.location), *Path(self.location).parents) if folder.exists())
        if shutil.disk_usage(nearest).free < settings.FREE_DISK_FLOOR:
            raise StorageFull

    def stream(self, name: str) -> Iterator[bytes]:
        try:
            with Path(self.path(name)).open("rb") as file:
                while block := file.read(BLOCK):
                    yield block
        except FileNotFoundError as error:
            raise StorageUnavailable from error

    def entries(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """Keys below `prefix`, left-over temporary files included, with the time of their last change (UTC)."""
        for folder, _, names in os.walk(self.path(prefix)):
            for name in names:
                path = Path(folder) / name
                with suppress(FileNotFoundError):  # finished or swept while we walk
                    changed = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
                    yield path.relative_to(self.location).as_posix(), changed

    def url(self, name: str | None) -> str:
        raise NotImplementedError("Private files have no address of their own; a view authorises and streams them.")


def private() -> PrivateStorage:
    """The one storage of originals, derivatives and chunks."""
    return cast(PrivateStorage, storages["default"])


def open_streaming(key: str) -> Iterator[bytes]:
    """The bytes under `key` in blocks. Raises `StorageUnavailable` when they cannot be had."""
    return private().stream(key)


@contextmanager
def local_copy(key: str) -> Iterator[Path]:
    """A path that a decoder may read: the file itself on a disk, a copy in the scratch folder for a bucket."""
    storage = private()
    if isinstance(storage, PrivateDisk):
        yield Path(storage.path(key))
        return
    with scratch_folder() as folder:
        path = folder / "copy"
        with path.open("wb") as file:
            for block in storage.stream(key):
                file.write(block)
        yield path


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A fresh folder (0700) below SCRATCH_DIR that is gone afterwards; never /tmp, where a kill would leave pictures."""
    folder = Path(settings.SCRATCH_DIR) / uuid.uuid4().hex
    _make_private_folders(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_synced(path: Path, blocks: Iterable[bytes]) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        for block in blocks:
            file.write(block)
        file.flush()
        os.fsync(file.fileno())


def _make_private_folders(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_private_folders(folder.parent)
    with suppress(FileExistsError):  # another thread was faster
        folder.mkdir(mode=0o700)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
