"""A spreadsheet that somebody brought in is read in the decoder's child, whatever it is."""

import logging
from typing import Any

from teledent.files.storage import local_copy
from teledent.jobs.decoder import ChildFailed, Limits, in_child
from teledent.kit.spreadsheets import NO_SHEET, TOO_LARGE_INSIDE

logger = logging.getLogger(__name__)
SMALL = Limits(memory=1 << 30, cpu=20, wall=40.0)
FILES_OWN_FAULT = frozenset({"memory", "cpu", "timeout", "output", "error"})


def read_stored(key: str, target: str) -> dict[str, Any]:
    """What `target` ("module:function") makes of the stored file: {"ok": True, ...} or {"ok": False, "sentence": text}.

    Raises ChildFailed where it was not the file's own fault: trying again is right.
    """
    with local_copy(key) as source:
        try:
            return in_child(target, limits=SMALL, source=str(source))
        except ChildFailed as failed:
            if failed.code not in FILES_OWN_FAULT:
                raise
            logger.info("A sheet ended the child: %s.", failed)
            return {"ok": False, "sentence": NO_SHEET if failed.code == "error" else TOO_LARGE_INSIDE}
