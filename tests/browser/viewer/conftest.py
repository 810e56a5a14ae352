"""A reading room on real DICOM, served once for all files here; one signed-in tab a file."""

import pytest

from tests.browser.tabs import open_tab, sign_in
from tests.browser.viewer.showing import READY
from tests.services.fixtures import serve
from tests.services.starting import end


@pytest.fixture(scope="package")
def room(product_at, tmp_path_factory):
    folder = tmp_path_factory.mktemp("viewer") / "data"
    installation = product_at(folder)
    case = installation.ask("from tests.browser.films import prepare; print(prepare())")
    served = serve(installation)
    yield installation, f"{served.address}/reading/{case}/"
    end(served.process)
    installation.end_all()


@pytest.fixture(scope="module")
def desk(room, chromium):
    """One signed-in tab for the whole file; each test loads the page anew."""
    with open_tab(chromium, forgiven=["willReadFrequently"], viewport={"width": 1440, "height": 900}) as tab:
        sign_in(tab, room[1], "dev")
        yield tab


@pytest.fixture
def screen(room, desk):
    desk.goto(room[1])
    desk.evaluate("sessionStorage.clear()")
    desk.wait_for_selector(READY)
    return desk


@pytest.fixture(scope="module")
def opened(room, desk):
    """The page as it was opened, for tests that only look."""
    desk.goto(room[1])
    desk.wait_for_selector(READY)
    return desk
