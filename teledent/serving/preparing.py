"""Before serving: a folder that can be written, a database that is up to date, static files that are collected."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from teledent.serving.folder import is_local
from teledent.serving.refusing import CannotServe

MIGRATING = 7_315_201  # PostgreSQL advisory lock: several hosts may start at once


def prepare(data_dir: Path, *, at: datetime, migrate: bool) -> None:
    """Everything before the first process starts. Raises `CannotServe`; nothing is half done then."""
    require_folder(data_dir)
    if connection.vendor == "sqlite":
        set_journal_mode()  # before migrating: with the write-ahead log that is several times faster
    with one_at_a_time():
        bring_database_up_to_date(data_dir, at=at, migrate=migrate)
    collect_static()
    connection.close()


def require_folder(data_dir: Path) -> None:
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        for database in data_dir.glob("*.sqlite3*"):  # a database made by hand has the shell's mode
            database.chmod(0o600)
        probe = data_dir / ".writable"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        raise CannotServe(
            f"DATA_DIR {data_dir} cannot be written ({error.strerror}). Choose a folder that can."
        ) from None
    if connection.vendor == "sqlite" and not is_local(data_dir):
        raise CannotServe(
            f"DATA_DIR {data_dir} is on a network drive, where SQLite can lose data. Choose a local disk."
        )


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """SQLite: the lock on the folder does it. PostgreSQL: an advisory lock of this session."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])


def bring_database_up_to_date(data_dir: Path, *, at: datetime, migrate: bool) -> None:
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    fresh = not MigrationRecorder(connection).applied_migrations()
    if not fresh and not migrate:
        raise CannotServe(
            "The database is from an older release. Start without --no-migrate to update it, after a backup."
        )
    if not fresh and connection.vendor != "sqlite":
        raise CannotServe(
            "The database is from an older release. Make a backup, run manage.py migrate, then start again."
        )
    if not fresh:
        copy = backup_copy(data_dir, at=at)
        print(f"Updating the database. A copy from before is in {copy}", flush=True)  # noqa: T201
    call_command("migrate", interactive=False, verbosity=0)


def backup_copy(data_dir: Path, *, at: datetime) -> Path:
    """A sound copy of the SQLite database while others may read it: VACUUM INTO, not a copy of the file."""
    folder = data_dir / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / f"before-update-{at:%Y%m%dT%H%M%S}.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    copy.chmod(0o600)
    return copy


def set_journal_mode() -> None:
    """Kept in the database file, so once is enough. Only a SQLite without the corruption bug gets the write-ahead log."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA journal_mode={'WAL' if settings.SQLITE_SAFE_FOR_WAL else 'DELETE'}")


def collect_static() -> None:
    """Collect when something changed since the last time: names, sizes and times of the sources say so."""
    marker = Path(settings.STATIC_ROOT) / ".collected-from"
    print_now = _fingerprint()
    if marker.exists() and marker.read_text() == print_now:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=Path(settings.STATIC_ROOT).exists())
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    marker.write_text(print_now)


def _fingerprint() -> str:
    sources = [django.get_version(), str(settings.STORAGES["staticfiles"])]
    for finder in get_finders():
        for name, storage in finder.list([]):
            sources.append(json.dumps([name, storage.size(name), storage.get_modified_time(name).timestamp()]))
    return hashlib.sha256("\n".join(sorted(sources)).encode()).hexdigest()
