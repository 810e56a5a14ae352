"""Gunicorn's threaded worker, with manners for slow clients: they may send for so long, and hold so many of its threads.

A thread is held from the first byte of a request to the last of its answer. Thirty tablets that forward over a bad line
would hold all of them, and nobody could read. So what devices send gets half; who finds no place hears "503, Retry-After"
at once, before any of the body is read (docs/decisions/0027).
"""

import json
import re
import socket
import threading
from typing import Any

from gunicorn.workers.gthread import _DEFER, ThreadWorker

from teledent.serving.leaving import Leaving
from teledent.serving.listening import SILENCE
from teledent.serving.patience import Watcher

SENT_BY_DEVICES = re.compile(r"/uploads/|\A/device/api/")
WITH_BODIES = frozenset({"POST", "PUT", "PATCH"})
RETRY_AFTER = 1  # seconds; our senders add some chance of their own


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn says nothing of its types
    """One of these a process."""

    def init_process(self) -> None:
        self.watcher, self.leaving = Watcher(), Leaving()
        self.places = threading.BoundedSemaphore(places_for_uploads(self.cfg.threads))
        self.watcher.start()
        self.leaving.start()
        super().init_process()

    def handle(self, conn: Any) -> Any:
        """Whether the connection is kept; in a thread of the pool."""
        if not conn.initialized and not conn.wait_for_data(0):
            return _DEFER  # nobody has said anything yet: the loop waits for it, not a thread
        with self.watcher.over(conn) as visit:
            conn.visit = visit
            kept = super().handle(conn)
        if kept is False:
            self.leaving.see_out(conn.sock)
            conn.sock = socket.socket()  # it leads nowhere: gunicorn's own closing finds nothing to wait for
        return kept

    def handle_request(self, req: Any, conn: Any) -> bool:
        if (
            self.cfg.is_ssl
        ):  # the timeouts of the listening socket end no encrypted read: there they only make it try again
            conn.sock.settimeout(SILENCE)
        conn.visit.begin_body(req)
        if not is_upload(req.method, req.path):
            return bool(super().handle_request(req, conn))
        if not self.places.acquire(blocking=False):
            conn.sock.sendall(BUSY)
            return False
        try:
            return bool(super().handle_request(req, conn))
        finally:
            self.places.release()


def places_for_uploads(threads: int) -> int:
    """Half of the threads, and one at least."""
    return max(1, threads // 2)


def is_upload(method: str, path: str) -> bool:
    return method in WITH_BODIES and bool(SENT_BY_DEVICES.search(path))


def _busy() -> bytes:
    sentence = "The server takes as many files as it can just now. This one is sent again by itself."
    body = json.dumps({"sentence": sentence}).encode()
    head = (
        "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nCache-Control: no-store\r\n"
        f"Retry-After: {RETRY_AFTER}\r\nTus-Resumable: 1.0.0\r\nX-Content-Type-Options: nosniff\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


BUSY = _busy()
