"""Lay out a list for a school in the decoder's child and keep the PDF."""

import json
import logging
from functools import partial

from cases.actions.schools import PRINT, as_printed
from cases.models import PrintState, SchoolList
from teledent.files import keeping
from teledent.files.storage import scratch_folder
from teledent.jobs.decoder import in_child
from teledent.jobs.registry import Effect, job
from teledent.kit import clock

logger = logging.getLogger(__name__)
RENDER = "cases.letters.render:render_school_list"


def set_aside(*, list_id: int, **_: object) -> None:
    SchoolList.objects.filter(pk=list_id, state=PrintState.QUEUED).update(state=PrintState.FAILED)


@job(PRINT, heavy=True, on_parked=set_aside)
def print_school_list(*, list_id: int, **_: object) -> Effect | None:
    """Whether it may still be handed out is asked at each download."""
    rows = SchoolList.objects.filter(pk=list_id, state=PrintState.QUEUED)
    made = rows.select_related("practice", "site", "requested_by").first()
    if made is None:
        logger.info("School list %s is made or gone.", list_id)
        return None
    with scratch_folder() as scratch:
        source = scratch / "list.json"
        source.write_text(json.dumps(as_printed(made)), encoding="utf-8")
        done = in_child(RENDER, source=str(source), out_dir=str(scratch), at=made.requested_at.isoformat())
        kept = keeping.keep_file(scratch / done["file"], folder="school_lists")
    return partial(_finish, list_id, kept)


def _finish(list_id: int, kept: keeping.Kept) -> None:
    stored = keeping.record(kept, at=clock.now(), media_type="application/pdf")
    SchoolList.objects.filter(pk=list_id, state=PrintState.QUEUED).update(state=PrintState.DONE, file=stored)
