"""Read one sheet in the decoder's child: its rows as text, or why it cannot be read."""

import logging
from functools import partial
from typing import Any

from billing.actions.sheets import READ_SHEET
from billing.models import CoverageSheet, SheetState
from teledent.files.storage import local_copy
from teledent.jobs.decoder import ChildFailed, Limits, in_child
from teledent.jobs.registry import Effect, job
from teledent.kit.spreadsheets import NO_SHEET, TOO_LARGE_INSIDE

logger = logging.getLogger(__name__)
PROCESS = "billing.school_days.sheets:read_sheet"
SMALL = Limits(memory=1 << 30, cpu=20, wall=40.0)
FILES_OWN_FAULT = frozenset({"memory", "cpu", "timeout", "output", "error"})
PARKED = "It could not be read just now. Bring it in once more."


def set_aside(*, sheet_id: int, **_: object) -> None:
    CoverageSheet.objects.filter(pk=sheet_id, state=SheetState.QUEUED).update(state=SheetState.REFUSED, reason=PARKED)


@job(READ_SHEET, on_parked=set_aside)
def read_sheet(*, sheet_id: int, **_: object) -> Effect | None:
    sheet = CoverageSheet.objects.filter(pk=sheet_id, state=SheetState.QUEUED).select_related("file").first()
    if sheet is None or sheet.file is None:
        logger.info("Sheet %s was read or is gone.", sheet_id)
        return None
    with local_copy(sheet.file.key) as source:
        try:
            found = in_child(PROCESS, limits=SMALL, source=str(source))
        except ChildFailed as failed:
            if failed.code not in FILES_OWN_FAULT:
                raise
            found = {"ok": False, "sentence": NO_SHEET if failed.code == "error" else TOO_LARGE_INSIDE}
            logger.info("Sheet %s ended the child: %s.", sheet_id, failed)
    return partial(_write, sheet_id, found)


def _write(sheet_id: int, found: dict[str, Any]) -> None:
    """The effect: its rows, or the sentence."""
    queued = CoverageSheet.objects.filter(pk=sheet_id, state=SheetState.QUEUED)
    if found["ok"]:
        queued.update(state=SheetState.READABLE, rows=found["rows"], ignored=found["ignored"])
    else:
        queued.update(state=SheetState.REFUSED, reason=found["sentence"][:300])
