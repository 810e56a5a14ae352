"""Gunicorn's settings for one machine: one process, threads, and a worker that lets no slow client hold them all."""

import os
import signal
import ssl
from pathlib import Path
from typing import Any

from teledent.kit import linux
from teledent.serving.encryption import Shown

workers = 1
worker_class = "teledent.serving.worker.Worker"
threads = int(os.environ.get("WEB_THREADS") or 16)
certfile = os.environ.get("TLS_CERT") or None
keyfile = os.environ.get("TLS_KEY") or None
keepalive = 5
timeout = 60
graceful_timeout = 15
control_socket_disable = True
errorlog = "-"
loglevel = "warning"


_shown = Shown()


def post_fork(_server: Any, _worker: Any) -> None:
    """A master that was killed takes its worker along, so that a new start finds the port and the files free."""
    linux.die_with_parent(signal.SIGKILL)


def ssl_context(conf: Any, _make: Any) -> ssl.SSLContext:
    """Asked for at each connection: a renewed certificate counts without a restart."""
    return _shown.context(Path(conf.certfile), Path(conf.keyfile))
