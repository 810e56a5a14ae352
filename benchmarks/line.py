"""A bad line on this machine: a TCP proxy with so many bytes a second upwards, that is cut again and again."""

import socket
import struct
import threading
import time
from contextlib import suppress

PIECE = 4096  # bytes
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends a reset


class Line:
    """Leads to a port of this machine. Until `begin` it is as good as any.

    A cut is what a tablet that leaves a Wi-Fi does to both ends: its own side sees a reset, and cannot connect while the
    line is down; the server sees nothing at all, and its side of the connection stays as it was. `carried` counts bytes upwards.
    """

    def __init__(self, port: int, *, rate: float, up: float, down: float) -> None:
        """`rate` in bytes a second, `up` and `down` in seconds."""
        self.target, self.rate, self.up, self.down = port, rate, up, down
        self.carried = self.cuts = 0
        self.is_bad, self.is_down, self.ended = False, False, False
        self.free_at = 0.0  # when the line has carried what it has taken
        self.guard = threading.Lock()
        self.clients: set[socket.socket] = set()
        self.servers: list[socket.socket] = []
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * PIECE)  # what waits here was not carried yet
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(64)
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        _in_background(self._accept)

    def begin(self) -> None:
        self.is_bad, self.carried = True, 0
        _in_background(self._cut_again_and_again)

    def end(self) -> None:
        self.ended = True
        self._cut()
        for sock in (self.listener, *self.servers):
            sock.close()

    def floor(self, payload: int) -> float:
        """Seconds that the line needs for so many bytes, outages included, if it is never idle while it is up."""
        passed, left = 0.0, payload / self.rate
        while left > self.up:
            passed, left = passed + self.up + self.down, left - self.up
        return passed + left

    def _accept(self) -> None:
        while not self.ended:
            with suppress(OSError):
                client, _ = self.listener.accept()
                if self.is_down:
                    _reset(client)
                    continue
                server = socket.create_connection(("127.0.0.1", self.target))
                self.clients.add(client)
                self.servers.append(server)
                _in_background(self._pump, client, server)
                _in_background(self._pump_back, server, client)

    def _pump(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while piece := client.recv(PIECE):
                self._take(len(piece))
                if client not in self.clients:
                    return  # cut while the piece was on its way
                server.sendall(piece)
        if client in self.clients:
            with suppress(OSError):
                server.shutdown(socket.SHUT_WR)

    def _pump_back(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while piece := server.recv(1 << 16):
                client.sendall(piece)
        if client in self.clients:
            self.clients.discard(client)
            client.close()
        server.close()

    def _take(self, size: int) -> None:
        """Wait as long as the line needs for so many bytes; all connections share it."""
        with self.guard:
            self.carried += size
            if not self.is_bad:
                return
            self.free_at = max(self.free_at, time.monotonic()) + size / self.rate
            until = self.free_at
        time.sleep(max(0.0, until - time.monotonic()))

    def _cut_again_and_again(self) -> None:
        while not self.ended:
            time.sleep(self.up)
            self.is_down = True
            self._cut()
            self.cuts += 1
            time.sleep(self.down)
            self.is_down = False

    def _cut(self) -> None:
        for client in self.clients.copy():
            self.clients.discard(client)
            _reset(client)


def _reset(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        sock.shutdown(socket.SHUT_RD)  # a thread that reads here comes back, and then the reset goes out
    sock.close()


def _in_background(work: "object", *told: object) -> None:
    threading.Thread(target=work, args=told, daemon=True).start()  # type: ignore[arg-type]
