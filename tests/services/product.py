"""The whole product on a database of its own, in a file and on PostgreSQL, for tests that start processes."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
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


ON_BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=ON_BOTH)
def product(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    yield from _copy(request, request.param, tmp_path / "data", *_migrated(request, request.param))


@dataclass(frozen=True, slots=True)
class Beginning:
    """A product in which a module's BEGINNING was done, and what it said."""

    kind: str
    folder: Path
    database: str
    said: str


@pytest.fixture(scope="module", params=ON_BOTH)
def beginning(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Beginning:
    folder, (template, database) = tmp_path_factory.mktemp("beginning") / "data", _migrated(request, request.param)
    (made,) = _copy(request, request.param, folder, template, database)
    said = made.ask(request.module.BEGINNING)
    return Beginning(request.param, folder, made.environment.get("DATABASE_URL", "").rpartition("/")[2], said)


@pytest.fixture
def product_begun(request: pytest.FixtureRequest, beginning: Beginning, tmp_path: Path) -> Iterator[Installation]:
    """A copy of `beginning` for one test."""
    yield from _copy(request, beginning.kind, tmp_path / "data", beginning.folder, beginning.database)


def _migrated(request: pytest.FixtureRequest, kind: str) -> tuple[Path | None, str]:
    if kind == "sqlite":
        return request.getfixturevalue("product_on_sqlite"), ""
    return None, request.getfixturevalue("product_on_postgres")


def _copy(
    request: pytest.FixtureRequest, kind: str, folder: Path, template: Path | None, database: str
) -> Iterator[Installation]:
    """Everything below the folder `template`, and on PostgreSQL the database too. What it started ends with it."""
    if template:
        shutil.copytree(template, folder)
    else:
        folder.mkdir()
    environment = environment_for(folder, **PRODUCT)
    if kind == "postgres":
        server = request.getfixturevalue("postgres_server")
        environment["DATABASE_URL"] = server.address(server.new_database(template=database))
    found = Installation(folder, environment)
    yield found
    found.end_all()
