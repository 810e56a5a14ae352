"""Pack a referral: two PDFs laid out in the decoder's child and the chosen pictures as they were made for claims, in one ZIP."""

import json
import logging
import zipfile
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from cases.actions.referring import PACK, may_go_out
from cases.imaging.recipes import CLAIM
from cases.models import Derivative, PrintState, Referral
from cases.moving import lock
from teledent.files import keeping
from teledent.files.storage import open_streaming, scratch_folder
from teledent.jobs.decoder import in_child
from teledent.jobs.registry import Effect, job
from teledent.kit import clock
from teledent.kit.decisions import Conflict

logger = logging.getLogger(__name__)
RENDER = "cases.report.render:render_report"


def set_aside(*, referral_id: int, **_: object) -> None:
    Referral.objects.filter(pk=referral_id, state=PrintState.QUEUED).update(state=PrintState.FAILED)


@job(PACK, heavy=True, on_parked=set_aside)
def pack_referral(*, referral_id: int, **_: object) -> Effect | None:
    row = Referral.objects.filter(pk=referral_id, state=PrintState.QUEUED).first()
    if row is None:
        logger.info("Referral %s is packed or gone.", referral_id)
        return None
    with scratch_folder() as scratch:
        papers = {"letter.pdf": row.letter, "report.pdf": row.report}
        laid_out = {name: _laid_out(scratch / name, document, row.requested_at) for name, document in papers.items()}
        package = scratch / "referral.zip"
        _pack(package, laid_out, pictures_of(row), stamp=row.requested_at)
        kept = keeping.keep_file(package, folder="referrals")
    return partial(_finish, referral_id, kept)


def _laid_out(folder: Path, document: object, at: datetime) -> Path:
    folder.mkdir(mode=0o700)
    source = folder / "document.json"
    source.write_text(json.dumps(document), encoding="utf-8")
    made = in_child(RENDER, source=str(source), out_dir=str(folder), at=at.isoformat())
    return folder / str(made["file"])


def pictures_of(row: Referral) -> Iterator[tuple[str, Derivative]]:
    """The chosen pictures under names that no person typed: the number on the letter and the view."""
    made = Derivative.objects.filter(asset__case=row.case_id, asset__public_id__in=row.pictures, recipe=CLAIM.name)
    newest = {
        (str(one.asset.public_id), one.page): one
        for one in made.select_related("asset", "file").order_by("recipe_version")
        if one.mirrored == one.asset.mirrored
    }
    for number, public_id in enumerate(row.pictures, start=1):
        pages = sorted(page for key, page in newest if key == public_id)
        for page in pages:
            one = newest[public_id, page]
            yield f"pictures/{number:02d}_{one.asset.view or 'picture'}_{page}{CLAIM.suffix}", one


def _pack(
    package: Path, papers: dict[str, Path], pictures: Iterator[tuple[str, Derivative]], *, stamp: datetime
) -> None:
    """One block at a time; the same referral gives the same bytes."""
    with zipfile.ZipFile(package, "x", zipfile.ZIP_STORED) as out:
        for name, path in papers.items():
            _put(out, name, keeping.blocks_of(path), stamp)
        for name, picture in pictures:
            _put(out, name, open_streaming(picture.file.key), stamp)


def _put(out: zipfile.ZipFile, name: str, blocks: Iterator[bytes], stamp: datetime) -> None:
    entry = zipfile.ZipInfo(name, (stamp.year, stamp.month, stamp.day, stamp.hour, stamp.minute, stamp.second))
    with out.open(entry, "w") as file:
        for block in blocks:
            file.write(block)


def _finish(referral_id: int, kept: keeping.Kept) -> None:
    row, at = Referral.objects.get(pk=referral_id), clock.now()
    if not may_go_out(lock(row.case_id), at=at):
        raise Conflict("This referral may not go out any more.")
    stored = keeping.record(kept, at=at, media_type="application/zip")
    Referral.objects.filter(pk=referral_id, state=PrintState.QUEUED).update(state=PrintState.DONE, file=stored)
