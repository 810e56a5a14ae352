"""The front desk in a real browser: one click exports and shows itself, mends lead to their place, no axe finding."""

import re
import zipfile
from dataclasses import asdict, dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.pages import CLAIMS_PAGES
from tests.browser.tabs import open_tab, sign_in
from tests.services.fixtures import serve
from tests.services.starting import end

pytestmark = pytest.mark.browser
PREPARE = """
from datetime import date
from billing.actions.asking_by_file import ask_by_file
from billing.actions.payer_rules import save_rule
from billing.models import PayerRule
from teledent.jobs.models import Job
from teledent.kit import clock
from tests import cast
from tests.billing import authorised, cast as money
from tests.billing.asking_ahead import cast as ahead
world = cast.build_world()
desk = money.build_desk(world)
covered = cast.make_patient(world)
plan = money.cover(desk, covered)
case = money.signed(desk, patient=covered)
held = money.signed(desk, patient=cast.make_patient(world, given="Kofi", family="<b>Lindgren</b>", born=date(2017, 1, 9)))
money.run_jobs(clock.now())
Job.objects.filter(kind="cases.examine_asset").delete()  # the originals of this cast are no pictures
claim = money.claims_of(held)["dentist"]
rule = save_rule(actor=desk.rita, at=clock.now(), rule=PayerRule(
    payer=desk.cedar, code="D0140", valid_from=date(2026, 1, 1), source="Provider manual 2026, page 12", verified_on=date(2026, 1, 2),
    covered="yes", companions=[{"code": "D9996", "age_max": 20}], frequencies=[{"count": 1, "period": 6, "unit": "month"}]))
money.run_jobs(clock.now())
asked = authorised.begun(desk, plan, authorised.Asked("D0140"), authorised.Asked("D1354", "A", 2))
ready = money.claims_of(case)["dentist"]
ahead.with_fees(desk)
file = ask_by_file(actor=desk.rita, row=ahead.drafted(desk, case), at=clock.now())
money.run_jobs(clock.now())
print(claim.public_id, held.patient.public_id, desk.cedar.public_id, desk.receiver.public_id, rule.public_id, ready.public_id,
      plan.public_id, asked.public_id, case.public_id, file.public_id)
"""


@dataclass
class Room:
    address: str
    held: str
    patient: str
    payer: str
    receiver: str
    rule: str
    covered: str  # a claim that has a plan
    coverage: str
    authorisation: str
    case: str
    request_file: str


@pytest.fixture(scope="module")
def room(product_at, tmp_path_factory):
    """The product served from a folder of its own, with a claim that is ready and one that is held."""
    folder = tmp_path_factory.mktemp("claims") / "data"
    installation = product_at(folder)
    said = installation.ask(PREPARE).split()
    served = serve(installation)
    yield Room(served.address, *said)
    end(served.process)
    installation.end_all()


@pytest.fixture
def screen(room, chromium):
    """Rita, signed in, before her worklist at 1024 x 800."""
    with open_tab(chromium, viewport={"width": 1024, "height": 800}, base_url=room.address) as tab:
        sign_in(tab, "/claims/", "rita")
        expect(tab.get_by_role("heading", name="Claims")).to_be_visible()
        yield tab


def test_a_filter_narrows_the_list_and_stands_in_the_address(screen):
    screen.get_by_label("Payer").select_option("none")
    expect(screen).to_have_url(re.compile("payer=none"))
    expect(screen.locator("table.worklist tbody tr")).to_have_count(1)
    screen.reload()
    expect(screen.get_by_label("Payer")).to_have_value("none")
    expect(screen.locator("table.worklist tbody th a")).to_have_text("Kofi <b>Lindgren</b>")


