"""A dentist of another office asks by the link that the desk made, over a real server; every page in both themes."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import in_both_themes
from tests.browser.tabs import open_tab, sign_in
from tests.browser.test_sending import look
from tests.capture.drawn import photograph
from tests.services.fixtures import serve
from tests.services.starting import end

pytestmark = pytest.mark.browser
OFFICE = {"width": 360, "height": 740}
PREPARE = """
from tests import cast
print(cast.make_patient(cast.build_world()).public_id)
"""
AFTER = """
from cases.models import Case
case = Case.objects.get()
print(case.origin, case.kind, case.patient.name, *sorted(f"{one.view}:{one.state}" for one in case.assets.all()), sep="|")
"""
TYPED = {
    "Given name": "Mateo", "Family name": "Villanueva-Reyes", "Date of birth": "2018-03-14",
    "What do you ask?": "Can the lower left molar be kept?", "Your plan so far": "A crown, or taking it out",
}  # fmt: skip


@pytest.fixture(scope="module")
def installation(product_at, tmp_path_factory):
    made = product_at(tmp_path_factory.mktemp("consulting") / "data")
    yield made
    made.end_all()


@pytest.fixture(scope="module")
def patient(installation):
    return installation.ask(PREPARE).strip()


@pytest.fixture(scope="module")
def address(installation, patient):
    running = serve(installation)
    yield running.address
    end(running.process)


def make_link(chromium, address):
    with open_tab(chromium, viewport={"width": 1024, "height": 800}, base_url=address) as desk:
        sign_in(desk, "/consultations/add/", "rita")
        in_both_themes(desk, ["/consultations/", "/consultations/add/"], widths=[360, 1024])
        desk.goto("/consultations/add/")
        desk.get_by_label("The dentist").fill("Dr. Ada Moss")
        desk.get_by_label("The office", exact=True).fill("Moss Family Dental")
        desk.get_by_label("Phone of the office").fill("541-555-0140")
        desk.get_by_role("button", name="Make the link").click()
        return desk.get_by_label("To Moss Family Dental").input_value()


def test_from_the_link_to_the_case_of_the_chosen_patient(chromium, address, patient, installation, tmp_path):
    link, misfits, film = make_link(chromium, address), [], tmp_path / "pan.jpg"
    film.write_bytes(photograph(None))
    with open_tab(chromium, viewport=OFFICE, base_url=address) as office:
        office.goto(link)
        look(office, misfits)
        office.get_by_role("button", name="Begin").click()
        ask(office, misfits)
        send_films(office, film, misfits)
        office.get_by_label("Yes, that is so").check()
        look(office, misfits)
        office.get_by_role("button", name="Send the question").click()
        expect(office.get_by_text("It is not answered yet")).to_be_visible()
        look(office, misfits)
        office.context.clear_cookies()
        office.goto(link)
        look(office, misfits)
        office.get_by_role("button", name="Go on").click()
        look(office, misfits)
        office.get_by_label("Date of birth of the patient").fill("2018-03-14")
        office.get_by_role("button", name="Go on").click()
        expect(office.get_by_text("It is not answered yet")).to_be_visible()
    assert misfits == []
    take_up(chromium, address)
    assert installation.ask(AFTER).strip().split("|") == [
        "office", "second_opinion", "Mateo Villanueva-Reyes", "panoramic:examined",
    ]  # fmt: skip


def ask(office, misfits):
    for label, text in TYPED.items():
        office.get_by_label(label).fill(text)
    office.get_by_label("Male", exact=True).check()
    office.get_by_label("State where the patient is").select_option("OR")
    office.get_by_label("Early", exact=True).check()
    look(office, misfits)
    office.get_by_role("button", name="Go on").click()


def send_films(office, film, misfits):
    expect(office.get_by_role("link", name="Go on")).to_be_hidden()
    expect(office.get_by_text("Choose files").first).to_be_visible()  # the page is ready to send
    office.get_by_label("Choose files: Panoramic").set_input_files(film)
    expect(office.locator(".picture")).to_have_class("picture received", timeout=120_000)
    look(office, misfits)
    office.get_by_role("link", name="Go on").click()


def take_up(chromium, address):
    with open_tab(chromium, viewport={"width": 1024, "height": 800}, base_url=address) as site:
        sign_in(site, "/consultations/", "hana")
        site.get_by_role("link", name="Mateo Villanueva-Reyes").click()
        site.wait_for_url("**/consultations/*-*/")
        expect(site.locator(".shot img, .shots img")).to_be_visible(timeout=120_000)
        in_both_themes(site, [site.url], widths=[360, 1024])
        site.get_by_role("radio", name="Mateo Villanueva-Reyes").first.check()
        site.get_by_role("button", name="Open a case for this patient").click()
        expect(site.get_by_text("Nobody of the practice was there.")).to_be_visible()
