"""What the servers have in common: a free port, a wait, an end."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


def free_ports(names: tuple[str, ...]) -> dict[str, int]:
    """A free port for each name, all different because all are held while they are chosen."""
    with ExitStack() as held:
        sockets = {name: held.enter_context(socket.create_server(("127.0.0.1", 0))) for name in names}
        return {name: int(sock.getsockname()[1]) for name, sock in sockets.items()}


def wait_until(true: Callable[[], bool], *, what: str, seconds: float = 60.0) -> None:
    give_up = time.monotonic() + seconds
    while not true():
        if time.monotonic() > give_up:
            raise TimeoutError(f"Waited {seconds:.0f} s in vain: {what}.")
        time.sleep(0.05)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """SIGKILL for a process that was started with a group of its own, and for that group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def end(process: "subprocess.Popen[bytes]", *, seconds: float = 10.0) -> None:
    process.terminate()
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
