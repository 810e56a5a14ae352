"""The bell of the embedded worker: whoever made a job ready rings after the commit, and the worker looks at once.

A pipe of `manage.py serve`, handed to its children by the numbers of its ends in the environment. The row is the truth:
without a bell, or when a ring is lost, the worker finds the job at its next look.
"""

import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress

RING, HEAR = "JOBS_BELL_RING", "JOBS_BELL_HEAR"


def hang() -> dict[str, int]:
    """A new pipe: which end is whose, as environment variables say it. Both ends stay open in this process."""
    hear, ring = os.pipe()
    os.set_blocking(ring, False)
    return {HEAR: hear, RING: ring}


def ringer(environment: Mapping[str, str]) -> Callable[[int], None] | None:
    """What carries hints in a process that was given the ringing end, or None."""
    if RING not in environment:
        return None
    end = int(environment[RING])

    def ring(_job_id: int) -> None:
        with suppress(BlockingIOError):  # full: there is enough to hear
            os.write(end, b".")

    return ring


def listen(environment: Mapping[str, str], heard: Callable[[], None]) -> None:
    """Call `heard` after each ring or several, from a thread of its own, in a process that was given the hearing end."""
    if HEAR not in environment:
        return
    end = int(environment[HEAR])

    def keep_hearing() -> None:
        while os.read(end, 4096):
            heard()

    threading.Thread(target=keep_hearing, name="bell", daemon=True).start()
