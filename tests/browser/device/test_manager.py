"""The manager's page of devices: what each holds, an order to wipe one, and a recovery key made in her browser alone."""

import base64
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.tabs import open_tab, sign_in
from tests.services.fixtures import serve
from tests.services.starting import end

pytestmark = pytest.mark.browser
PREPARE = """
import uuid
from cases.actions import devices
from teledent.kit import clock
from tests import cast
world, at = cast.build_world(), clock.now()
holds = {"cases": 3, "marks": 1, "files": 14, "urgent": 1, "days": []}
for name, told in (("Tablet 2", holds), ("Tablet 3", {**holds, "cases": 0, "marks": 0, "urgent": 0}), ("Tablet 4", None)):
    devices.register_device(
        actor=world.of("hana"), public_id=uuid.uuid4(), name=name, clock_offset_ms=-4200, holds=told, at=at
    )
"""


@pytest.fixture(scope="module")
def address(product_at, tmp_path_factory):
    installation = product_at(tmp_path_factory.mktemp("devices") / "data")
    installation.ask(PREPARE)
    running = serve(installation)
    yield running.address
    end(running.process)
    installation.end_all()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_devices(chromium, address, theme):
    with open_tab(chromium, color_scheme=theme) as page:
        sign_in(page, f"{address}/people/devices/", "olu")
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(f"{address}/people/devices/")
            expect(page.locator("tbody tr")).to_have_count(3)
            looked_at(page)
            page.locator("th a", has_text="Tablet 2").click()
            expect(page.locator(".strip.urgent")).to_contain_text(
                "This destroys 3 cases and 1 mark that nobody else has."
            )
            looked_at(page)


def looked_at(page):
    found = Axe().run(page).response["violations"]
    assert found == [], [(one["id"], one["nodes"][0]["html"][:160]) for one in found]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_private_half_is_a_file_of_hers_and_is_never_sent(chromium, address):
    with open_tab(chromium) as page:
        sign_in(page, f"{address}/people/devices/", "olu")
        sent = []
        page.on("request", lambda request: sent.append(request.post_data or ""))
        with page.expect_download(timeout=60_000) as saved:
            page.click("#make-key")
        pem = saved.value.path().read_text()
        expect(page.locator("#key-file")).to_have_text(saved.value.suggested_filename)
        page.locator("#key-made [type=checkbox]").check()
        page.click("#key-made [type=submit]")
        expect(page.locator("#notices")).to_contain_text("Recovery key")
        expect(page.locator("dl.facts .mono")).to_have_text(saved.value.suggested_filename[18:26])
    inside = "".join(pem.split("\n")[1:-2])
    assert len(base64.b64decode(inside)) > 2000
    (fields,) = [parse_qs(one) for one in sent if one]
    assert fields.keys() == {"csrfmiddlewaretoken", "spki", "stored"}
    pieces = {inside[at : at + 40] for at in range(0, len(inside) - 40, 40)}
    values = [value for one in fields.values() for value in one]
    public = fields["spki"][0]
    assert not [piece for piece in pieces for value in values if piece in value and piece not in public]
    assert len(base64.b64decode(public)) == 550
