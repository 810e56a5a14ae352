"""The servers as fixtures, one of each a session; and an installation (data folder, database) per test on either database."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.services import postgres, redis, s3
from tests.services.once import OnceARun
from tests.services.starting import end, kill_group, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Postgres]:
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    with redis.running() as address:
        yield address


@pytest.fixture(scope="session")
def s3_store() -> Iterator[s3.Store]:
    with s3.running() as store:
        yield store


@dataclass(frozen=True)
class Installation:
    """A data folder and a migrated database of the ground floor, as the environment that its processes are started with."""

    folder: Path
    environment: dict[str, str]
    started: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    def start(self, *command: str, log: Path | None = None, **environment: str) -> "subprocess.Popen[bytes]":
        """Start `python command` in a process group of its own; what it says goes to `log`."""
        with (log or self.folder.parent / "log").open("ab") as out:
            process = subprocess.Popen(
                [sys.executable, *command],
                env={**self.environment, **environment},
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database answers, asked without Django."""
        address = self.environment.get("DATABASE_URL")
        if address:
            with psycopg.connect(address) as postgres_connection:
                return postgres_connection.execute(sql.encode()).fetchall()
        with closing(sqlite3.connect(self.folder / "teledent.sqlite3", timeout=20)) as sqlite_connection:
            return sqlite_connection.execute(sql).fetchall()

    def states(self, kind: str) -> dict[str, int]:
        """How many jobs of a kind are in which state."""
        return dict(self.rows(f"SELECT state, count(*) FROM jobs_job WHERE kind = '{kind}' GROUP BY state"))

    def marks(self, prefix: str) -> int:
        """How many effects the kinds of `tests.ground.kinds` have left."""
        return int(self.rows(f"SELECT count(*) FROM files_storedfile WHERE key LIKE '{prefix}/%'")[0][0])

    def end_all(self) -> None:
        """Kill what still runs of all that was started here, with its process group."""
        for process in self.started:
            kill_group(process)

    def ask(self, code: str, **environment: str) -> str:
        """What a snippet prints that runs with Django set up on this installation."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            env={**self.environment, **environment},
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()


def environment_for(folder: Path, **extra: str) -> dict[str, str]:
    """The environment of an installation in `folder`, with nothing of the shell's own configuration."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    fixed = {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "tests.ground.settings", "PYTHONPATH": str(ROOT)}
    return {**kept, **fixed, **extra}


@pytest.fixture(scope="session")
def sqlite_template(once_a_run: OnceARun) -> Path:
    """A data folder with the migrated database of the ground floor."""
    return once_a_run("ground", lambda folder: _migrate(environment_for(folder)))


@pytest.fixture(scope="session")
def postgres_template(postgres_server: postgres.Postgres, once_a_run: OnceARun) -> str:
    """The name of a migrated database of the ground floor."""

    def make(folder: Path) -> None:
        name = postgres_server.new_database()
        _migrate(environment_for(folder, DATABASE_URL=postgres_server.address(name)))
        (folder / "name").write_text(name)

    return (once_a_run(f"ground-at-{postgres_server.port}", make) / "name").read_text()


def _migrate(environment: dict[str, str]) -> None:
    done = [
        sys.executable,
        "-c",
        "from django.core.management import execute_from_command_line as run; import sys; run(sys.argv)",
    ]
    subprocess.run([*done, "migrate", "-v0"], env=environment, cwd=ROOT, check=True)


@pytest.fixture
def on_sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Installation]:
    folder = tmp_path / "data"
    shutil.copytree(sqlite_template, folder)
    found = Installation(folder, environment_for(folder))
    yield found
    found.end_all()


@pytest.fixture
def on_postgres(postgres_server: postgres.Postgres, postgres_template: str, tmp_path: Path) -> Iterator[Installation]:
    folder = tmp_path / "data"
    folder.mkdir()
    database = postgres_server.new_database(template=postgres_template)
    found = Installation(folder, environment_for(folder, DATABASE_URL=postgres_server.address(database)))
    yield found
    found.end_all()


@pytest.fixture(params=["on_sqlite", pytest.param("on_postgres", marks=pytest.mark.postgres)])
def installation(request: pytest.FixtureRequest) -> Installation:
    """Each test that asks for it runs once on SQLite and once on PostgreSQL."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Installation)
    return found


@dataclass
class Served:
    """A running `manage.py serve`: its address without a trailing slash, and its process."""

    address: str
    process: "subprocess.Popen[bytes]"


def serve(installation: Installation, *, port: int = 0, **environment: str) -> Served:
    """Start the real command, which migrates first, and wait for its address. The caller ends it."""
    log = installation.folder.parent / f"serve-{uuid.uuid4().hex}.log"
    process = installation.start("manage.py", "serve", "--port", str(port), log=log, **environment)
    try:
        told = lambda: bool(_address_in(log)) or process.poll() is not None  # noqa: E731
        wait_until(told, what="serve to tell its address", seconds=180)
    except TimeoutError:
        end(process)
        raise
    address = _address_in(log)
    assert address, log.read_text()
    return Served(address, process)


def _address_in(log: Path) -> str:
    found = re.search(r"https?://\S+", log.read_text())
    return found[0].rstrip("/") if found else ""


@pytest.fixture
def live_ground(on_sqlite: Installation) -> Iterator[Served]:
    """The ground floor served for real, with the ungated receiver of `tests.ground.addresses`."""
    served = serve(on_sqlite)
    yield served
    end(served.process)


@pytest.fixture
def live_serve(tmp_path: Path) -> Iterator[Served]:
    """The whole product served for real from an empty data folder of its own."""
    installation = Installation(
        tmp_path / "data", environment_for(tmp_path / "data", DJANGO_SETTINGS_MODULE="teledent.settings")
    )
    served = serve(installation)
    yield served
    end(served.process)
    installation.end_all()
