"""A database of its own for a test that really commits.

Django's way, emptying every table afterwards, is not open to us: the guards refuse DELETE and TRUNCATE of what is signed.
"""

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


@pytest.fixture
def own_database(django_db_setup, django_db_blocker, tmp_path: Path) -> Iterator[None]:
    """A copy of the migrated test database, triggers included, in the place of `default` for this test and its threads."""
    shared, settings = connections["default"], connections.settings["default"]
    with django_db_blocker.unblock():
        name = _copied(shared, tmp_path)
        connections.settings["default"] = {**settings, "NAME": name}
        connections["default"] = connections.create_connection("default")
        try:
            yield
        finally:
            connections["default"].close()
            connections.settings["default"] = settings
            connections["default"] = shared
            if shared.vendor == "postgresql":
                _ask(shared, f'DROP DATABASE "{name}" WITH (FORCE)')


def _copied(shared: BaseDatabaseWrapper, folder: Path) -> str:
    if shared.vendor == "sqlite":
        copy = str(folder / "own.sqlite3")
        with shared.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [copy])
        return copy
    name = f"own_{uuid.uuid4().hex}"
    shared.close()  # PostgreSQL copies a database only while nobody is in it
    _ask(shared, f'CREATE DATABASE "{name}" TEMPLATE "{shared.settings_dict["NAME"]}"')
    return name


def _ask(shared: BaseDatabaseWrapper, sql: str) -> None:
    """Run a statement that belongs to no transaction, from the maintenance database."""
    parameters = {**shared.get_connection_params(), "dbname": "postgres"}
    wanted = {key: parameters[key] for key in ("host", "port", "user", "password", "dbname") if parameters.get(key)}
    with psycopg.connect(**wanted, autocommit=True) as connection:
        connection.execute(sql.encode())
