"""One installation on SQLite whose web server and worker die on order, and are started again by whoever sees it."""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cast import PASSWORD
from tests.flows.processes import WEB, run_module, start_web
from tests.flows.visitor import Visitor
from tests.services.fixtures import Installation, Served
from tests.services.starting import wait_until


@dataclass
class House:
    """The web server (gunicorn, whose master forks a killed child anew) and the embedded worker, each with its own orders."""

    installation: Installation
    web: Served = field(init=False)
    account: dict[str, Any] = field(default_factory=lambda: {"receipts": [], "signed": [], "exports": 0})

    def __post_init__(self) -> None:
        self.folder = self.installation.folder.parent
        self.web = start_web(self.installation, *WEB, log=self.folder / "web.log", FAULT_FILE=str(self.order_of("web")))
        self.start_worker()

    def start_worker(self) -> None:
        orders = str(self.order_of("worker"))
        self.worker = self.installation.start("manage.py", "work", log=self.folder / "worker.log", FAULT_FILE=orders)

    def order_of(self, victim: str) -> Path:
        return self.folder / f"{victim}.order"

    def order(self, victim: str, point: str) -> None:
        """From now on `victim` dies at `point` ("name@pass")."""
        new = self.folder / "new.order"
        new.write_text(f"{point}\n{time.monotonic_ns()}")
        new.replace(self.order_of(victim))

    def has_died(self, victim: str) -> bool:
        return not self.order_of(victim).exists()

    def await_death_of_the_worker(self, point: str) -> None:
        """Until it dies of its order; then start it again."""
        wait_until(lambda: self.has_died("worker"), what=f"the worker to die at {point}")
        assert self.worker.wait(timeout=10) == -9
        self.start_worker()

    def await_rows(self, sql: str, expected: object, *, what: str) -> None:
        wait_until(lambda: self.installation.rows(sql) == [(expected,)], what=what, seconds=90)

    def await_no_work(self) -> None:
        self.await_rows("SELECT count(*) FROM jobs_job WHERE state IN ('ready', 'running')", 0, what="every job to end")

    def visitor(self, email: str) -> Visitor:
        person = Visitor((self.web.address,))
        person.sign_in(email, PASSWORD)
        return person

    def misfits(self) -> list[str]:
        log = self.folder / "account.json"
        log.write_text(json.dumps(self.account))
        return list(run_module(self.installation, "tests.flows.accounting", str(log)))
