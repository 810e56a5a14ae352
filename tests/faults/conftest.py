"""A data folder that is prepared once, and a house that runs on a copy of it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.house import House
from tests.flows.processes import PRODUCT, manage, run_module
from tests.services.fixtures import Installation, environment_for

ROUNDS = 8


@pytest.fixture(scope="session")
def prepared(
    product_at: Callable[..., Installation], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any]]:
    """A migrated folder with a practice, a billing desk and a child with a draft for each round; and their ids."""
    folder = tmp_path_factory.mktemp("prepared") / "data"
    installation = product_at(folder, **PRODUCT)
    manage(installation, "collectstatic", "--noinput", "-v0")
    return folder, run_module(installation, "tests.flows.prepare", str(ROUNDS))


@pytest.fixture
def house(prepared: tuple[Path, dict[str, Any]], tmp_path: Path) -> Iterator[House]:
    folder = tmp_path / "data"
    shutil.copytree(prepared[0], folder)
    installation = Installation(folder, environment_for(folder, **PRODUCT))
    yield House(installation)
    installation.end_all()
