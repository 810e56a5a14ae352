"""The end of a connection, which takes two: this side says that nothing more comes, and listens until the other has heard it.

Closed at once, a connection on which the client still sends is reset, and the answer may be lost with it. Gunicorn waits
for that in the one loop that takes new connections, two seconds for each client that stays. Here a thread of its own does.
"""

import socket
import threading
import time
from dataclasses import dataclass, field

LOOK_EVERY = 0.2  # seconds
LISTEN_SECONDS = 5.0
MOST = 500  # connections at once; the one that waits longest goes for a new one
AT_ONCE = 1 << 18  # bytes


@dataclass
class Leaving:
    """Connections that have their answer, from the oldest to the newest, and when each is closed at the latest."""

    until: dict[socket.socket, float] = field(default_factory=dict)
    some: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        threading.Thread(target=self._listen, name="leaving", daemon=True).start()

    def see_out(self, sock: socket.socket) -> None:
        """Take over a connection of the caller, encrypted or not: whatever still comes is read and thrown away."""
        try:
            ours = socket.socket(fileno=sock.detach())
            ours.setblocking(False)
            ours.shutdown(socket.SHUT_WR)
        except (OSError, ValueError):  # of a closed one `detach` says -1, from which no socket is made
            return
        self.until[ours] = time.monotonic() + LISTEN_SECONDS
        self.some.set()

    def _listen(self) -> None:
        while True:
            self.some.wait()
            self.some.clear()
            while self.until:
                time.sleep(LOOK_EVERY)
                self.look(time.monotonic())

    def look(self, now: float) -> None:
        """Close those that have left, that stay too long, and the oldest when they are too many."""
        waiting = list(self.until.items())
        for number, (sock, until) in enumerate(waiting):
            if _has_left(sock) or now >= until or number < len(waiting) - MOST:
                del self.until[sock]
                sock.close()


def _has_left(sock: socket.socket) -> bool:
    """Read what has come and throw it away: has the other side hung up?"""
    try:
        while sock.recv(AT_ONCE):
            pass
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True
