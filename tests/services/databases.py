"""The test database of a process, and a database of its own for a test that really commits.

Django's way with the latter, emptying every table afterwards, is not open to us: the guards refuse DELETE and TRUNCATE of
what is signed.
"""

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment, django_db_modify_db_settings, django_db_blocker
) -> Iterator[None]:
    """In the place of pytest-django's, which migrates in every process: a copy of what was migrated once for all.

    TEST_DATABASE_URL is on the server that TEST_POSTGRES names.
    """
    with django_db_blocker.unblock():
        connection = connections["default"]
        name = connection.creation._get_test_db_name()
        connection.close()
        if connection.vendor == "sqlite":
            connection.settings_dict["NAME"] = name
            with closing(
                sqlite3.connect(request.getfixturevalue("product_on_sqlite") / "teledent.sqlite3")
            ) as migrated:
                connection.ensure_connection()
                migrated.backup(connection.connection)
        else:
            _ask(connection, f'CREATE DATABASE "{name}" TEMPLATE "{request.getfixturevalue("product_on_postgres")}"')
            connection.settings_dict["NAME"] = name
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock():
            dropped(connection)


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
