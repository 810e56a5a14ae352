"""The same tablet with the product itself at the other end: what was gathered without a network is there once, whole and
submitted by who gathered it."""

import hashlib
import json

import pytest
from playwright.sync_api import expect

from tests.browser.device.test_day import picture, set_up, stands, tablet, take, unlock
from tests.browser.tabs import sign_in
from tests.services.fixtures import serve
from tests.services.starting import end

pytestmark = pytest.mark.browser
CHILDREN = 3
PREPARE = f"""
import uuid
from datetime import date
from cases.actions import attending, events
from teledent.accounts.days import today_in
from teledent.kit import clock
from tests import cast
world, at = cast.build_world(), clock.now()
today = clock.local_date(at, world.school.time_zone)
details = {{"starts_on": today, "ends_on": today, "supervising_dentist": None, "aim": None, "note": ""}}
event = events.plan_event(actor=world.of("olu"), site=world.school, public_id=uuid.uuid4(), details=details, team=[], at=at)
for number in range({CHILDREN}):
    child = cast.make_patient(world, given=f"Child{{number}}", family="Berg", born=date(2018, 1, number + 1))
    cast.consent_to(world, child)
    attending.add_child(actor=world.of("hana"), event=event, patient=child, at=at)
"""
FOUND = """
import json
from cases.models import Asset, Case
cases = Case.objects.order_by("pk").select_related("patient")
files = [[case.patient.given_name, case.status, sorted(case.assets.values_list("declared_sha256", flat=True))] for case in cases]
print(json.dumps(files))
"""
TAPS = (
    "No complaint stated", "None known", "None", "First visit known to us", "None of these", "Nothing to mark in what I could see",
    "No dentist on site", "Routine",
)  # fmt: skip


def test_what_was_gathered_without_a_network_is_submitted_once_it_is_back(
    chromium, product_at, tmp_path, tmp_path_factory
):
    installation = product_at(tmp_path_factory.mktemp("tablet") / "data")
    installation.ask(PREPARE)
    running = serve(installation)
    try:
        with tablet(chromium, tmp_path, f"{running.address}/") as page:
            sign_in(page, f"{running.address}/capture/", "hana")
            page.goto(f"{running.address}/device/")
            set_up(page, children=CHILDREN)
            page.context.set_offline(True)
            for number in range(CHILDREN):
                gather(page, number)
            stands(page, f"0 of {CHILDREN} forwarded, {CHILDREN} waiting")
            page.context.set_offline(False)
            page.reload()
            unlock(page)
            stands(page, f"{CHILDREN} of {CHILDREN} forwarded, 0 waiting")
        found = json.loads(installation.ask(FOUND))
    finally:
        end(running.process)
        installation.end_all()
    assert {name: (status, hashes) for name, status, hashes in found} == {
        f"Child{number}": ("submitted", sorted(sha256(number))) for number in range(CHILDREN)
    }
    assert len(found) == CHILDREN


def gather(page, number):
    """Every answer that a screening needs, and two pictures."""
    begin(page, number)
    for at, view in enumerate(("frontal", "upper")):
        take(page, view, picture(2 * number + at))
    page.locator("#finish-form [type=checkbox]").check()
    page.click("#finish-form [type=submit]")
    expect(page.locator("#day")).to_be_visible()


def begin(page, number):
    """A child's case with every answer that a screening needs."""
    page.fill("#find", f"Child{number}")
    page.locator("#children .child").click()
    page.click("#begin")
    expect(page.locator("#questions label").get_by_text(TAPS[0], exact=True)).to_be_visible()
    for words in TAPS:
        for tap in page.locator("#child").get_by_label(words, exact=True).all():
            tap.check()


def sha256(number):
    return [hashlib.sha256(picture(2 * number + at)).hexdigest() for at in range(2)]
