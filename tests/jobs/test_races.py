"""Processes behind a barrier, on both databases: what may happen once happens once."""

from pathlib import Path

from tests.services.fixtures import Installation
from tests.services.starting import wait_until

RACERS = 4


def race(installation: Installation, name: str, barrier: Path) -> None:
    barrier.mkdir()
    command = ["-m", "tests.ground.racer", name, str(barrier)]
    racers = [installation.start(*command, str(n)) for n in range(RACERS)]
    wait_until(lambda: len(list(barrier.glob("ready-*"))) == RACERS, what="all racers to be ready")
    (barrier / "go").touch()
    assert [racer.wait(timeout=120) for racer in racers] == [0] * RACERS, (barrier.parent / "log").read_text()


def put(installation: Installation, count: int) -> None:
    installation.ask(
        "from django.db import transaction; from teledent.jobs.queue import enqueue\n"
        f"with transaction.atomic():\n for n in range({count}): enqueue('ground.mark', n=n)"
    )


def test_workers_that_race_do_each_job_once(installation, tmp_path):
    put(installation, 60)
    race(installation, "take_everything", tmp_path / "barrier")
    assert installation.marks("mark") == 60
    assert installation.rows("SELECT DISTINCT state, attempts FROM jobs_job") == [("done", 1)]


def test_requests_that_race_make_one_job_of_the_same_work(installation, tmp_path):
    race(installation, "ask_for_the_same_work", tmp_path / "barrier")
    assert installation.states("ground.mark") == {"ready": 20}


def test_sweepers_that_race_advance_a_schedule_once(installation, tmp_path):
    prepare = "from teledent.jobs import queue; from teledent.kit import clock; queue.ensure_schedules(at=clock.now())"
    installation.ask(prepare)
    race(installation, "sweep_at_once", tmp_path / "barrier")
    assert installation.states("ground.often") == {"ready": 1}
