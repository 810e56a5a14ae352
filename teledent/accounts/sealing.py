"""Seals over the trail of access: a hash chain over batches, its head also written to a file outside the database.

A row altered, removed or slipped in after its seal no longer gives the seal's digest; a seal removed with its rows is
missed by the file. `broken_seals` names what does not fit.
"""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from teledent.accounts.models import AccessEvent, AccessSeal
from teledent.kit import canonical

BATCH = 1000  # events under one seal
FACTS = ("id", "at", "person_id", "practice_id", "verb", "noun", "public_id")


def seals_file() -> Path:
    return Path(settings.DATA_DIR) / "seals.log"


@transaction.atomic
def seal_next_batch(*, at: datetime) -> AccessSeal | None:
    """Seal the oldest unsealed events, at most BATCH; None when there are none."""
    events = list(AccessEvent.objects.unsealed().values(*FACTS)[:BATCH])
    if not events:
        return None
    last = AccessSeal.objects.order_by("-id").first()
    previous = last.digest if last else ""
    digest = _digest(previous, at, events)
    seal = AccessSeal.objects.create(at=at, count=len(events), previous=previous, digest=digest)
    AccessEvent.objects.filter(id__in=[event["id"] for event in events]).update(seal=seal)
    return seal


def _digest(previous: str, at: datetime, events: list[dict[str, Any]]) -> str:
    return canonical.sha256_of({"previous": previous, "at": at, "events": events})


def write_heads(file: Path) -> int:
    """Append to the file every seal that it does not hold yet, on disk before it returns; gives their number.

    Called after the seals are committed. A host that was away catches up, so each host's file ends with the same head.
    """
    written = max((number for number, _ in _heads(file)), default=0)
    newer = list(AccessSeal.objects.filter(pk__gt=written).order_by("pk"))
    if not newer:
        return 0
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "a") as log:
        if _is_cut(file):
            log.write("\n")
        log.writelines(f"{seal.at.isoformat()} {seal.pk} {seal.count} {seal.digest}\n" for seal in newer)
        log.flush()
        os.fsync(log.fileno())
    return len(newer)


def _is_cut(file: Path) -> bool:
    """Whether a crash left the last line without its end."""
    with file.open("rb") as written:
        size = written.seek(0, os.SEEK_END)
        if size == 0:
            return False
        written.seek(-1, os.SEEK_END)
        return written.read(1) != b"\n"


def _heads(file: Path) -> Iterator[tuple[int, str]]:
    """(seal id, digest) of each whole line; one that a crash cut short stands alone and counts for nothing."""
    if not file.exists():
        return
    with file.open() as lines:
        for line in lines:
            words = line.split()
            if len(words) == 4 and len(words[3]) == 64:
                yield int(words[1]), words[3]


def broken_seals(file: Path) -> list[str]:
    """A sentence for each seal that no longer fits its rows, its predecessor or the file; empty when all is well."""
    problems: list[str] = []
    previous = ""
    digests: set[str] = set()
    for seal in AccessSeal.objects.order_by("id").iterator():
        events = list(AccessEvent.objects.filter(seal=seal).order_by("id").values(*FACTS))
        if seal.previous != previous:
            problems.append(f"Seal {seal.pk} does not follow the one before it.")
        if len(events) != seal.count or _digest(seal.previous, seal.at, events) != seal.digest:
            problems.append(f"The access events under seal {seal.pk} are not the ones that were sealed.")
        previous = seal.digest
        digests.add(seal.digest)
    return problems + list(_missing(_heads(file), digests))


def _missing(heads: Iterable[tuple[int, str]], digests: set[str]) -> Iterator[str]:
    for number, digest in heads:
        if digest not in digests:
            yield f"Seal {number} stands in the file of seals, but no longer in the database."
