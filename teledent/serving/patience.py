"""How long the web server waits for what a client sends: a thread that reads from a slow one is a thread less for readers.

One watcher looks at every connection whose head or body is on its way. What takes too long is not broken off: reading
ends, as if the client had stopped there. So the receiver keeps what came, and the client still hears the answer.
"""

import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from teledent.kit.sockets import end_reading

LOOK_EVERY = 0.5  # seconds
HEAD_SECONDS = 10.0  # from the first byte of a request, or of a TLS handshake, until its head is whole
BODY_SECONDS = 50.0  # for a whole body; less than the 60 s after which our own senders give a part up
SILENT_SECONDS = 10.0  # without a byte
GRACE_SECONDS = 10.0  # before a body has to keep the slowest pace
SLOWEST = 4096  # bytes a second


@dataclass(eq=False)
class Visit:
    """One request on a connection of gunicorn's. Seconds count only while the client, not this server, is waited for."""

    connection: Any
    request: Any = None
    declared: int = 0  # bytes of the body
    arrived: int = 0
    waited: float = 0.0
    silent: float = 0.0
    ended: bool = False

    def begin_body(self, request: Any) -> None:
        """The head has been read."""
        self.declared = getattr(request.body.reader, "length", 0)  # one in chunks does not say it
        self.waited = self.silent = 0.0
        self.request = request

    def look(self, passed: float) -> None:
        """`passed` seconds after the last look."""
        if self.ended or self._has_all():
            return
        arrived = self._arrived()
        if arrived > self.arrived:
            self.arrived, self.silent = arrived, 0.0
        elif _is_readable(self.connection.sock):
            return  # it waits for us
        else:
            self.silent += passed
        self.waited += passed
        if self._is_too_slow():
            self.ended = end_reading(self.connection.sock)

    def _is_too_slow(self) -> bool:
        if self.request is None:
            return self.waited >= HEAD_SECONDS
        at_this_pace = GRACE_SECONDS + self.arrived / SLOWEST
        return self.silent >= SILENT_SECONDS or self.waited >= min(BODY_SECONDS, at_this_pace)

    def _has_all(self) -> bool:
        return self.request is not None and getattr(self.request.body.reader, "length", 1) == 0

    def _arrived(self) -> int:
        """Bytes of the body that were read, those in gunicorn's buffer included. Of a head none count."""
        if self.request is None:
            return 0
        left = getattr(self.request.body.reader, "length", self.declared)
        return int(self.declared - left + self.request.unreader.buf.tell())


@dataclass
class Watcher:
    """Looks at the visits from a thread of its own, which sleeps while there are none."""

    visits: set[Visit] = field(default_factory=set)
    something: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        threading.Thread(target=self._watch, name="watcher", daemon=True).start()

    @contextmanager
    def over(self, connection: Any) -> Iterator[Visit]:
        """Watch what arrives on a connection. Whoever has read the head sets the visit's `request`."""
        visit = Visit(connection)
        self.visits.add(visit)
        self.something.set()
        try:
            yield visit
        finally:
            self.visits.discard(visit)

    def _watch(self) -> None:
        while True:
            self.something.wait()
            self.something.clear()
            while self.visits:
                began = time.monotonic()
                time.sleep(LOOK_EVERY)
                self.look(time.monotonic() - began)

    def look(self, passed: float) -> None:
        for visit in self.visits.copy():
            with suppress(OSError, ValueError):  # the connection ended while it was looked at
                visit.look(passed)


def _is_readable(sock: socket.socket) -> bool:
    waiting = select.poll()
    waiting.register(sock, select.POLLIN)
    return bool(waiting.poll(0))
