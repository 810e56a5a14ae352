"""Scanned forms: every page is taken out and drawn in the decoder's child, and filed where its code says whose it is."""

from functools import partial
from pathlib import Path
from typing import Any

from cases.actions.returned_forms import READ_SCAN, filed_by_code, forms_named
from cases.models import FormPage, FormScan, ScanState
from teledent.files import keeping
from teledent.files.keeping import Kept
from teledent.files.storage import local_copy, scratch_folder
from teledent.jobs.decoder import ChildFailed, Limits, in_child
from teledent.jobs.registry import Effect, job
from teledent.kit import clock

PROCESS = "cases.family_forms.scanning:read_scan"
LIMITS = Limits(cpu=900, wall=1800.0)  # four hundred pages on a busy machine
PARKED = "It could not be read just now. Bring it in once more."
GREEDY = "Reading it took more memory or time than a scan should. Bring it in in two parts, scanned at 200 dpi."
FILES_OWN_FAULT = frozenset({"memory", "cpu", "output"})
JPEG = "image/jpeg"


def set_aside(*, scan_id: int, **_: object) -> None:
    FormScan.objects.filter(pk=scan_id, state=ScanState.QUEUED).update(state=ScanState.REFUSED, reason=PARKED)


@job(READ_SCAN, heavy=True, on_parked=set_aside)
def read_form_scan(*, scan_id: int, **_: object) -> Effect | None:
    scan = FormScan.objects.filter(pk=scan_id, state=ScanState.QUEUED).select_related("file").first()
    if scan is None or scan.file is None:
        return None
    with local_copy(scan.file.key) as source, scratch_folder() as scratch:
        try:
            found = in_child(PROCESS, limits=LIMITS, source=str(source), out_dir=str(scratch))
        except ChildFailed as failed:
            if failed.code not in FILES_OWN_FAULT:
                raise
            found = {"ok": False, "sentence": GREEDY}
        if not found["ok"]:
            return partial(_refuse, scan_id, found["sentence"])
        kept = [_keep(page, scratch) for page in found["pages"]]
    return partial(_write, scan_id, found["pages"], kept)


def _keep(page: dict[str, Any], scratch: Path) -> tuple[Kept | None, Kept]:
    """The bytes of the page by itself, None where the scan is this one page, and of its picture."""
    alone = keeping.keep_file(scratch / page["file"], folder="originals") if page["file"] else None
    return alone, keeping.keep_file(scratch / page["picture"], folder="derivatives")


def _refuse(scan_id: int, sentence: str) -> None:
    FormScan.objects.filter(pk=scan_id, state=ScanState.QUEUED).update(state=ScanState.REFUSED, reason=sentence[:300])


def _write(scan_id: int, pages: list[dict[str, Any]], kept: list[tuple[Kept | None, Kept]]) -> None:
    """The effect: a row for each page."""
    if not FormScan.objects.filter(pk=scan_id, state=ScanState.QUEUED).update(state=ScanState.READ):
        return
    at, scan = clock.now(), FormScan.objects.select_related("file").get(pk=scan_id)
    assert scan.file is not None  # noqa: S101 - by a constraint, a scan that was read has its bytes
    forms = forms_named(scan, pages)
    pictures = keeping.record_all([(picture, JPEG) for _, picture in kept], at=at)
    alone = [(file, page["media_type"]) for page, (file, _) in zip(pages, kept, strict=True) if file]
    files = keeping.record_all(alone, at=at) or [scan.file]  # of a scan that is one page, that is its page
    FormPage.objects.bulk_create(
        FormPage(scan=scan, number=page["number"], file=file, picture=picture, **filed_by_code(page, forms, at))
        for page, file, picture in zip(pages, files, pictures, strict=True)
    )
