"""Look into the watched folders of imaging programs, again and again."""

import logging
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from cases.importing.watching import left_behind, look
from cases.models import ImagingProgram, Way
from teledent.files.storage import StorageFull, StorageUnavailable
from teledent.jobs.registry import Effect, job
from teledent.kit import clock

logger = logging.getLogger(__name__)
EVERY = timedelta(seconds=30)


@job("cases.watch_folders", heavy=True, schedule=EVERY)
def watch_folders(**_: object) -> Effect | None:
    """In a heavy lane, for it copies files and would hold up what is light. Each file in transactions of its own, as the
    receiver takes one; a folder that cannot be read holds up no other."""
    watched = ImagingProgram.objects.sending().filter(way=Way.FOLDER).select_related("practice", "site")
    for program in watched:
        if behind := left_behind(program):
            logger.warning(
                "Files lie in %s, where nobody looks any more. Move them to %s/%s, and let the program write there.",
                behind, settings.IMAGING_INBOX, program.below_inbox,
            )  # fmt: skip
        try:
            looked = look(program, Path(settings.IMAGING_INBOX) / program.below_inbox, at=clock.now())
        except (StorageFull, StorageUnavailable, OSError) as problem:
            logger.warning("The folder of %s waits: %s.", program.public_id, type(problem).__name__)
            continue
        ImagingProgram.objects.filter(pk=program.pk).update(looked=looked)
    return None
