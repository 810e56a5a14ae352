"""Removing what nobody needs: chunks of finished or forgotten uploads, bytes that never got a row, old scratch folders.

Nothing that a StoredFile or Chunk row names is ever deleted here; so whatever is stored privately needs such a row.
"""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from teledent.files.assembling import drop_chunks
from teledent.files.models import Chunk, StoredFile, Upload
from teledent.files.storage import private

FORGOTTEN_AFTER = timedelta(days=7)
ORPHAN_AFTER = timedelta(days=1)  # far longer than any job may take between its bytes and their row
BATCH = 500


def sweep(*, at: datetime) -> int:
    """Delete what is left over; the number of objects that had no row. Slow: outside transactions."""
    for upload in _left_over_uploads(at):
        drop_chunks(upload)
    return sum(_delete_unnamed(keys) for keys in _old_keys(at))


def sweep_scratch(*, at: datetime) -> None:
    """Remove scratch folders of this machine that a killed process left a day ago or longer."""
    scratch = Path(settings.SCRATCH_DIR)
    for folder in scratch.iterdir() if scratch.exists() else ():
        with suppress(FileNotFoundError):
            if datetime.fromtimestamp(folder.stat().st_mtime, tz=UTC) < at - ORPHAN_AFTER:
                shutil.rmtree(folder, ignore_errors=True)


def _left_over_uploads(at: datetime) -> Iterator[Upload]:
    forgotten = at - FORGOTTEN_AFTER
    over = Q(stored__isnull=False) | Q(created_at__lt=forgotten)
    uploads = Upload.objects.filter(over, Exists(Chunk.objects.filter(upload=OuterRef("pk"))))
    return uploads.exclude(stored__isnull=True, chunks__created_at__gte=forgotten).iterator()


def _old_keys(at: datetime) -> Iterator[list[str]]:
    old = (key for key, changed in private().entries("") if changed < at - ORPHAN_AFTER)
    while batch := list(islice(old, BATCH)):
        yield batch


def _delete_unnamed(keys: list[str]) -> int:
    named = set(StoredFile.objects.filter(key__in=keys).values_list("key", flat=True))
    named |= set(Chunk.objects.filter(key__in=keys).values_list("key", flat=True))
    unnamed = [key for key in keys if key not in named]
    for key in unnamed:
        private().delete(key)
    return len(unnamed)
