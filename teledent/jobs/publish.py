"""Hints that a job is ready. A hint may be lost, late or doubled: the row is the truth and a sweep repeats the hint.

The composition root sets what carries hints (Celery over Redis); without one, workers find rows by polling.
"""

import logging
import time
from collections.abc import Callable
from functools import partial

from django.db import transaction

logger = logging.getLogger(__name__)
Publish = Callable[[int], None]
QUIET_AFTER_FAILURE = 5.0  # seconds


class _Publisher:
    send: Publish | None = None
    failures = 0  # since this process started
    quiet_until = 0.0  # monotonic; a broker that just failed is not asked again for each file of a case


_publisher = _Publisher()


def publish_through(send: Publish | None) -> None:
    """Called once by the composition root. `send` gets the primary key of a job that is ready."""
    _publisher.send = send


def hint_after_commit(job_id: int) -> None:
    if _publisher.send is not None:
        transaction.on_commit(partial(hint, job_id))


def hint(job_id: int) -> None:
    """Send one hint. A broker that is down must not turn saved work into an error page: counted, left to the sweep."""
    if _publisher.send is None or time.monotonic() < _publisher.quiet_until:
        return
    try:
        _publisher.send(job_id)
    except Exception as error:
        _publisher.failures += 1
        _publisher.quiet_until = time.monotonic() + QUIET_AFTER_FAILURE
        logger.warning("No hint for job %s (%s); the sweep will repeat it.", job_id, type(error).__name__)


def failures() -> int:
    return _publisher.failures
