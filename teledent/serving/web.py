"""Gunicorn's settings for one machine: one process, eight threads, and an end for bodies that never end."""

import signal
import socket
import threading
from typing import Any

from teledent.kit import linux

workers = 1
worker_class = "gthread"
threads = 8
keepalive = 5
timeout = 60
graceful_timeout = 15
control_socket_disable = True
errorlog = "-"
loglevel = "warning"

BODY_SECONDS = 120.0  # for a whole body; a silent socket ends earlier, see `listening.SILENCE`


def post_fork(_server: Any, _worker: Any) -> None:
    """A master that was killed takes its worker along, so that a new start finds the port and the files free."""
    linux.die_with_parent(signal.SIGKILL)


def pre_request(_worker: Any, req: Any) -> None:
    """Gunicorn waits for a body as long as the client likes. Here reading ends, and the view gets what arrived."""
    if req.method in ("POST", "PATCH", "PUT"):
        req.body_deadline = threading.Timer(BODY_SECONDS, _end_reading, args=(req.unreader.sock,))
        req.body_deadline.daemon = True
        req.body_deadline.start()


def post_request(_worker: Any, req: Any, *_: Any) -> None:
    deadline = getattr(req, "body_deadline", None)
    if deadline is not None:
        deadline.cancel()


def _end_reading(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RD)
    except OSError:
        return  # it is closed already
