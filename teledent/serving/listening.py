"""The listening socket. The supervisor holds it, so that connections wait, not fail, while the web server restarts."""

import socket
import struct
import time
from collections.abc import Sequence

SILENCE = 30  # seconds without a byte after which reading from, or writing to, a client ends
RETRY_FOR = 5.0  # seconds: web processes of a killed supervisor need a moment to die


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address; port 0 picks a free one. Raises OSError when the address stays taken."""
    give_up = time.monotonic() + RETRY_FOR
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        try:
            sock = socket.create_server((host, port), family=family, backlog=512)
        except OSError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.1)
            continue
        limit = struct.pack("ll", SILENCE, 0)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)  # accepted sockets inherit both
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        return sock


def address(sock: socket.socket, *, names: Sequence[str] | None = None) -> str:
    """Where a browser finds what listens here; with the `names` of a certificate, encrypted and by a name it holds for."""
    host, port = sock.getsockname()[:2]
    if names and host not in names:
        host = names[0].replace("*", "any")
    return f"{'http' if names is None else 'https'}://{as_host(host)}:{port}/"


def as_host(name: str) -> str:
    """A name or an address as it stands in an address, and as ALLOWED_HOSTS wants it: there "*." is "."."""
    return f"[{name}]" if ":" in name else name.removeprefix("*")
