"""With a network: a code before the camera calls a child up on the list of the day, and her slate is read from the screen."""

import io
import json
from uuid import UUID

import pytest
from PIL import Image
from playwright.sync_api import expect

from cases.events.slates import Slate, slate_in
from cases.imaging.codes import square_codes
from tests.browser.device.test_codes import LIVE, STANDING_IN, codes_in, film_of, with_camera
from tests.browser.device.test_day import start_browser
from tests.browser.tabs import complaints_of, sign_in
from tests.events.slated import photographed
from tests.services.fixtures import serve
from tests.services.starting import end

pytestmark = pytest.mark.browser
PREPARE = """
import json, uuid
from cases.actions import attending, events, opening
from teledent.accounts.days import today_in
from teledent.kit import clock
from tests import cast
world, at = cast.build_world(), clock.now()
today = clock.local_date(at, world.school.time_zone)
details = {"starts_on": today, "ends_on": today, "supervising_dentist": None, "aim": None, "note": ""}
event = events.plan_event(actor=world.of("olu"), site=world.school, public_id=uuid.uuid4(), details=details, team=[], at=at)
child = cast.make_patient(world)
cast.consent_to(world, child)
place = attending.add_child(actor=world.of("hana"), event=event, patient=child, at=at)
case = opening.open_case(actor=world.of("hana"), patient=child, site=world.school, kind="screening", at=at)
print(json.dumps([str(event.public_id), place.tag, str(child.public_id), str(case.public_id)]))
"""


def test_a_slate_before_the_camera_opens_its_child_and_the_slate_of_her_case_is_read(chromium, product_at, tmp_path):
    installation = product_at(tmp_path / "data")
    event, tag, child, case = json.loads(installation.ask(PREPARE))
    slate = Slate(UUID(event), tag)
    film = film_of(tmp_path, photographed(slate, size=(1280, 960), share=0.6))
    running = serve(installation)
    try:
        context = start_browser(chromium, tmp_path / "profile", *with_camera(film))
        context.grant_permissions(["camera"], origin=running.address)
        context.add_init_script(STANDING_IN)
        context.expose_function("codesIn", codes_in)
        page = context.new_page()
        complaints = complaints_of(page)
        sign_in(page, f"{running.address}/events/{event}/", "hana")
        page.get_by_role("button", name="Read a code with the camera").click()
        expect(page).to_have_url(f"{running.address}/capture/patients/{child}/")
        assert page.evaluate(LIVE) == 0
        page.goto(f"{running.address}/capture/cases/{case}/")
        page.get_by_role("link", name="Show the slate").click()
        expect(page.locator(".slate-code svg")).to_be_visible()
        for width, height in ((360, 740), (820, 1180), (1440, 900)):
            page.set_viewport_size({"width": width, "height": height})
            shot = Image.open(io.BytesIO(page.screenshot()))
            assert [slate_in(text) for text, _ in square_codes(shot)] == [slate]
        page.get_by_role("link", name="Done").click()
        expect(page).to_have_url(f"{running.address}/capture/cases/{case}/")
        assert not complaints
        context.close()
    finally:
        end(running.process)
        installation.end_all()
