"""The trip on several machines: two web servers, two Celery workers, PostgreSQL, Redis and an S3 store, all real.

Each process has an empty DATA_DIR of its own, and every request goes to the other web server than the one before it.
"""

import json
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import redis

from teledent.kit import clock
from tests.cast import PASSWORD
from tests.flows import pictures, trip
from tests.flows.processes import CELERY, PRODUCT, WEB, manage, run_module, start_web
from tests.flows.visitor import Visitor
from tests.services.fixtures import Installation, environment_for
from tests.services.starting import wait_until

NOW = clock.now().astimezone(ZoneInfo("America/Los_Angeles"))
VIEWS = ("frontal", "upper", "lower")


@dataclass
class Machines:
    """What all share, the addresses of the web servers, and the client's own account."""

    shared: Installation
    folder: Path
    receiver: str = ""
    addresses: tuple[str, ...] = ()
    account: dict[str, Any] = field(default_factory=lambda: {"receipts": [], "signed": [], "exports": 0})

    def own(self, name: str) -> str:
        """The empty DATA_DIR of a machine."""
        (self.folder / name).mkdir()
        return str(self.folder / name)

    def visitor(self, email: str) -> Visitor:
        person = Visitor(self.addresses)
        person.sign_in(email, PASSWORD)
        return person

    def await_rows(self, sql: str, expected: object) -> None:
        wait_until(lambda: self.shared.rows(sql) == [(expected,)], what=f"{sql} to give {expected}", seconds=90)

    def misfits(self) -> list[str]:
        """What does not fit once the workers are through, or have had a minute to be."""
        log = self.folder / "account.json"
        log.write_text(json.dumps(self.account))
        give_up = time.monotonic() + 60
        while found := list(run_module(self.shared, "tests.flows.accounting", str(log))):
            if time.monotonic() > give_up or not all(one.startswith("A job ") for one in found):
                break
        return found


@pytest.fixture(scope="module")
def machines(postgres_server, redis_server, s3_store, tmp_path_factory) -> Iterator[Machines]:
    tmp_path = tmp_path_factory.mktemp("machines")
    redis.Redis.from_url(redis_server).flushall()
    shared = {
        "DATABASE_URL": postgres_server.address(postgres_server.new_database()), "REDIS_URL": redis_server, "JOB_LEASE_SECONDS": "4",
        **s3_store.environment(s3_store.new_bucket()),
    }  # fmt: skip
    (tmp_path / "shell").mkdir()
    found = Machines(
        Installation(tmp_path / "shell", environment_for(tmp_path / "shell", **PRODUCT, **shared)), tmp_path
    )
    manage(found.shared, "migrate", "-v0")
    found.receiver = run_module(found.shared, "tests.flows.prepare")["receiver"]
    for name in ("web-1", "web-2"):
        own = found.own(name)
        manage(found.shared, "collectstatic", "--noinput", "-v0", DATA_DIR=own)
        served = start_web(found.shared, *WEB, log=tmp_path / f"{name}.log", DATA_DIR=own)
        found.addresses += (served.address,)
    for name in ("worker-1", "worker-2"):
        found.shared.start(*CELERY, log=tmp_path / f"{name}.log", DATA_DIR=found.own(name))
    yield found
    found.shared.end_all()


def child_with_consent(hana: Visitor, given_name: str) -> tuple[str, str]:
    """A new child with consent and an open case: the public ids of both."""
    page = trip.register(hana, given_name=given_name)
    trip.consent(hana, page, today=NOW.date())
    return page.strip("/").rpartition("/")[2], trip.open_case(hana, page)


def send_all(machines: Machines, hana: Visitor, case: str, given_name: str) -> list[str]:
    """Photographs and a radiograph in pieces that reach both web servers; the ids of the files."""
    film = pictures.bitewing(
        name=f"VILLANUEVA-REYES^{given_name.upper()}", pupil_id="AC-20417", born=date(2018, 3, 14), taken_at=NOW
    )  # fmt: skip
    photographs = pictures.photographs(VIEWS, taken_at=NOW, seed=len(given_name))
    receipts = trip.send_pictures(hana, case, {**photographs, "bitewing-right": film}, parts=5)
    machines.account["receipts"] += receipts
    films = [one["id"] for one in receipts if one["view"] == "bitewing-right"]
    trip.order_radiographs(hana, case, films, today=NOW.date())
    return [one["id"] for one in receipts]


