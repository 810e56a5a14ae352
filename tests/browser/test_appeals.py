"""The desk appeals and the dentist signs; a check comes in on paper: in a real browser, with a server and its worker."""

from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests import cast
from tests.browser.tabs import open_tab, sign_in
from tests.corpus import documents
from tests.services.fixtures import serve
from tests.services.starting import end

pytestmark = pytest.mark.browser
PREPARE = """
from billing.actions.receiving import receive_edi
from teledent.jobs.models import Job
from teledent.kit import clock
from tests import cast
from tests.billing import cast as money
from tests.billing.answers.paper import check, denied, file_of
world = cast.build_world()
desk = money.build_desk(world)
claim = money.ready_claim(desk)
other = money.ready_claim(desk, patient=cast.make_patient(world, given="Ada", family="Brook"), member_id="CM-2")
money.exported(desk)
receive_edi(world.practice, name="a.835", blocks=[file_of(check(denied(claim, "151")))], by=None, at=clock.now())
money.run_jobs(at=clock.now())
Job.objects.filter(kind="cases.examine_asset").delete()  # the originals of this cast are no pictures
print(claim.public_id, other.claim_id)
"""


@dataclass
class Room:
    address: str
    claim: str
    other: str


@pytest.fixture(scope="module")
def room(product_at, tmp_path_factory):
    """The product served from a folder of its own, with a claim that was denied and one that waits for its answer."""
    installation = product_at(tmp_path_factory.mktemp("appeals") / "data")
    said = installation.ask(PREPARE).split()
    served = serve(installation)
    yield Room(served.address, *said)
    end(served.process)
    installation.end_all()


@pytest.fixture
def screen(room, chromium):
    with open_tab(
        chromium, viewport={"width": 1024, "height": 800}, base_url=room.address, reduced_motion="reduce"
    ) as tab:
        sign_in(tab, "/claims/", "rita")
        yield tab


def nothing_wrong(tab) -> None:
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        found = Axe().run(tab)
        assert found.violations_count == 0, found.generate_report()
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_desk_appeals_and_the_dentist_signs(screen, room, chromium):
    screen.goto(f"/claims/{room.claim}/")
    screen.get_by_role("button", name="Make the appeal packet").click()
    expect(screen.get_by_role("link", name="Download")).to_be_visible(timeout=60_000)
    nothing_wrong(screen)
    address = screen.url
    screen.get_by_label("Advice of Dr. Dev Halloran").check()
    screen.get_by_role("button", name="Make it anew").click()
    expect(screen.get_by_text("See a dentist for L within six weeks.")).to_be_visible()
    screen.get_by_role("button", name="Ask Dr. Dev Halloran to sign").click()
    screen.goto("/claims/appeals/?show=dentist")
    nothing_wrong(screen)
    with open_tab(
        chromium, viewport={"width": 1280, "height": 800}, base_url=room.address, reduced_motion="reduce"
    ) as reading:
        sign_in(reading, "/reading/", "dev")
        reading.get_by_role("link", name="Read and sign").click()
        nothing_wrong(reading)
        reading.get_by_label("Your password").fill(cast.PASSWORD)
        reading.get_by_role("button", name="Sign", exact=True).click()
        expect(reading.get_by_text("The front desk sends the letter as you read it.")).to_be_visible()
    screen.goto(address)
    expect(screen.get_by_role("heading", name="It went out")).to_be_visible()
    nothing_wrong(screen)


def test_a_check_on_paper_says_by_how_much_it_is_out_as_it_is_typed(screen, room):
    screen.goto("/claims/answers/paper/")
    scan = {"name": "eob.pdf", "mimeType": "application/pdf", "buffer": documents.saved(documents.pdf(1))}
    screen.locator("#edi-files").set_input_files(scan)
    expect(screen.get_by_alt_text("eob.pdf, page 1")).to_be_visible(timeout=60_000)
    screen.get_by_label("Claim number or patient").fill("brook")
    screen.get_by_role("button", name="Find").click()
    screen.get_by_role("button", name=f"Add {room.other}").click()
    screen.get_by_label("Payer", exact=True).select_option(label="Cedar Mutual")
    screen.get_by_label("Number of the check or transfer").fill("10077")
    screen.get_by_label("Its day").fill("2026-11-16")
    screen.get_by_label("Its amount").fill("60.00")
    line = screen.locator(".paper-line").first
    line.get_by_label("Taken off").fill("CO-45 10.00")
    line.get_by_label("Paid").fill("60.00")
    expect(line).to_contain_text("out by $2.00")
    expect(screen.locator("#sum")).to_have_text("The check comes out; a line does not.")
    nothing_wrong(screen)
    line.get_by_label("Taken off").fill("CO-45 12.00")
    expect(screen.locator("#sum")).to_have_text("Comes out to the cent.")
    screen.get_by_role("button", name="Post").click()
    expect(screen.get_by_role("heading", name="Check 10077")).to_be_visible()
    expect(screen.get_by_alt_text("eob.pdf, page 1")).to_be_visible()
    nothing_wrong(screen)
