"""What many tests begin with is built once a process, in a database and a folder of its own.

A fixture under `@built_once` says what it builds over those that it names. A test stands on the stage of all such
fixtures that it asks for, directly or not: in a transaction that is rolled back, with a copy of the files and of the
objects. Building a sent claim anew for every test that needs one took more than half of the time of the claims' tests.

What is built may not depend on other fixtures of the test, or on a clock that it set: the first test of a process would
decide for the rest.
"""

import copy
import inspect
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import override_settings

from tests.services.databases import copied, dropped, in_place_of_default

Build = Callable[..., Any]
FIRST = "standing"  # set up before every other fixture of a test


def built_once(build: Build) -> Any:
    """In the place of `pytest.fixture`: the arguments are other fixtures under `built_once`, or none."""
    below = inspect.signature(build).parameters

    def fixture(standing: Mapping[str, Any], **_below: Any) -> Any:
        return standing[build.__name__]

    fixture.__doc__ = build.__doc__
    kinds = inspect.Parameter.POSITIONAL_OR_KEYWORD
    named = [inspect.Parameter(name, kinds) for name in (FIRST, *below)]
    fixture.__signature__ = inspect.Signature(named)  # type: ignore[attr-defined]  # by which pytest asks for them
    fixture.builds = build  # type: ignore[attr-defined]
    return pytest.fixture(name=build.__name__)(fixture)


@dataclass(frozen=True, slots=True)
class Stage:
    """A committed database with the files and objects that belong to it."""

    connection: BaseDatabaseWrapper
    files: Path
    found: Mapping[str, Any]


class Stages:
    """The stages of this process, each over the one before: the key is the order of what was built."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.built: dict[tuple[Build, ...], Stage] = {}

    def of(self, builds: tuple[Build, ...]) -> Stage:
        if builds not in self.built:
            self.built[builds] = self._build(builds)
        return self.built[builds]

    def drop(self) -> None:
        for stage in self.built.values():
            dropped(stage.connection)

    def _build(self, builds: tuple[Build, ...]) -> Stage:
        under = self.of(builds[:-1]) if builds[:-1] else None
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        shared = under.connection if under else connections["default"]
        files = folder / "files"
        files.mkdir()
        if under:
            shutil.copytree(under.files, files, dirs_exist_ok=True)
        own = copied(shared, folder)
        build, found = builds[-1], copy.deepcopy(dict(under.found)) if under else {}
        with in_place_of_default(own), stored_at(files), transaction.atomic():
            found[build.__name__] = build(**{name: found[name] for name in inspect.signature(build).parameters})
            own.run_on_commit = []  # as in a test, where nothing is ever committed
        return Stage(own, files, found)


@contextmanager
def stored_at(folder: Path) -> Iterator[None]:
    disk = {"BACKEND": "teledent.files.storage.PrivateDisk", "OPTIONS": {"location": folder}}
    with override_settings(STORAGES={**django_settings.STORAGES, "default": disk}):
        yield


@pytest.fixture(scope="session")
def stages(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Stages]:
    kept = Stages(tmp_path_factory.mktemp("stages"))
    yield kept
    with django_db_blocker.unblock():
        kept.drop()


@pytest.fixture
def standing(request, stages: Stages, django_db_blocker, tmp_path: Path) -> Iterator[Mapping[str, Any]]:
    """What `built_once` fixtures of this test built, by name. The test's transaction begins after it."""
    with django_db_blocker.unblock():
        stage = stages.of(builds_of(request.node))
        files = tmp_path / "files"
        shutil.copytree(stage.files, files)
        with in_place_of_default(stage.connection), stored_at(files):
            yield copy.deepcopy(dict(stage.found))


def builds_of(item: pytest.Item) -> tuple[Build, ...]:
    """Each after those that it is built over."""
    named = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]
    builds = {name: found[-1].func.builds for name, found in named.items() if hasattr(found[-1].func, "builds")}
    ordered: dict[str, Build] = {}

    def put(name: str) -> None:
        for below in inspect.signature(builds[name]).parameters:
            put(below)
        ordered.setdefault(name, builds[name])

    for name in sorted(builds):
        put(name)
    return tuple(ordered.values())
