"""Job kinds whose effects can be counted: each inserts a StoredFile row, and a second insertion would be refused."""

import os
import signal
import time
from datetime import timedelta
from functools import partial

from teledent.files.models import StoredFile
from teledent.jobs.decoder import in_child
from teledent.jobs.registry import Effect, job
from teledent.kit import clock


def leave_mark(name: str) -> None:
    StoredFile.objects.create(key=name, sha256="0" * 64, size=0, created_at=clock.now())


@job("ground.mark", on_parked=lambda n, **_: leave_mark(f"parked/{n}"))
def mark(*, n: int, seconds: float = 0.0, **_: object) -> Effect | None:
    time.sleep(seconds)
    return partial(leave_mark, f"mark/{n}")


@job("ground.decode", heavy=True, on_parked=lambda n, **_: leave_mark(f"parked/{n}"))
def decode(*, n: int, bomb: str = "echo", **_: object) -> Effect | None:
    in_child(f"tests.ground.bombs:{bomb}")
    return partial(leave_mark, f"decode/{n}")


@job("ground.die", on_parked=lambda n, **_: leave_mark(f"parked/{n}"))
def die(*, n: int, **_: object) -> Effect | None:
    os.kill(os.getpid(), signal.SIGKILL)
    return None


@job("ground.often", schedule=timedelta(seconds=1))
def often(**_: object) -> Effect | None:
    return None