def read_and_sign(machines: Machines, hana: Visitor, case: str, images: list[str]) -> None:
    page = f"/capture/cases/{case}/"
    trip.gather(hana, case)
    trip.until_seen(hana, page, gone="Being examined", what="every file to be examined")
    trip.submit(hana, case)
    dev = machines.visitor(trip.DEV)
    trip.start(dev, case)
    trip.write_review(dev, case, images, today=NOW.date())
    assert trip.sign(dev, case) == f"/cases/{case}/"
    machines.account["signed"].append(case)


def bill(machines: Machines, patient: str) -> list[bytes]:
    """Coverage, one click, and the file as each web server hands it out."""
    rita = machines.visitor(trip.RITA)
    machines.await_rows("SELECT status FROM billing_claim WHERE status <> 'exported'", "blocked")
    trip.cover(rita, patient)
    machines.await_rows("SELECT status FROM billing_claim WHERE status <> 'exported'", "ready")
    page = trip.export(rita, machines.receiver)
    machines.await_rows(
        f"SELECT state FROM billing_export WHERE public_id = '{page.strip('/').rpartition('/')[2]}'", "done"
    )
    machines.account["exports"] += 1
    return [rita.get(f"{page}file/").content for _ in machines.addresses]


def test_the_trip_with_requests_alternating_between_two_web_servers(machines):
    hana = machines.visitor(trip.HANA)
    patient, case = child_with_consent(hana, "Mateo")
    images = send_all(machines, hana, case, "Mateo")
    for image in images:
        servers = {server for method, path, server in hana.log if method == "PATCH" and image in path}
        assert servers == set(machines.addresses)
    read_and_sign(machines, hana, case, images)
    first, second = bill(machines, patient)
    assert first == second
    assert first.startswith(b"PK\3\4")
    assert machines.misfits() == []


def test_the_trip_when_redis_forgets_and_a_worker_dies_while_it_decodes(machines, redis_server):
    hana = machines.visitor(trip.HANA)
    patient, case = child_with_consent(hana, "Guadalupe")
    images = send_all(machines, hana, case, "Guadalupe")
    with ThreadPoolExecutor() as watch:  # from before it is sent: a decoder is soon done, however large the picture
        killing = watch.submit(kill_who_decodes, machines, case, "right")
        receipts = trip.send_pictures(hana, case, {"right": pictures.large_photograph()}, parts=5)
        killed = killing.result()
    machines.account["receipts"] += receipts
    redis.Redis.from_url(redis_server).flushall()
    read_and_sign(machines, hana, case, [*images, receipts[0]["id"]])
    redis.Redis.from_url(redis_server).flushall()
    bill(machines, patient)
    assert machines.misfits() == []
    assert machines.shared.rows(f"SELECT attempts FROM jobs_job WHERE id = {killed}")[0][0] > 1


def kill_who_decodes(machines: Machines, case: str, view: str) -> int:
    """SIGKILL the worker, with all its children, that has this view of the case in its hands; the job."""
    held = (
        "SELECT job.id, job.owner FROM jobs_job job JOIN cases_asset asset ON job.payload = jsonb_build_object('asset_id', asset.id) "
        "JOIN cases_case its ON its.id = asset.case_id "
        f"WHERE job.state = 'running' AND asset.view = '{view}' AND its.public_id = '{case}'"
    )
    found: list[tuple[Any, ...]] = []
    wait_until(
        lambda: bool(found.extend(machines.shared.rows(held)) or found), what="a worker to take the large picture"
    )
    job, owner = found[0]
    os.killpg(os.getpgid(int(owner.rpartition(":")[2])), signal.SIGKILL)
    assert machines.shared.rows(held) == [(job, owner)], "it died with the job in its hands"
    return int(job)
