"""A blank page with our modules beside it, where a device module is tried by itself, and an office that it forwards to."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.device.office import Office
from tests.browser.tabs import open_tab


@pytest.fixture(scope="session")
def bench_address() -> Iterator[str]:
    office = Office()
    yield office.address
    office.close()


@pytest.fixture
def office() -> Iterator[Office]:
    one = Office()
    yield one
    one.close()


@pytest.fixture
def bench(chromium: Browser, bench_address: str) -> Iterator[Page]:
    """A tab with a database of its own; a test's script imports from /static/js/device/."""
    with open_tab(chromium) as tab:
        tab.goto(bench_address)
        yield tab


@pytest.fixture
def tablet(chromium: Browser, office: Office) -> Iterator[Page]:
    """A tab that forwards to the office; broken connections are part of its day."""
    with open_tab(chromium, forgiven=("Failed to load resource",)) as tab:
        tab.goto(office.address)
        yield tab
