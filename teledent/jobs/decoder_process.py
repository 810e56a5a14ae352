"""The decoder: one thread, libraries loaded, no Django, no database, no secrets. Forks a limited child per call.

Over the control socket come the deadline and a socket for each call. The child reads the call from that socket and
writes its answer to it; then this process adds one line that says how the child ended, and closes it.
End of the control socket means that the worker is gone: every child is killed and this process ends.
"""

import errno
import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from teledent.kit import linux

CONTROL = struct.Struct("!d")  # seconds by the clock for this call; the call's socket travels beside it
ANSWER_MAX = 8 << 20  # bytes of JSON


@dataclass(slots=True)
class Running:
    reply: socket.socket
    deadline: float  # monotonic
    overdue: bool = False


def _load(name: str) -> None:
    """A module, or "module:function" for one that has to be made ready by a call; it may start no thread: we fork."""
    module, _, function = name.partition(":")
    loaded = importlib.import_module(module)
    if function:
        getattr(loaded, function)()


def main() -> None:
    control, scratch = socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])
    os.umask(0o077)
    linux.adopt_orphans()
    for name in sys.argv[3:]:
        _load(name)
    gc.collect()
    gc.freeze()  # so that collecting in a child does not copy the parent's pages
    bell, ringer = socket.socketpair()
    bell.setblocking(False)
    ringer.setblocking(False)
    signal.set_wakeup_fd(ringer.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    serve(control, bell, scratch)


def serve(control: socket.socket, bell: socket.socket, scratch: Path) -> None:
    """Fork on request, end what is overdue, report what ended; until the worker is gone."""
    running: dict[int, Running] = {}
    while True:
        soonest = min((child.deadline for child in running.values() if not child.overdue), default=None)
        wait = None if soonest is None else max(0.0, soonest - time.monotonic())
        ready, _, _ = select.select([control, bell], [], [], wait)
        if bell in ready:
            with suppress(BlockingIOError):
                bell.recv(4096)
        end_overdue(running)
        report_ended(running)
        if control in ready and not start_child(control, running, scratch):
            for pid in running:
                end_group(pid)
            return


def start_child(control: socket.socket, running: dict[int, Running], scratch: Path) -> bool:
    """Fork for one call; False when the worker has closed its end."""
    message, descriptors, _, _ = socket.recv_fds(control, CONTROL.size, 1)
    if not message or not descriptors:
        return False
    reply = socket.socket(fileno=descriptors[0])
    pid = os.fork()
    if pid == 0:
        be_a_child(reply, scratch)
    running[pid] = Running(reply, time.monotonic() + CONTROL.unpack(message)[0])
    return True


def end_overdue(running: dict[int, Running]) -> None:
    for pid, child in running.items():
        if not child.overdue and time.monotonic() >= child.deadline:
            child.overdue = True
            end_group(pid)


def report_ended(running: dict[int, Running]) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        child = running.pop(pid, None)
        if child is None:
            continue  # an adopted grandchild
        end_group(pid)
        for stray in set(linux.children_of_this_process()) - running.keys():
            with suppress(ProcessLookupError):
                os.kill(stray, signal.SIGKILL)
        verdict = json.dumps({"ended": how_it_ended(os.waitstatus_to_exitcode(status), overdue=child.overdue)})
        child.reply.setblocking(False)  # a caller that stopped reading must not hold up the others
        with suppress(OSError):
            child.reply.sendall(b"\n" + verdict.encode())
        child.reply.close()


def how_it_ended(code: int, *, overdue: bool) -> str:
    if overdue:
        return "timeout"
    if code == 0:
        return "well"
    if code == -signal.SIGKILL:  # not from us: the kernel ran out of memory
        return "memory"
    return {-signal.SIGXCPU: "cpu", -signal.SIGXFSZ: "output"}.get(code, "crash")


def end_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def be_a_child(reply: socket.socket, scratch: Path) -> None:
    """Confine this fork, run the call, answer, and end without Python's farewell (it would run the parent's hooks)."""
    try:
        os.setsid()
        linux.die_with_parent(signal.SIGKILL)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        close_all_but(reply)
        request = json.loads(read_line(reply))
        confine(request["limits"], scratch)
        answer = json.dumps(run(request["target"], request["arguments"])).encode()
        if len(answer) > ANSWER_MAX:
            answer = json.dumps({"failed": "output", "kind": ""}).encode()
        reply.sendall(answer)
    except MemoryError:
        os.kill(os.getpid(), signal.SIGKILL)
    except BaseException:
        os._exit(1)
    os._exit(0)


def run(target: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """What the call gives. Of an exception only the class goes back: its text could quote what the file holds."""
    module, _, function = target.partition(":")
    try:
        return {"value": getattr(importlib.import_module(module), function)(**arguments)}
    except MemoryError:
        return {"failed": "memory", "kind": "MemoryError"}
    except OSError as error:
        return {"failed": "output" if error.errno == errno.EFBIG else "error", "kind": type(error).__name__}
    except Exception as error:
        return {"failed": "error", "kind": type(error).__name__}


def confine(limits: dict[str, Any], scratch: Path) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu"], limits["cpu"] + 5))  # first SIGXCPU, which tells the reason
    for what, most in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_FSIZE, limits["file_size"]),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_CORE, 0),  # a core file would hold the picture
    ):
        resource.setrlimit(what, (most, most))
    linux.write_only_below(scratch)


def close_all_but(reply: socket.socket) -> None:
    """Keep the call's socket only; what libraries print goes nowhere, since it could quote the file."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.closerange(3, reply.fileno())
    os.closerange(reply.fileno() + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def read_line(reply: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        part = reply.recv(1 << 16)
        if not part:
            raise EOFError
        line += part
    return line


if __name__ == "__main__":
    main()
