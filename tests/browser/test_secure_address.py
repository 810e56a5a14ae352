"""Where the address decides what a browser may keep: encrypted it works offline, in the clear elsewhere it says that it cannot."""

import base64
import hashlib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import KNOWN, QUIET
from tests.browser.tabs import open_tab, sign_in
from tests.flows.processes import PRODUCT, run_module
from tests.services.fixtures import serve
from tests.services.starting import end
from tests.serving.conftest import own_authority  # noqa: F401 - fixtures are found by name

pytestmark = pytest.mark.browser
NAME = "school.test"
OFFLINE = "This address cannot work offline."
KEPT = """async () => {
  const registration = await navigator.serviceWorker.ready;
  return [isSecureContext, registration.active !== null, (await caches.keys()).length];
}"""


def key_of(certificate: str) -> str:
    """The certificate's public key as Chromium is told to trust it: SHA-256 of what DER calls SubjectPublicKeyInfo."""
    der = ssl.PEM_cert_to_DER_cert(Path(certificate).read_text())
    curve = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107")  # how that of a P-256 key begins
    start = der.index(curve)
    return base64.b64encode(hashlib.sha256(der[start : start + 91]).digest()).decode()


@contextmanager
def browser_with(*options: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = next(known for known in KNOWN if Path(known).exists())
        one = playwright.chromium.launch(executable_path=path, args=[*QUIET, *options])
        yield one
        one.close()


@pytest.fixture(scope="module")
def prepared(product_at, tmp_path_factory):
    installation = product_at(tmp_path_factory.mktemp("secure") / "data", **PRODUCT)
    run_module(installation, "tests.flows.prepare", "0")
    yield installation
    installation.end_all()


def says_it_cannot(tab: Page) -> bool:
    tab.wait_for_load_state()
    return tab.get_by_text(OFFLINE).is_visible()


def test_behind_a_certificate_the_device_page_is_kept_and_cookies_are_secure(prepared, own_authority):  # noqa: F811
    served = serve(prepared, **own_authority.environment)
    try:
        with (
            browser_with(f"--ignore-certificate-errors-spki-list={key_of(own_authority.certificate)}") as chromium,
            open_tab(chromium, forgiven=("Failed to load resource",)) as tab,
        ):
            sign_in(tab, f"{served.address}/capture/", "hana")
            assert not says_it_cannot(tab)
            cookies = {one["name"]: one["secure"] for one in tab.context.cookies()}
            assert cookies == {"__Host-session": True, "__Host-csrf": True}
            tab.goto(f"{served.address}/device/")
            assert tab.evaluate(KEPT) == [True, True, 1]
            tab.context.set_offline(True)
            tab.reload()
            expect(tab.locator("h1").first).to_be_visible()
    finally:
        end(served.process)


def test_in_the_clear_under_another_name_capture_says_that_it_cannot_work_offline(prepared):
    served = serve(prepared, ALLOWED_HOSTS=NAME)
    elsewhere = served.address.replace("127.0.0.1", NAME)
    unsafe = ("Cross-Origin-Opener-Policy header has been ignored",)
    try:
        with (
            browser_with(f"--host-resolver-rules=MAP {NAME} 127.0.0.1") as chromium,
            open_tab(chromium, forgiven=unsafe) as tab,
        ):
            sign_in(tab, f"{elsewhere}/capture/", "hana")
            assert says_it_cannot(tab)
    finally:
        end(served.process)
