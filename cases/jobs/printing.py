"""Lay out a report in the decoder's child and keep the PDF."""

import json
import logging
from functools import partial

from cases.actions.reporting import PRINT
from cases.models import Report, ReportState
from teledent.files import keeping
from teledent.files.storage import scratch_folder
from teledent.jobs.decoder import in_child
from teledent.jobs.registry import Effect, job
from teledent.kit import clock

logger = logging.getLogger(__name__)
RENDER = "cases.report.render:render_report"


def set_aside(*, report_id: int, **_: object) -> None:
    """Five tries failed: the page says so and offers another try."""
    Report.objects.filter(pk=report_id, state=ReportState.QUEUED).update(state=ReportState.FAILED)


@job(PRINT, heavy=True, on_parked=set_aside)
def print_report(*, report_id: int, **_: object) -> Effect | None:
    report = Report.objects.filter(pk=report_id, state=ReportState.QUEUED).first()
    if report is None:
        logger.info("Report %s is made or gone.", report_id)
        return None
    with scratch_folder() as scratch:
        source = scratch / "document.json"
        source.write_text(json.dumps(report.document), encoding="utf-8")
        made = in_child(RENDER, source=str(source), out_dir=str(scratch), at=report.requested_at.isoformat())
        kept = keeping.keep_file(scratch / made["file"], folder="reports")
    return partial(_finish, report_id, kept)


def _finish(report_id: int, kept: keeping.Kept) -> None:
    stored = keeping.record(kept, at=clock.now(), media_type="application/pdf")
    Report.objects.filter(pk=report_id, state=ReportState.QUEUED).update(state=ReportState.DONE, file=stored)
