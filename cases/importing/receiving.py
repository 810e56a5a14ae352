"""From a file on this machine to a received and examined one, by what the receiver itself uses when an upload is whole."""

import os
import socket
import time
from datetime import datetime
from pathlib import Path

from django.db import transaction

from cases.actions.files import EXAMINE, file_received, lock_file
from cases.models import Asset, AssetState
from teledent.files import keeping
from teledent.jobs import queue
from teledent.jobs.models import Job
from teledent.jobs.performing import perform
from teledent.kit import clock

PATIENCE = 150.0  # seconds for one file: longer than the decoder's own limit, when another worker has it in hand
POLL = 0.1
OWNER = f"command:{socket.gethostname()}:{os.getpid()}"


class Changed(Exception):
    """The file on the disk is no longer the one that was declared. Nothing was kept."""


def receive_file(asset: Asset, path: Path, *, at: datetime, sent_at: datetime | None = None) -> bool:
    """Stream a declared file into the storage, compare its hash, and commit it as received; its examination is queued.

    False when it was received before: its bytes are there once. Raises `Changed`, `StorageFull`, `StorageUnavailable`.
    """
    kept = keeping.keep_file(path, folder="originals")
    committed = False
    try:
        if kept.sha256 != asset.declared_sha256:
            raise Changed
        with transaction.atomic():
            fresh, _ = lock_file(asset.pk)
            if fresh.original_id is None and fresh.state == AssetState.DECLARED:
                stored = keeping.record(kept, at=at)
                file_received(fresh, stored, sent_at=sent_at or at, at=at)
                committed = True
    finally:
        if not committed:
            keeping.discard(kept)
    return committed


def examine_here(asset: Asset, *, patience: float = PATIENCE) -> Asset:
    """Do the file's examination in this process, or wait for the worker that has it. Returns the file as it then is."""
    until = time.monotonic() + patience
    while asset.state == AssetState.RECEIVED and time.monotonic() < until:
        if not _examine_once(asset):
            time.sleep(POLL)
        asset = Asset.objects.select_related("case", "site").get(pk=asset.pk)
    return asset


def _examine_once(asset: Asset) -> bool:
    """False when another worker has it. Somebody waits for this file, so the pause after a failed try is not kept."""
    waiting = Job.objects.active().filter(dedupe_key=f"{EXAMINE}:{asset.pk}").first()
    job = queue.claim_one(waiting.pk, owner=OWNER, at=max(clock.now(), waiting.run_after)) if waiting else None
    if job is not None:
        perform(job)
    return job is not None
