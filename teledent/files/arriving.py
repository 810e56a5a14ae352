"""Bodies that this process is just receiving, by upload, and how many of one sender.

Whoever asks how far a file has come ends them, and so counts them.

After a cut the sender asks where to go on, while here the old connection still looks alive: what it brought would count
only once it is given up, and be sent a second time. This is no lock: nobody waits for a dead connection, it is let go.
"""

import socket
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from teledent.kit.sockets import end_reading

PATIENCE = 2.0  # seconds: what has come has to be written and committed
_changed = threading.Condition()
_bodies: dict[uuid.UUID, list[socket.socket]] = {}
_places = Counter[str]()


@contextmanager
def place(sender: str, sock: socket.socket | None, *, most: int) -> Iterator[bool]:
    """One of `most` places of a sender while her body is read; False where all are taken, and then nothing more is read."""
    with _changed:
        free = _places[sender] < most
        _places[sender] += free
    if not free and sock is not None:
        end_reading(sock)  # else the server would still take the whole body, only to throw it away
    try:
        yield free
    finally:
        with _changed:
            _places[sender] -= free
            if not _places[sender]:
                del _places[sender]


@contextmanager
def body(public_id: uuid.UUID, sock: socket.socket | None) -> Iterator[None]:
    """While a body of this upload is read from `sock`; None where the server does not tell."""
    if sock is None:
        yield
        return
    with _changed:
        _bodies.setdefault(public_id, []).append(sock)
    try:
        yield
    finally:
        with _changed:
            _bodies[public_id].remove(sock)
            if not _bodies[public_id]:
                del _bodies[public_id]
            _changed.notify_all()


def end(public_id: uuid.UUID) -> None:
    """End the bodies of an upload that are on their way, and wait until what they brought is kept."""
    with _changed:
        for sock in _bodies.get(public_id, ()):
            end_reading(sock)
        _changed.wait_for(lambda: public_id not in _bodies, PATIENCE)
