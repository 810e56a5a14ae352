"""python -m tests.upgrade.make NAME: write what an installation of this code leaves behind, for later code to upgrade.

Into tests/upgrade/dumps go NAME-sqlite.tar.xz and, where PostgreSQL is installed, NAME-postgres.tar.xz: the database as
SQL and the stored files below it. Everything in them is invented by the cast of the tests. See README.md beside this.
"""

import io
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from tests.services import postgres
from tests.services.fixtures import ROOT, environment_for

DUMPS = Path(__file__).parent / "dumps"
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.upgrade.settings", "FREE_DISK_FLOOR_MB": "0"}
MOST = 300 << 10  # bytes of one dump


def main(name: str) -> None:
    DUMPS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        fill(data)
        with closing(sqlite3.connect(data / "teledent.sqlite3")) as database:
            pack(f"{name}-sqlite", "\n".join(database.iterdump()), data)
    if postgres.is_there():
        with tempfile.TemporaryDirectory() as folder, postgres.running() as server:
            data, address = Path(folder), server.address(server.new_database())
            fill(data, DATABASE_URL=address)
            pack(f"{name}-postgres", dumped(address), data)


def fill(data: Path, **environment: str) -> None:
    """A migrated database with the story, in processes of their own: each has its own settings."""
    told = environment_for(data, **SETTINGS, **environment)
    for command in (["manage.py", "migrate", "-v0"], ["-m", "tests.upgrade.story"]):
        subprocess.run([sys.executable, *command], env=told, cwd=ROOT, check=True)


def dumped(address: str) -> str:
    """pg_dump as plain statements, without the commands to psql that its newer versions write."""
    told = ["pg_dump", "--no-owner", "--no-privileges", "--inserts", address]
    sql = subprocess.run(told, check=True, capture_output=True, text=True).stdout
    return "\n".join(line for line in sql.splitlines() if not line.startswith("\\"))


def pack(name: str, sql: str, data: Path) -> None:
    path = DUMPS / f"{name}.tar.xz"
    with tarfile.open(path, "w:xz", preset=9) as package:
        content = sql.encode()
        entry = tarfile.TarInfo("dump.sql")
        entry.size = len(content)
        package.addfile(entry, io.BytesIO(content))
        for stored in sorted((data / "files").rglob("*")):
            package.add(stored, stored.relative_to(data).as_posix(), recursive=False, filter=_nobody)
    if path.stat().st_size > MOST:
        raise SystemExit(f"{path.name} has {path.stat().st_size} bytes; {MOST} is the most.")


def _nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    return entry


if __name__ == "__main__":
    main(sys.argv[1])
