"""What holds for all tests: what was left out is named at the end, and is a failure where REQUIRE asks for it."""

import gc
import os
from collections.abc import Callable
from pathlib import Path
from shutil import which

import pytest
from hypothesis import HealthCheck, settings

from tests.services import postgres, redis, s3
from tests.services.databases import django_db_setup, own_database  # noqa: F401 - fixtures are found by name
from tests.services.fixtures import (  # noqa: F401 - fixtures are found by name
    installation,
    live_ground,
    live_serve,
    on_postgres,
    on_sqlite,
    postgres_server,
    postgres_template,
    redis_server,
    s3_store,
    sqlite_template,
)
from tests.services.once import once_a_run  # noqa: F401 - fixtures are found by name
from tests.services.product import (  # noqa: F401 - fixtures are found by name
    beginning,
    product,
    product_at,
    product_begun,
    product_on_postgres,
    product_on_sqlite,
)
from tests.services.standing import FIRST, stages, standing  # noqa: F401 - fixtures are found by name

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])  # tests do not time
settings.load_profile("untimed")

REQUIRED = set(filter(None, os.environ.get("REQUIRE", "").split(",")))
NEEDED_BY_FIXTURE = {
    "postgres_server": "postgres",
    "redis_server": "redis",
    "s3_store": "s3",
    "page": "browser",
    "own_authority": "openssl",
}
OWN_INSTALLATION = {"installation", "on_sqlite", "on_postgres", "live_ground", "live_serve", "product", "product_begun"}
DATABASE = {"db", "transactional_db"}
SQLITE_ALONE = {"demonstration"}  # no other database is filled with it
left_out: dict[str, list[str]] = {}


def chromium_is_there() -> bool:
    known = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
    return any(Path(path).exists() for path in known)


IS_THERE: dict[str, Callable[[], bool]] = {
    "browser": chromium_is_there,
    "openssl": lambda: which("openssl") is not None,
    "postgres": postgres.is_there,
    "redis": redis.is_there,
    "s3": s3.is_there,
}


def needs_of(item: pytest.Item) -> set[str]:
    by_mark = {name for name in IS_THERE if item.get_closest_marker(name)}
    by_fixture = {NEEDED_BY_FIXTURE[name] for name in getattr(item, "fixturenames", ()) if name in NEEDED_BY_FIXTURE}
    return by_mark | by_fixture


def pytest_itemcollected(item: pytest.Item) -> None:
    fixtures = getattr(item, "fixturenames", [])
    if FIRST in fixtures:
        fixtures.remove(FIRST)
        fixtures.insert(0, FIRST)
        item.add_marker("django_db")
    if OWN_INSTALLATION & set(fixtures):
        item.add_marker("processes")
    elif not SQLITE_ALONE & set(fixtures) and (item.get_closest_marker("django_db") or DATABASE & set(fixtures)):
        item.add_marker("data")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a server that is not there, unless REQUIRE names it: then it runs, and fails.

    Files whose tests start processes come first, so that no process of the run is left alone with one at the end.
    """
    absent = {name for name, is_there in IS_THERE.items() if not is_there()}
    chosen: list[pytest.Item] = []
    without: list[pytest.Item] = []
    for item in items:
        missing = needs_of(item) & (absent - REQUIRED)
        for name in missing:
            left_out.setdefault(name, []).append(item.nodeid)
        (without if missing else chosen).append(item)
    slow = {item.path for item in chosen if any(map(item.get_closest_marker, ("processes", "browser", "faults")))}
    items[:] = sorted(chosen, key=lambda item: item.path not in slow)
    if without:
        config.hook.pytest_deselected(items=without)


def pytest_collection_finish() -> None:
    """Half a million objects of code and tests stay to the end: the collector looks at what came later."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def pytest_runtest_setup(item: pytest.Item) -> None:
    missing = sorted(name for name in needs_of(item) & REQUIRED if not IS_THERE[name]())
    if missing:
        pytest.fail(f"REQUIRE names {', '.join(missing)}, which this machine does not have.", pytrace=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name, tests in sorted(left_out.items()):
        terminalreporter.section(f"left out: {len(tests)} that need {name}")
        for test in tests:
            terminalreporter.line(f"  {test}")
