"""Look at one scan in the decoder's child: judged by its bytes, drawn as pictures of its pages, or refused in words."""

import logging
from functools import partial
from typing import Any

from billing.actions.entering import READ_SCAN
from billing.models import PaperPage, PaperScan, ScanState
from cases.imaging.recipes import REVIEW
from cases.imaging.refusal import SENTENCES
from teledent.files import keeping
from teledent.files.storage import local_copy, scratch_folder
from teledent.jobs.decoder import ChildFailed, in_child
from teledent.jobs.registry import Effect, job
from teledent.kit import clock

logger = logging.getLogger(__name__)
PROCESS = "cases.imaging.process:process_file"
FILES_OWN_FAULT = frozenset({"memory", "cpu", "output"})
NO_PAPER = "This is a radiograph, not a sheet of paper. Scan the remittance as a PDF or a picture."
PARKED = "It could not be looked at. Take it off and bring it in once more."


def set_aside(*, scan_id: int, **_: object) -> None:
    PaperScan.objects.filter(pk=scan_id, state=ScanState.QUEUED).update(state=ScanState.REFUSED, reason=PARKED)


@job(READ_SCAN, heavy=True, on_parked=set_aside)
def read_scan(*, scan_id: int, **_: object) -> Effect | None:
    scan = PaperScan.objects.filter(pk=scan_id, state=ScanState.QUEUED).select_related("file").first()
    if scan is None or scan.file is None:
        logger.info("Scan %s was looked at or is gone.", scan_id)
        return None
    with local_copy(scan.file.key) as source, scratch_folder() as scratch:
        try:
            found = in_child(PROCESS, source=str(source), out_dir=str(scratch), mirrored=False)
        except ChildFailed as failed:
            if failed.code not in FILES_OWN_FAULT:
                raise
            found = {"ok": False, "sentence": SENTENCES["out-of-resources"]}
        if found["ok"] and found["examination"]["family"] == "dicom":
            found = {"ok": False, "sentence": NO_PAPER}
        if not found["ok"]:
            return partial(_refuse, scan_id, found["sentence"])
        pages = [one for one in found["derived"] if one["recipe"] == REVIEW.name]
        kept = [(one, keeping.keep_file(scratch / one["file_name"], folder="derivatives")) for one in pages]
    return partial(_write, scan_id, kept)


def _refuse(scan_id: int, sentence: str) -> None:
    PaperScan.objects.filter(pk=scan_id, state=ScanState.QUEUED).update(state=ScanState.REFUSED, reason=sentence[:300])


def _write(scan_id: int, kept: list[tuple[dict[str, Any], keeping.Kept]]) -> None:
    """The effect: pages and state together; a scan that was taken off meanwhile leaves nothing."""
    if not PaperScan.objects.filter(pk=scan_id, state=ScanState.QUEUED).update(state=ScanState.READABLE):
        return
    at = clock.now()
    for one, page in kept:
        stored = keeping.record(page, at=at, media_type=one["media_type"])
        PaperPage.objects.create(
            scan_id=scan_id, number=one["page"], file=stored, width=one["width"], height=one["height"]
        )
