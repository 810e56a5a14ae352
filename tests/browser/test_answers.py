"""The front desk brings in what payers answered, and the sheet of a school day, with a real server and its worker."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.billing.answers.paper import Clp, Svc, check, file_of
from tests.browser.hands import bring_in
from tests.browser.looking import in_both_themes
from tests.browser.pages import ANSWER_PAGES
from tests.browser.tabs import open_tab, sign_in
from tests.services.fixtures import serve
from tests.services.starting import end

pytestmark = pytest.mark.browser
PREPARE = """
from teledent.jobs.models import Job
from teledent.kit import clock
from tests import cast
from tests.billing import cast as money
world = cast.build_world()
desk = money.build_desk(world)
claim = money.ready_claim(desk)
money.exported(desk)
Job.objects.filter(kind="cases.examine_asset").delete()  # the originals of this cast are no pictures
print(claim.public_id, claim.claim_id)
"""


@dataclass
class Room:
    address: str
    claim: str
    claim_id: str


@pytest.fixture(scope="module")
def room(product_at, tmp_path_factory):
    """The product served from a folder of its own, with one claim that went out."""
    installation = product_at(tmp_path_factory.mktemp("answers") / "data")
    said = installation.ask(PREPARE).split()
    served = serve(installation)
    yield Room(served.address, *said)
    end(served.process)
    installation.end_all()


@pytest.fixture
def screen(room, chromium):
    with open_tab(chromium, viewport={"width": 1024, "height": 800}, base_url=room.address) as tab:
        sign_in(tab, "/claims/answers/", "rita")
        yield tab


def answer_to(room) -> bytes:
    """A check that pays the evaluation short, and a claim that nobody here knows; a second set that breaks off."""
    lines = [
        Svc("D0140", "72.00", "30.00", ["CO*45*12.00", "CO*119*30.00"], f"{room.claim_id}-1", allowed="60.00"),
        Svc("D9996", "0", "0", control=f"{room.claim_id}-2"),
    ]
    known = Clp(room.claim_id, "72.00", "30.00", lines)
    unknown = Clp("X-77", "72.00", "72.00", [Svc("D0140", "72.00", "72.00")], name="<b>LINDGREN</b>*KOFI")
    return file_of(check(known, unknown), check(unknown, trace="CHK-2")[:-2])


def test_a_file_is_brought_in_read_posted_and_settled(room, screen):
    bring_in(screen, "remit.835", answer_to(room))
    screen.wait_for_url("**/claims/answers/?show=files")
    screen.get_by_role("link", name="remit.835").click()
    expect(screen.get_by_text("Read", exact=True)).to_be_visible(timeout=30_000)
    expect(screen.get_by_text("GE comes before the SE")).to_be_visible()
    screen.get_by_role("link", name="Check CHK-1").click()
    expect(screen.get_by_text("1 claim waits for a person.")).to_be_visible(timeout=30_000)
    looked_at(room, screen)
    settled(room, screen)


def looked_at(room, screen):
    """Every page of answers, with something on it, in both themes and two widths."""
    file, remittance = screen.get_by_role("link", name="remit.835").get_attribute("href"), screen.url
    pages = [page.format(file=file, remittance=remittance) for page in ANSWER_PAGES]
    in_both_themes(screen, [*pages, f"/claims/{room.claim}/", "/claims/?show=answered"])


def settled(room, screen):
    """The claim says what was answered; what nobody knows is set aside with a reason."""
    screen.goto(f"/claims/{room.claim}/")
    expect(screen.get_by_text("Too often for the plan")).to_be_visible()
    expect(screen.get_by_text("short by $30.00")).to_be_visible()
    screen.goto("/claims/answers/?show=waiting")
    screen.get_by_text("Set aside").first.click()
    screen.get_by_label("Why").fill("Not our patient, the payer was told")
    screen.get_by_role("button", name="Set aside").click()
    expect(screen.get_by_text("Nothing waits")).to_be_visible()


def test_the_sheet_of_a_school_day_goes_out_and_comes_back(room, screen):
    screen.goto("/claims/school-days/")
    with screen.expect_download() as handed:
        screen.get_by_role("link", name="CSV").click()
    out = Path(handed.value.path()).read_text("utf-8-sig")
    bring_in(screen, "filled.csv", out.replace('"By phone","Not known"', '"Payer\'s site","Covered"').encode())
    screen.wait_for_url("**/claims/school-days/sheets/*/")
    expect(screen.get_by_text("1 row would be recorded.")).to_be_visible(timeout=30_000)
    sheet = screen.url
    screen.get_by_role("button", name="Record 1").click()
    expect(screen.get_by_text("1 verification recorded")).to_be_visible()
    screen.goto("/claims/school-days/")
    screen.get_by_role("link", name="Verify").first.click()
    in_both_themes(screen, [screen.url, sheet, sheet_list(screen)])


def sheet_list(screen) -> str:
    return screen.get_by_role("link", name="Sheets that came back").get_attribute("href")


def test_a_file_that_came_before_is_named_and_not_sent_again(room, screen):
    content = file_of(check(Clp("Y-1", "1.00", "1.00", [Svc("D0140", "1.00", "1.00")]), trace="CHK-7"))
    bring_in(screen, "one.835", content)
    screen.wait_for_url("**/claims/answers/?show=files")
    screen.goto("/claims/answers/")
    bring_in(screen, "two.835", content)
    expect(screen.locator("#sending")).to_contain_text("as one.835. Nothing is read twice.")


def test_an_empty_file_is_refused_before_it_is_sent(screen):
    bring_in(screen, "empty.835", b"")
    expect(screen.locator("#sending")).to_contain_text("This file is empty.")
    expect(screen.get_by_role("status")).to_contain_text(["empty.835 was not taken: This file is empty."])


def test_a_file_chosen_before_the_script_has_come_is_taken(screen):
    held = []
    screen.route("**/answers*.js", lambda route: held.append(route))
    screen.goto("/claims/answers/", wait_until="commit")
    bring_in(screen, "early.835", b"")
    held[0].continue_()
    expect(screen.locator("#sending")).to_contain_text("This file is empty.")
