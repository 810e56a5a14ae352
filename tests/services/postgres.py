"""A PostgreSQL cluster of its own. PostgreSQL refuses to run as root, so there it runs as the user postgres or nobody."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.services.starting import end, free_port, wait_until


@dataclass(frozen=True)
class Postgres:
    """`server` is the address without a database name; None as process when it comes from the environment."""

    server: str

    @property
    def port(self) -> str:
        return self.server.rpartition(":")[2]

    def address(self, database: str) -> str:
        return f"{self.server}/{database}"

    def new_database(self, *, template: str = "template1") -> str:
        """Create a database and return its name; with a template it is a copy, made in well under a second."""
        name = f"test_{uuid.uuid4().hex}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name


def programs() -> Path | None:
    """The folder with initdb and postgres, which Debian keeps off the PATH."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in found if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def is_there() -> bool:
    return "TEST_POSTGRES" in os.environ or programs() is not None


@contextmanager
def running() -> Iterator[Postgres]:
    if "TEST_POSTGRES" in os.environ:
        yield Postgres(os.environ["TEST_POSTGRES"].rstrip("/"))
        return
    folder = Path(tempfile.mkdtemp(prefix="teledent-postgres-"))
    bin_dir, port, user = programs(), free_port(), _account()
    assert bin_dir is not None, "PostgreSQL is not installed."
    if user:
        shutil.chown(folder, user)
    quick = [
        "-c", "fsync=off",  # no test cuts the power
        "-c", "shared_buffers=64MB",
        "-c", "max_connections=200",
        "-c", f"unix_socket_directories={folder}",
    ]  # fmt: skip
    command = [
        bin_dir / "initdb",
        "-D",
        folder / "data",
        "-U",
        "teledent",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "-N",
    ]
    subprocess.run([str(word) for word in command], check=True, user=user, stdout=subprocess.DEVNULL, cwd=folder)
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [bin_dir / "postgres", "-D", folder / "data", "-p", str(port), "-h", "127.0.0.1", *quick],
            user=user,
            cwd=folder,
            stderr=log,
        )
    found = Postgres(f"postgres://teledent@127.0.0.1:{port}")
    try:
        wait_until(lambda: _accepts(found), what="PostgreSQL to start")
        yield found
    finally:
        server.send_signal(signal.SIGQUIT)  # "immediate": nothing here is worth a last checkpoint
        end(server)
        shutil.rmtree(folder, ignore_errors=True)


def _accepts(server: Postgres) -> bool:
    try:
        psycopg.connect(server.address("postgres"), connect_timeout=1).close()
    except psycopg.OperationalError:
        return False
    return True


def _account() -> str | None:
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
