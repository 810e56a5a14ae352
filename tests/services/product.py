"""The whole product on a database of its own, in a file and on PostgreSQL, for tests that start processes."""

import fcntl
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.services.fixtures import Installation, environment_for
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
def product_on_sqlite(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A migrated data folder, made once a run: the first process makes it, the others wait for it."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "product"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            made = tmp_path_factory.mktemp("product")
            _migrate(environment_for(made, **PRODUCT))
            with sqlite3.connect(
                made / "teledent.sqlite3"
            ) as database:  # so that a copy of the file is the whole database
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            made.rename(folder)
    return folder


@pytest.fixture(scope="session")
def product_at(product_on_sqlite: Path) -> Callable[..., Installation]:
    """Makes a migrated product in a folder of a test's own; what else is named goes into its environment."""

    def made(folder: Path, **environment: str) -> Installation:
        shutil.copytree(product_on_sqlite, folder)
        return Installation(folder, environment_for(folder, **{**PRODUCT, **environment}))

    return made


@pytest.fixture(scope="session")
def product_on_postgres(postgres_server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    name = postgres_server.new_database()
    _migrate(environment_for(tmp_path_factory.mktemp("product"), DATABASE_URL=postgres_server.address(name), **PRODUCT))
    return name


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
