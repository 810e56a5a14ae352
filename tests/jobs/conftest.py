"""Job kinds that live for one test."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from teledent.jobs import queue, registry
from teledent.jobs.models import Job

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def kind() -> Iterator[Callable[..., str]]:
    """Register a function as a kind under a name of its own; forgotten after the test."""
    made: list[str] = []

    def register(run: Callable[..., Any] = lambda **_: None, **options: Any) -> str:
        name = f"test.kind{len(made)}"
        registry.job(name, **options)(run)
        made.append(name)
        return name

    yield register
    for name in made:
        registry.forget(name)


def put(kind_name: str, **options: Any) -> Job:
    with transaction.atomic():
        return queue.enqueue(kind_name, **{"run_after": NOON, **options})


def take(kind_name: str, *, owner: str = "worker", at: datetime = NOON) -> Job:
    job = queue.claim(owner=owner, kinds=[kind_name], at=at)
    assert job is not None
    return job
