"""Read one sheet in the decoder's child: its rows as text, or why it cannot be read."""

from functools import partial
from typing import Any

from billing.actions.sheets import READ_SHEET
from billing.models import CoverageSheet, SheetState
from cases.importing.sheets import read_stored
from teledent.jobs.registry import Effect, job

PROCESS = "billing.school_days.sheets:read_sheet"
PARKED = "It could not be read just now. Bring it in once more."


def set_aside(*, sheet_id: int, **_: object) -> None:
    CoverageSheet.objects.filter(pk=sheet_id, state=SheetState.QUEUED).update(state=SheetState.REFUSED, reason=PARKED)


@job(READ_SHEET, on_parked=set_aside)
def read_sheet(*, sheet_id: int, **_: object) -> Effect | None:
    sheet = CoverageSheet.objects.filter(pk=sheet_id, state=SheetState.QUEUED).select_related("file").first()
    if sheet is None or sheet.file is None:
        return None
    return partial(_write, sheet_id, read_stored(sheet.file.key, PROCESS))


def _write(sheet_id: int, found: dict[str, Any]) -> None:
    """The effect: its rows, or the sentence."""
    queued = CoverageSheet.objects.filter(pk=sheet_id, state=SheetState.QUEUED)
    if found["ok"]:
        queued.update(state=SheetState.READABLE, rows=found["rows"], ignored=found["ignored"])
    else:
        queued.update(state=SheetState.REFUSED, reason=found["sentence"][:300])
