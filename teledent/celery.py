"""Celery's worker: `celery -A teledent.celery worker`. One task in the whole product, and a sweeper in every worker."""

import logging
import os
import socket
import threading
from typing import Any

import django
from celery.signals import worker_process_init, worker_ready, worker_shutting_down

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "teledent.settings")
django.setup()

from django.db import connections  # noqa: E402 - models can be imported from here on

from teledent.files.sweeping import sweep_scratch  # noqa: E402
from teledent.hints import RUN_JOB, app  # noqa: E402
from teledent.jobs import decoder, queue  # noqa: E402
from teledent.jobs.performing import perform  # noqa: E402
from teledent.kit import clock  # noqa: E402

logger = logging.getLogger(__name__)
LOOK_EVERY = 3.0  # seconds; who comes first when a sweep is due does it for all
stopping = threading.Event()


@app.task(name=RUN_JOB)  # type: ignore[untyped-decorator]
def run_job(job_id: int) -> None:
    """Do this job if it is still to be done. Late, doubled and wrong hints find nothing to claim."""
    job = queue.claim_one(job_id, owner=f"celery:{socket.gethostname()}:{os.getpid()}", at=clock.now())
    if job is not None:
        perform(job)


@worker_process_init.connect  # type: ignore[untyped-decorator]
def warm_decoder(**_: Any) -> None:
    decoder.warm()


@worker_ready.connect  # type: ignore[untyped-decorator]
def start_sweeper(**_: Any) -> None:
    """In the main process, once its children are forked, so that they inherit no connection of this thread."""
    threading.Thread(target=keep_sweeping, name="sweeper", daemon=True).start()


@worker_shutting_down.connect  # type: ignore[untyped-decorator]
def stop_sweeper(**_: Any) -> None:
    stopping.set()


def keep_sweeping() -> None:
    sweep_scratch(at=clock.now())
    scheduled = False
    while not stopping.wait(LOOK_EVERY):
        try:
            if not scheduled:
                queue.ensure_schedules(at=clock.now())
                scheduled = True
            queue.sweep_if_due(at=clock.now())
        except Exception as error:
            logger.warning("The sweeper pauses: %s", type(error).__name__)
        finally:
            connections.close_all()
