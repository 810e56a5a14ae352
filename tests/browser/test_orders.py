"""Orders, a treatment visit, patients who stand twice and a corrected case in a real browser: looked at, axe, one keyboard trip."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.looking import Looker
from tests.browser.pages import order_pages
from tests.browser.tabs import open_tab, sign_in
from tests.services.fixtures import serve
from tests.services.starting import end

pytestmark = pytest.mark.browser
PREPARE = """
from datetime import date, timedelta
from cases.actions import merging, ordering, treating
from cases.models import Review
from teledent.jobs.models import Job
from teledent.kit import clock
from tests import cast
world, at = cast.build_world(), clock.now() - timedelta(minutes=28)
dev, hana = world.of("dev"), world.of("hana")
mateo = cast.make_patient(world)
signed = cast.case_at(world, "signed", patient=mateo, at=at)
give = dict(actor=dev, case=signed, reason="Deep grooves, dark at the bottom in the close-up", password=cast.PASSWORD, at=clock.now())
first, _ = ordering.give_orders(kind="sealant", tooth_keys=["UR6", "UL6"], **give)
begun, = ordering.give_orders(kind="silver_fluoride", tooth_keys=["LRE"], valid_until=clock.now().date() + timedelta(days=9), **give)
ordering.give_orders(kind="bitewings", **give)
visit = treating.start_visit(actor=hana, order=begun, tooth="LRE", answers={"allergies": ["none_known"]}, at=clock.now())
held = cast.case_at(world, "in_review", patient=cast.make_patient(world, given="Noor", family="Aydin", born=date(2018, 9, 1)), at=at)
review = cast.write(world, held, clock.now())
ordering.draft_orders(actor=dev, review=review, kind="silver_fluoride", line_id=review.plan.get().pk, at=clock.now())
twin = cast.make_patient(world, given="Matteo", family="Villanueva-Reyes")
two = [cast.make_patient(world, given=name, born=date(2017, 1, 9)) for name in ("Ada", "Adda")]
made = merging.merge_patients(actor=world.of("olu"), kept=two[0], merged=two[1], reason="The mother told us", at=clock.now())
retracted = cast.case_at(world, "retracted", patient=two[0], at=at)
Job.objects.filter(kind="cases.examine_asset").delete()  # the originals of this cast are no pictures
print(first.public_id, visit.public_id, held.public_id, signed.public_id, mateo.public_id, twin.public_id, made.public_id,
      retracted.public_id)
"""


@dataclass
class Room:
    address: str
    order: str
    visit: str
    held: str
    signed: str
    patient: str
    twin: str
    merge: str
    retracted: str


@pytest.fixture(scope="module")
def room(product_at, tmp_path_factory):
    folder = tmp_path_factory.mktemp("orders") / "data"
    installation = product_at(folder)
    said = installation.ask(PREPARE).split()
    served = serve(installation)
    yield Room(served.address, *said)
    end(served.process)
    installation.end_all()


@pytest.fixture
def looker():
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
    return Looker(Path(folder) if folder else None, set())


@pytest.fixture
def tab_of(room, chromium):
    def opened(name, door):
        tab = open_tab(chromium, viewport={"width": 1440, "height": 900}, base_url=room.address)
        page = tab.__enter__()
        tabs.append(tab)
        sign_in(page, door, name)
        return page

    tabs = []
    yield opened
    for tab in tabs:
        tab.__exit__(None, None, None)


def test_no_page_of_these_has_an_axe_finding_or_scrolls_sideways(room, tab_of, looker):
    tabs = {"hana": tab_of("hana", "/capture/"), "dev": tab_of("dev", "/reading/"), "olu": tab_of("olu", "/cases/")}
    for name, (who, address) in order_pages(vars(room)).items():
        looker.look(tabs[who], name, address)
    looker.look(tabs["hana"], "visit", f"/capture/cases/{room.visit}/")
    looker.look(tabs["hana"], "patient", f"/capture/patients/{room.patient}/")
    looker.look(tabs["dev"], "record", f"/cases/{room.signed}/")
    assert looker.misfits == []


def test_an_order_is_added_in_the_panel_without_leaving_the_page(room, tab_of):
    dev = tab_of("dev", "/reading/")
    dev.goto(f"/reading/{room.held}/")
    orders = dev.locator("#orders")
    expect(orders.locator(".lines li")).to_have_count(1)
    orders.get_by_label("Order", exact=True).select_option("sealant")
    orders.get_by_label("Teeth").fill("3, 14")
    orders.get_by_label("Why").fill("Deep grooves")
    orders.get_by_role("button", name="Add").click()
    expect(dev.locator("#orders .lines li")).to_have_count(3)
    dev.get_by_role("button", name="Take out: Seal 14").click()
    expect(dev.locator("#orders .lines li")).to_have_count(2)


def test_from_an_order_to_its_visit_with_the_keyboard_alone(room, tab_of):
    hana = tab_of("hana", "/capture/")
    hana.goto(f"/capture/orders/{room.order}/")
    hana.get_by_label("None known").focus()
    hana.keyboard.press("Space")
    hana.get_by_label("Tooth, said again").focus()
    hana.keyboard.type("14")
    hana.keyboard.press("Enter")
    expect(hana.locator(".error-summary")).to_be_focused()
    expect(hana.locator(".error-summary")).to_contain_text("another tooth than upper left first molar")
    hana.get_by_label("Tooth, said again").fill("3")
    hana.keyboard.press("Enter")
    expect(hana.get_by_role("heading", name="Under the dentist's order")).to_be_visible()
    expect(hana.locator("#orders li b").filter(has_text="Seal 3")).to_be_visible()
