"""The whole product on a database of its own, in a file and on PostgreSQL, for tests that start processes."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.services.fixtures import Installation, environment_for
from tests.services.once import OnceARun
from tests.services.postgres import Postgres

PRODUCT = {"DJANGO_SETTINGS_MODULE": "tests.reading.race_settings", "FREE_DISK_FLOOR_MB": "0"}
SEED = """
from billing.actions import ending
from cases.models import Case
from tests import cast
from tests.billing import cast as money
desk = money.build_desk(cast.build_world())
patient = cast.make_patient(desk.world)
money.cover(desk, patient)
"""


@pytest.fixture(scope="session")
def product_on_sqlite(once_a_run: OnceARun) -> Path:
    """A migrated data folder."""
    return once_a_run("product", migrated_product)


def migrated_product(folder: Path) -> None:
    _migrate(environment_for(folder, **PRODUCT))
    with closing(sqlite3.connect(folder / "teledent.sqlite3")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # so that a copy of the file is the whole database


@pytest.fixture(scope="session")
def product_at(product_on_sqlite: Path) -> Callable[..., Installation]:
    """Makes a migrated product in a folder of a test's own; what else is named goes into its environment."""

    def made(folder: Path, **environment: str) -> Installation:
        shutil.copytree(product_on_sqlite, folder)
        return Installation(folder, environment_for(folder, **{**PRODUCT, **environment}))

    return made


@pytest.fixture(scope="session")
def product_on_postgres(postgres_server: Postgres, once_a_run: OnceARun) -> str:
    """The name of a migrated database."""

    def make(folder: Path) -> None:
        name = postgres_server.new_database()
        _migrate(environment_for(folder, DATABASE_URL=postgres_server.address(name), **PRODUCT))
        (folder / "name").write_text(name)

    made = once_a_run(f"product-at-{postgres_server.port}", make)
    return (made / "name").read_text()


def _migrate(environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, check=True)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def product(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    folder = tmp_path / "data"
    environment = environment_for(folder, **PRODUCT)
    if request.param == "sqlite":
        shutil.copytree(request.getfixturevalue("product_on_sqlite"), folder)
    else:
        folder.mkdir()
        template, server = request.getfixturevalue("product_on_postgres"), request.getfixturevalue("postgres_server")
        environment["DATABASE_URL"] = server.address(server.new_database(template=template))
    found = Installation(folder, environment)
    yield found
    found.end_all()
