"""Calling code that opens strangers' bytes: in a child of a warm decoder process, under limits, away from everything.

Each worker process has one decoder (`decoder_process`), started on first use and again when it died. It holds the
libraries loaded and forks per call: 2 ms, where a fresh interpreter with the libraries needs 250.

    found = in_child("cases.imaging.process:process_file", source=str(path), out_dir=str(folder))

Arguments and result are JSON. The child may write only below SCRATCH_DIR (see `files.storage.scratch_folder`).
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from teledent.jobs.decoder_process import ANSWER_MAX, CONTROL

GRACE = 10.0  # seconds after the child's own deadline before the decoder itself counts as stuck


class ChildFailed(Exception):
    """The child gave no answer. `code`: memory, cpu, timeout, crash, output (wrote too much) or error (see `kind`)."""

    def __init__(self, code: str, kind: str = "") -> None:
        super().__init__(f"{code} {kind}".strip())
        self.code, self.kind = code, kind


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use: bytes of address space, seconds of CPU, seconds by the clock, bytes per file, files."""

    memory: int = 1536 << 20
    cpu: int = 60
    wall: float = 120.0
    file_size: int = 512 << 20
    open_files: int = 256


ORDINARY = Limits()


def in_child(target: str, *, limits: Limits = ORDINARY, **arguments: Any) -> dict[str, Any]:
    """Call "module:function" with keyword arguments of JSON types in a limited child; its dict comes back.

    Safe from several threads at once. Raises `ChildFailed`.
    """
    request = json.dumps({"target": target, "arguments": arguments, "limits": asdict(limits)}).encode() + b"\n"
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            decoder = _hand_over(theirs, limits)
        ours.settimeout(limits.wall + GRACE)
        try:
            with contextlib.suppress(
                ConnectionError
            ):  # the child died before it read the call: the verdict says of what
                ours.sendall(request)
            reply = _read_all(ours)
        except TimeoutError:
            decoder.kill()  # its children die with it
            raise ChildFailed("timeout") from None
        except OSError:
            raise ChildFailed("crash") from None
    return _judge(reply)


def warm() -> None:
    """Start this process's decoder now, so that the first file does not wait for its libraries."""
    _Holder.running()


def stop() -> None:
    """End this process's decoder and what it runs."""
    with _Holder.lock:
        if _Holder.decoder is not None:
            _Holder.decoder.kill()
        _Holder.decoder = None


def _hand_over(theirs: socket.socket, limits: Limits) -> "_Decoder":
    """Give the decoder its end of the call; a decoder that died since the last call is replaced once."""
    decoder = _Holder.running()
    try:
        decoder.take(theirs, limits)
    except OSError:
        decoder.kill()
        decoder = _Holder.running()
        decoder.take(theirs, limits)
    return decoder


def _read_all(reply: socket.socket) -> bytes:
    parts: list[bytes] = []
    size = 0
    with contextlib.suppress(ConnectionResetError):  # an end too, of a socket whose call was never read
        while part := reply.recv(1 << 16):
            parts.append(part)
            size += len(part)
            if size > 2 * ANSWER_MAX:
                raise ChildFailed("output")
    return b"".join(parts)


def _judge(reply: bytes) -> dict[str, Any]:
    """The child's answer stands before the decoder's last line, which says how the child ended."""
    answer, told, verdict = reply.rpartition(b"\n")
    if not told:
        raise ChildFailed("crash")  # the decoder died before it could tell
    ended = json.loads(verdict)["ended"]
    if ended != "well":
        raise ChildFailed(ended)
    result = json.loads(answer)
    if "failed" in result:
        raise ChildFailed(result["failed"], result["kind"])
    value = result["value"]
    if not isinstance(value, dict):
        raise TypeError("A function for in_child returns a dict.")
    return value


class _Decoder:
    """The running decoder process and the socket over which calls are handed to it."""

    def __init__(self) -> None:
        scratch = Path(settings.SCRATCH_DIR)
        scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.control, theirs = socket.socketpair()
        with theirs:
            module = [sys.executable, "-P", "-m", "teledent.jobs.decoder_process"]
            self.process = subprocess.Popen(
                [*module, str(theirs.fileno()), str(scratch), *settings.DECODER_PRELOAD],
                pass_fds=[theirs.fileno()],
                env=_bare_environment(scratch),
                cwd=scratch,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the worker, which lets its job end first
            )

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def take(self, theirs: socket.socket, limits: Limits) -> None:
        with _Holder.lock:
            socket.send_fds(self.control, [CONTROL.pack(limits.wall)], [theirs.fileno()])

    def kill(self) -> None:
        self.control.close()
        self.process.kill()
        self.process.wait()


class _Holder:
    """This process's one decoder. A fork starts without one: the parent's is not its to use."""

    lock = threading.RLock()
    decoder: _Decoder | None = None

    @classmethod
    def running(cls) -> _Decoder:
        with cls.lock:
            if cls.decoder is not None and not cls.decoder.is_alive():
                cls.decoder.kill()  # reaps it and closes our end
                cls.decoder = None
            if cls.decoder is None:
                cls.decoder = _Decoder()
            return cls.decoder

    @classmethod
    def forget(cls) -> None:
        cls.lock = threading.RLock()
        if cls.decoder is not None:
            with contextlib.suppress(OSError):
                cls.decoder.control.close()
            cls.decoder = None


os.register_at_fork(after_in_child=_Holder.forget)


def _bare_environment(scratch: Path) -> dict[str, str]:
    """No secrets and no database address; one thread per library, because a forked thread pool hangs."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ") if name in os.environ}
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {
        **kept,
        **single,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "TMPDIR": str(scratch),
        "HOME": str(scratch),
    }
