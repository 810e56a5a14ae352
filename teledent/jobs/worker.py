"""The embedded worker: a lane of light jobs, lanes of heavy ones, and a sweep, in one process."""

import logging
import threading
from collections.abc import Callable

from django.db import connections

from teledent.jobs import queue, registry
from teledent.jobs.performing import perform
from teledent.kit import clock

logger = logging.getLogger(__name__)
POLL = 0.3  # seconds between looks when idle and nobody rings: a read, never a write
TROUBLE_PAUSE = 2.0


class Worker:
    """Runs until `stop`; a job in hand is ended first. `owner` names this process in the rows it holds."""

    def __init__(self, *, owner: str, heavy_lanes: int) -> None:
        self.owner, self.stopping = owner, threading.Event()
        lanes = [("light", False), *((f"heavy-{n}", True) for n in range(heavy_lanes))]
        self.rung = {name: threading.Event() for name, _ in lanes}
        self.threads = [
            threading.Thread(target=self._lane, args=(name, heavy), name=name, daemon=True) for name, heavy in lanes
        ]

    def run(self) -> None:
        """Blocks. The sweep runs here, in the main thread, where signals arrive."""
        for thread in self.threads:
            thread.start()
        while not self.stopping.wait(1.0):
            self._guarded(self._sweep)
        for thread in self.threads:
            thread.join()

    def stop(self) -> None:
        self.stopping.set()

    def ring(self) -> None:
        """A job may be ready: every lane looks now."""
        for rung in self.rung.values():
            rung.set()

    def _lane(self, name: str, heavy: bool) -> None:
        owner, rung = f"{self.owner}:{name}", self.rung[name]
        while not self.stopping.is_set():
            rung.clear()  # before the look: a ring during it is heard after it
            if not self._guarded(lambda: self._one(owner, heavy)):
                rung.wait(POLL)
        connections.close_all()

    def _one(self, owner: str, heavy: bool) -> bool:
        job = queue.claim(owner=owner, kinds=registry.names(heavy=heavy), at=clock.now())
        if job is not None:
            perform(job)
        return job is not None

    def _sweep(self) -> bool:
        return queue.sweep_if_due(at=clock.now())

    def _guarded(self, step: Callable[[], bool]) -> bool:
        """A database that is away is waited for; the connection is given up so that the next step makes a new one."""
        try:
            return step()
        except Exception as error:
            logger.warning("The worker pauses: %s", type(error).__name__)
            connections.close_all()
            self.stopping.wait(TROUBLE_PAUSE)
            return False