def test_a_search_finds_under_any_state_and_leaves_no_name_in_the_address(screen):
    for typed, rows in (("kofi", 1), ("nobody", 0)):
        screen.get_by_label("Patient, case or claim").fill(typed)
        screen.keyboard.press("Enter")
        expect(screen.get_by_text(f"{rows} claim{'s' * (rows != 1)} found in any state")).to_be_visible()
        expect(screen.locator("table.worklist tbody tr")).to_have_count(rows)
        assert re.fullmatch(r".*/claims/", screen.url)
        for width in (390, 1024):
            screen.set_viewport_size({"width": width, "height": 800})
            assert Axe().run(screen).response["violations"] == []
            assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")
    screen.get_by_role("link", name="Show all", exact=True).click()
    expect(screen.locator("table.worklist tbody tr")).to_have_count(1)


def test_every_column_of_the_worklist_is_seen_at_1024_pixels(screen):
    assert screen.evaluate("(box => box.scrollWidth <= box.clientWidth)(document.querySelector('.tbl-wrap'))")


def test_the_mend_do_not_bill_opens_its_form(room, screen):
    screen.goto(f"/claims/{room.held}/")
    expect(screen.get_by_label("In words")).to_be_hidden()
    screen.get_by_role("link", name="Do not bill").click()
    expect(screen.get_by_label("In words")).to_be_visible()


def test_a_blocked_export_stays_reachable_with_its_reason(room, screen):
    screen.goto(f"/claims/{room.held}/")
    button = screen.get_by_role("button", name="Export")
    button.focus()
    expect(button).to_be_focused()
    expect(button).to_have_accessible_description("1 blocks")


def test_an_appointment_is_asked_for_by_the_step_that_needs_it(screen):
    screen.goto("/follow-up/")
    screen.locator("table.after th a").first.click()
    screen.get_by_text("Record a follow-up step").click()
    expect(screen.get_by_label("Appointment where")).to_be_hidden()
    screen.get_by_label("An appointment was made").check()
    expect(screen.get_by_label("Appointment where")).to_be_visible()
    expect(screen.get_by_label("What proves the visit")).to_be_hidden()
    screen.get_by_label("The appointment was attended").check()
    expect(screen.get_by_label("What proves the visit")).to_be_visible()


def test_errors_take_the_focus_and_keep_what_was_typed(room, screen):
    screen.goto(f"/claims/patients/{room.patient}/coverage/add/")
    screen.get_by_label("Group number").fill("G-7")
    screen.get_by_role("button", name="Save").click()
    expect(screen.locator(".error-summary")).to_be_focused()
    expect(screen.get_by_label("Group number")).to_have_value("G-7")


def test_one_click_exports_shows_itself_and_hands_out_the_file(screen, tmp_path):
    screen.get_by_role("button", name=re.compile("Export 1 ready")).click()
    expect(screen.get_by_text("1 claim written, $72.00.")).to_be_visible(timeout=60_000)
    with screen.expect_download() as coming:
        screen.get_by_role("link", name="Download").click()
    coming.value.save_as(tmp_path / "export.zip")
    assert {"claims.837d.edi", "manifest.json"} <= set(zipfile.ZipFile(tmp_path / "export.zip").namelist())
    screen.goto("/claims/?show=exported")
    expect(screen.locator("table.worklist tbody tr")).to_have_count(1)
    screen.locator("table.worklist tbody th a").click()
    send_anew(screen)


def send_anew(screen):
    """From the claim: the reason opens below its button, the page follows the new file, and the one before is a link away."""
    screen.get_by_text("Send this claim anew").click()
    screen.get_by_label("Why is it sent anew?").fill("The clearinghouse lost the file")
    screen.get_by_role("button", name="Send anew").click()
    expect(screen.get_by_text("1 claim written, $72.00.")).to_be_visible(timeout=60_000)
    screen.get_by_role("link", name="The file before").click()
    expect(screen.get_by_text("1 claim of this file sent anew.")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1024])
def test_no_page_has_an_axe_finding_or_scrolls_sideways(room, screen, theme, width):
    screen.emulate_media(color_scheme=theme)
    screen.set_viewport_size({"width": width, "height": 800})
    for page in CLAIMS_PAGES:
        address = page.format(**asdict(room))
        screen.goto(address)
        found = Axe().run(screen).response["violations"]
        assert found == [], f"{address}: {[(one['id'], one['nodes'][0]['target']) for one in found]}"
        assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
