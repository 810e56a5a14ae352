"""What a file may do to the program that opens it. Run in children of the decoder only."""

import ctypes
import os
import time
from pathlib import Path
from typing import Any


def echo(**arguments: Any) -> dict[str, Any]:
    return arguments


def environment() -> dict[str, Any]:
    return dict(os.environ)


def burn() -> dict[str, Any]:
    while True:
        pass


def hoard() -> dict[str, Any]:
    held = []
    while True:
        held.append(bytearray(32 << 20))


def crash() -> dict[str, Any]:
    ctypes.string_at(0)
    return {}


def sleep() -> dict[str, Any]:
    time.sleep(3600)
    return {}


def leave(path: str) -> dict[str, Any]:
    Path(path).write_text("left here")
    return {}


def flood(path: str) -> dict[str, Any]:
    with Path(path).open("wb") as file:
        while True:
            file.write(bytes(1 << 20))


def connect(port: int) -> dict[str, Any]:
    import socket  # noqa: PLC0415 - as a library would, late

    socket.create_connection(("127.0.0.1", port), timeout=2).close()
    return {}


def multiply() -> dict[str, Any]:
    """Leave grandchildren behind, each in a session of its own, and end well."""
    pids = []
    for _ in range(5):
        pid = os.fork()
        if pid == 0:
            os.setsid()
            time.sleep(3600)
        pids.append(pid)
    return {"pids": pids}


def refuse() -> dict[str, Any]:
    raise ValueError("Maria Invented, born 2015-02-03")


def answer_at_length() -> dict[str, Any]:
    return {"text": "x" * (9 << 20)}


def end() -> dict[str, Any]:
    os._exit(3)
