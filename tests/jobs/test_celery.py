"""Celery over Redis as a carrier of hints: both may lose everything they hold, and every job still ends once."""

import pytest
import redis

from tests.services.fixtures import Installation
from tests.services.starting import kill_group, wait_until

CELERY = ["-m", "celery", "-A", "teledent.celery", "worker", "--concurrency", "2", "--loglevel", "warning"]
PUT = """
from django.db import transaction; from teledent.jobs.queue import enqueue
for n in range({count}):
    with transaction.atomic(): enqueue("ground.{kind}", n=n, **{more})
"""


@pytest.fixture
def scaled_out(on_postgres: Installation, redis_server: str) -> Installation:
    on_postgres.environment.update(REDIS_URL=redis_server, JOB_LEASE_SECONDS="4")
    redis.Redis.from_url(redis_server).flushall()
    return on_postgres


def wait_for(installation: Installation, kind: str, **expected: int) -> None:
    wait_until(lambda: installation.states(kind) == expected, what=f"{kind} to be {expected}", seconds=90)


def put(installation: Installation, kind: str, count: int, **more: object) -> None:
    installation.ask(PUT.format(kind=kind, count=count, more=more))


def test_heavy_jobs_run_in_a_decoder_of_each_celery_child(scaled_out):
    scaled_out.start(*CELERY)
    put(scaled_out, "decode", 6)
    wait_for(scaled_out, "ground.decode", done=6)
    assert scaled_out.marks("decode") == 6


def test_flushed_redis_and_killed_workers_lose_and_double_nothing(scaled_out, redis_server):
    worker = scaled_out.start(*CELERY)
    put(scaled_out, "mark", 20, seconds=0.1)
    redis.Redis.from_url(redis_server).flushall()
    kill_group(worker)
    scaled_out.start(*CELERY)
    redis.Redis.from_url(redis_server).flushall()
    wait_for(scaled_out, "ground.mark", done=20)
    assert scaled_out.marks("mark") == 20


def test_work_is_saved_while_redis_is_away(on_postgres):
    away = {"REDIS_URL": "redis://127.0.0.1:9/0"}
    code = PUT.format(kind="mark", count=1, more={}) + "\nfrom teledent.jobs import publish; print(publish.failures())"
    assert on_postgres.ask(code, **away) == "1"
    assert on_postgres.states("ground.mark") == {"ready": 1}
