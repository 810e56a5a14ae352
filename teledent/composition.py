"""Putting the ground floor together: what runs by itself, what carries hints, what /readyz and `check` ask."""

import os
from datetime import timedelta
from importlib import import_module

from django.conf import settings

from teledent import checks, health
from teledent.files import sweeping
from teledent.jobs import bell
from teledent.jobs.publish import publish_through
from teledent.jobs.registry import Effect, job
from teledent.kit import clock


def put_together() -> None:
    checks.register_checks()
    health.register_checks()
    job("files.sweep", schedule=timedelta(days=1))(sweep_files)
    if settings.REDIS_URL:
        publish_through(import_module("teledent.hints").send)  # Celery is loaded only where it is used
    else:
        publish_through(bell.ringer(os.environ))


def sweep_files(**_: object) -> Effect | None:
    """Files and jobs are neighbours that do not know each other; so the schedule of the one is set here."""
    sweeping.sweep(at=clock.now())
    return None
