"""Workers that die by SIGKILL at any moment: every job ends once, and one that kills its worker is set aside."""

import os
import random
import time

import pytest

from tests.services.fixtures import Installation
from tests.services.starting import kill_group, wait_until

SOAK = os.environ.get("SOAK") == "1"
JOBS, KILLS = (300, 25) if SOAK else (60, 4)
PUT = """
from django.db import transaction; from teledent.jobs.queue import enqueue
with transaction.atomic():
    for n in range({count}): enqueue("ground.mark", n=n, seconds={seconds})
    if {poison}: enqueue("ground.die", n=1)
"""


def put(installation: Installation, count: int, *, seconds: float = 0.0, poison: bool = False) -> None:
    installation.ask(PUT.format(count=count, seconds=seconds, poison=poison))


def wait_for(installation: Installation, kind: str, **expected: int) -> None:
    wait_until(lambda: installation.states(kind) == expected, what=f"{kind} to be {expected}", seconds=120)


def test_jobs_survive_kills_at_any_moment(installation: Installation):
    chance = random.Random(7)
    put(installation, JOBS, seconds=0.02, poison=True)
    kills = 0
    worker = installation.start("manage.py", "work")
    next_kill = time.monotonic() + 2
    while installation.states("ground.mark") != {"done": JOBS} or installation.states("ground.die") != {"parked": 1}:
        if worker.poll() is not None:  # the poison job kills its worker too
            worker = installation.start("manage.py", "work")
        if kills < KILLS and time.monotonic() > next_kill:
            kill_group(worker)
            kills, next_kill = kills + 1, time.monotonic() + chance.uniform(0.3, 3.0)
        time.sleep(0.02)
    assert installation.marks("mark") == JOBS
    assert installation.marks("parked") == 1


POINTS = ["jobs.claimed@1", "jobs.ran@1", "jobs.finish.written@1", "jobs.finish.committed@1"]


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_between_the_steps_has_its_effect_once(on_sqlite: Installation, point):
    put(on_sqlite, 1)
    first = on_sqlite.start("manage.py", "work", FAULT=point)
    assert first.wait(timeout=60) == -9
    second = on_sqlite.start("manage.py", "work")
    wait_for(on_sqlite, "ground.mark", done=1)
    kill_group(second)
    assert on_sqlite.marks("mark") == 1


def test_sigterm_lets_the_job_in_hand_end(on_sqlite: Installation):
    put(on_sqlite, 1, seconds=2.0)
    worker = on_sqlite.start("manage.py", "work")
    wait_for(on_sqlite, "ground.mark", running=1)
    worker.terminate()
    assert worker.wait(timeout=30) == 0
    assert on_sqlite.states("ground.mark") == {"done": 1}


def test_a_long_job_keeps_its_lease(on_sqlite: Installation):
    put(on_sqlite, 1, seconds=4.0)
    worker = on_sqlite.start("manage.py", "work", JOB_LEASE_SECONDS="1.2")
    wait_for(on_sqlite, "ground.mark", done=1)
    assert on_sqlite.rows("SELECT attempts FROM jobs_job WHERE kind = 'ground.mark'") == [(1,)]
    kill_group(worker)
