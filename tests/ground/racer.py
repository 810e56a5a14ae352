"""One of several processes that wait behind a barrier and then do the same thing at once: `python -m tests.ground.racer`.

Arguments: what to do, a folder for the barrier, a number. Each says that it is ready by a file and starts when `go` is there.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import django
from django.db import connection, transaction

django.setup()

from teledent.jobs import queue  # noqa: E402 - models can be imported from here on
from teledent.jobs.performing import perform  # noqa: E402
from teledent.kit import clock  # noqa: E402


def take_everything(number: int) -> None:
    """Claim and perform until nothing is left."""
    while True:
        job = queue.claim(owner=f"racer:{number}", kinds=["ground.mark"], at=clock.now())
        if job is None:
            return
        perform(job)


def ask_for_the_same_work(number: int) -> None:
    for n in range(20):
        with transaction.atomic():
            queue.enqueue("ground.mark", dedupe=f"work-{n}", n=n)


def sweep_at_once(number: int) -> None:
    at = clock.now()
    queue.sweep_if_due(at=at)


RACES: dict[str, Callable[[int], None]] = {
    f.__name__: f for f in (take_everything, ask_for_the_same_work, sweep_at_once)
}


def main() -> None:
    race, barrier, number = RACES[sys.argv[1]], Path(sys.argv[2]), int(sys.argv[3])
    connection.ensure_connection()
    (barrier / f"ready-{number}").touch()
    while not (barrier / "go").exists():
        time.sleep(0.002)
    race(number)


if __name__ == "__main__":
    main()
