"""Gunicorn's settings for one machine: one process, threads, and a worker that lets no slow client hold them all."""

import functools
import os
import signal
import ssl
from pathlib import Path
from typing import Any

from teledent.kit import linux

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


def post_fork(_server: Any, _worker: Any) -> None:
    """A master that was killed takes its worker along, so that a new start finds the port and the files free."""
    linux.die_with_parent(signal.SIGKILL)


def ssl_context(conf: Any, _make: Any) -> ssl.SSLContext:
    """One for all connections, so that a browser that comes back goes on with its session. New files count at once."""
    changed = (Path(file).stat().st_mtime_ns for file in (conf.certfile, conf.keyfile))
    return _context(conf.certfile, conf.keyfile, *changed)


@functools.lru_cache(maxsize=1)
def _context(certificate: str, key: str, *_changed: int) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    # where the reading of a slow client is ended (`patience`), it still hears the answer; a body says its length itself
    context.options |= ssl.OP_IGNORE_UNEXPECTED_EOF
    return context
