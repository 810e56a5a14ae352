"""Keeps child processes running: restarts with growing pauses, ends them gracefully, leaves none behind."""

import logging
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from teledent.kit import linux

logger = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0  # seconds before a restart; doubled for a child that dies young
GROWN_UP = 30.0  # seconds after which a child's death is no longer put down to its start
PATIENCE = 25.0  # seconds to end gracefully


@dataclass
class Child:
    """One process to keep running."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    passed: Sequence[int] = ()  # file descriptors
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    start_at: float = 0.0
    pause: float = field(default=FIRST_PAUSE)

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env=dict(self.environment),
            pass_fds=self.passed,
            stdin=subprocess.DEVNULL,
            process_group=0,  # Ctrl-C reaches the supervisor alone, which ends its children in order
            preexec_fn=lambda: linux.die_with_parent(signal.SIGKILL),
        )

    def note_end(self) -> None:
        """Plan the restart of a process that has ended."""
        assert self.process is not None  # noqa: S101 - only called for one that ran
        young = time.monotonic() - self.started < GROWN_UP
        self.pause = min(self.pause * 2, LONGEST_PAUSE) if young else FIRST_PAUSE
        self.start_at = time.monotonic() + (self.pause / 2 if young else 0.0)
        logger.warning("%s ended (%s); it starts again.", self.name, self.process.returncode)
        self.process = None


class Supervisor:
    """Runs in the main thread of a process that does nothing else: `die_with_parent` goes by the starting thread."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children, self.stopping = children, False
        self.bell, self.ringer = socket.socketpair()
        self.bell.setblocking(False)
        self.ringer.setblocking(False)

    def run(self) -> None:
        """Blocks until SIGTERM or SIGINT, then ends the children and returns."""
        signal.set_wakeup_fd(self.ringer.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only to ring the bell
        while not self.stopping:
            self._start_what_is_due()
            self._wait(self._until_next_start())
            self._look_after()
        self._end_all()

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _start_what_is_due(self) -> None:
        for child in self.children:
            if child.process is None and child.start_at <= time.monotonic():
                child.start()

    def _until_next_start(self) -> float:
        waits = [child.start_at - time.monotonic() for child in self.children if child.process is None]
        return max(0.0, min(waits, default=60.0))

    def _wait(self, seconds: float) -> None:
        select.select([self.bell], [], [], seconds)
        with suppress(BlockingIOError):
            self.bell.recv(4096)

    def _look_after(self) -> None:
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                child.note_end()
        self._reap_strays()

    def _reap_strays(self) -> None:
        """As process 1 of a container this process inherits what others left; its own children are polled above."""
        own = {child.process.pid for child in self.children if child.process is not None}
        for pid in set(linux.children_of_this_process()) - own:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)

    def _end_all(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            process.terminate()
        give_up = time.monotonic() + PATIENCE
        for process in running:
            try:
                process.wait(timeout=max(0.0, give_up - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
