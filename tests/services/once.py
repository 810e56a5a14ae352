"""What every process of a test run needs is made by the first that asks; the others wait for it."""

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest

OnceARun = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def once_a_run(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> OnceARun:
    """Gives the folder of a name, after `make` filled it in one of the run's processes."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent

    def made_once(name: str, make: Callable[[Path], None]) -> Path:
        folder = shared / f"once-{name}"
        with folder.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                made = tmp_path_factory.mktemp(name)
                make(made)
                made.rename(folder)
        return folder

    return made_once
