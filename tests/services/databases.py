"""A database of its own for a test that really commits.

Django's way, emptying every table afterwards, is not open to us: the guards refuse DELETE and TRUNCATE of what is signed.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


@pytest.fixture
def own_database(django_db_setup, django_db_blocker, tmp_path: Path) -> Iterator[None]:
    """A copy of the migrated test database, triggers included, in the place of `default` for this test and its threads."""
    with django_db_blocker.unblock():
        own = copied(connections["default"], tmp_path)
        with in_place_of_default(own):
            yield
        dropped(own)


@contextmanager
def in_place_of_default(own: BaseDatabaseWrapper) -> Iterator[None]:
    shared, settings = connections["default"], connections.settings["default"]
    connections.settings["default"] = own.settings_dict
    connections["default"] = own
    try:
        yield
    finally:
        connections["default"] = shared
        connections.settings["default"] = settings


def copied(shared: BaseDatabaseWrapper, folder: Path) -> BaseDatabaseWrapper:
    """A connection to a copy of the committed database `shared`, for `dropped` to end."""
    if shared.vendor == "sqlite":
        name = str(folder / "own.sqlite3")
        with shared.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [name])
    else:
        name = f"own_{uuid.uuid4().hex}"
        shared.close()  # PostgreSQL copies a database only while nobody is in it
        _ask(shared, f'CREATE DATABASE "{name}" TEMPLATE "{shared.settings_dict["NAME"]}"')
    own = shared.copy("default")
    own.settings_dict["NAME"] = name
    return own


def dropped(own: BaseDatabaseWrapper) -> None:
    own.close()
    if own.vendor == "postgresql":
        _ask(own, f'DROP DATABASE "{own.settings_dict["NAME"]}" WITH (FORCE)')


def _ask(shared: BaseDatabaseWrapper, sql: str) -> None:
    """Run a statement that belongs to no transaction, from the maintenance database."""
    parameters = {**shared.get_connection_params(), "dbname": "postgres"}
    wanted = {key: parameters[key] for key in ("host", "port", "user", "password", "dbname") if parameters.get(key)}
    with psycopg.connect(**wanted, autocommit=True) as connection:
        connection.execute(sql.encode())
