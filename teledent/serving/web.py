"""Gunicorn's settings for one machine: one process, threads, and a worker that lets no slow client hold them all."""

import os
import signal
from typing import Any

from teledent.kit import linux

workers = 1
worker_class = "teledent.serving.worker.Worker"
threads = int(os.environ.get("WEB_THREADS") or 8)
keepalive = 5
timeout = 60
graceful_timeout = 15
control_socket_disable = True
errorlog = "-"
loglevel = "warning"


def post_fork(_server: Any, _worker: Any) -> None:
    """A master that was killed takes its worker along, so that a new start finds the port and the files free."""
    linux.die_with_parent(signal.SIGKILL)
