"""A school day is planned, its list brought in and taken on, and kept on the day, with a real server and its worker."""

import io
import re
from datetime import date, timedelta

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.hands import EXAMINED, bring_in, press
from tests.browser.looking import in_both_themes
from tests.browser.tabs import open_tab, sign_in
from tests.services.fixtures import serve
from tests.services.starting import end

pytestmark = pytest.mark.browser
PREPARE = """
from tests import cast
world = cast.build_world()
cast.make_patient(world)
"""
SCHOOLS_LIST = (
    b"Student ID,Last Name,First Name,DOB,Homeroom,Grade,Bus\r\nS-1,Berg,Nils,1/31/2019,101,2,7\r\n"
    b"S-3,Villanueva-Reyes,Matteo,3/14/2018,12,3,7\r\n,Dahl,,5/6/2018,9,3,7\r\n"
)


@pytest.fixture(scope="module")
def served(product_at, tmp_path_factory):
    """The product served from a folder of its own, with one child enrolled."""
    installation = product_at(tmp_path_factory.mktemp("events") / "data")
    installation.ask(PREPARE)
    running = serve(installation)
    yield running.address
    end(running.process)
    installation.end_all()


@pytest.fixture
def tab_of(served, chromium):
    """A tab in which the named person has signed in."""
    opened = []

    def tab(name):
        context = open_tab(chromium, viewport={"width": 1024, "height": 800}, base_url=served)
        opened.append(context)
        page = context.__enter__()
        sign_in(page, "/events/", name)
        return page

    yield tab
    for context in opened:
        context.__exit__(None, None, None)


def test_from_the_plan_to_the_day(tab_of):
    desk = tab_of("rita")
    event = planned(desk)
    roster = taken_on(desk)
    kept(tab_of("hana"), event)
    page_back = come_back(desk, event)
    looked_at = [
        "/events/",
        "/events/add/",
        "/events/limits/",
        event,
        f"{event}edit/",
        f"{event}cancel/",
        f"{event}last-year/",
        roster,
        f"{event}forms/returned/",
        *page_back,
    ]
    in_both_themes(desk, looked_at)
    seen_of_it = [event, f"{event}summary/", "/events/indicators/", "/events/indicators/?show=urgency"]
    in_both_themes(tab_of("hana"), seen_of_it, widths=[360, 1280])


def planned(desk) -> str:
    """Over today and tomorrow; its address."""
    desk.goto("/events/add/")
    today, tomorrow = desk.evaluate(
        "() => [0, 1].map((ahead) => new Date(Date.now() + ahead * 864e5).toLocaleDateString('en-CA'))"
    )
    desk.get_by_label("School or site").select_option(label="Alder Creek Elementary")
    desk.get_by_label("First day").fill(today)
    desk.get_by_label("Last day").fill(tomorrow)
    desk.get_by_label("Hana Okafor").check()
    press(desk, "Save")
    expect(desk.get_by_text("is planned. Bring in the list of children next.")).to_be_visible()
    return desk.evaluate("location.pathname")


def taken_on(desk) -> str:
    """The school's list: a new child, one who is like another, and one without a name; its address."""
    bring_in(desk, "roster.csv", SCHOOLS_LIST)
    desk.wait_for_url("**/events/rosters/*/")
    expect(desk.get_by_text("1 row waits for your word below")).to_be_visible()
    expect(desk.get_by_text("1 row cannot be read")).to_be_visible()
    roster = desk.evaluate("location.pathname")
    desk.get_by_label("A new child").check()
    press(desk, "Keep these answers")
    press(desk, "Take on 2")
    expect(desk.get_by_text("2 new and 0 changed,")).to_be_visible()
    desk.get_by_role("link", name="Open the list").click()
    press(desk, "Put the 1 others enrolled here on it")
    expect(desk.get_by_text("Mateo Villanueva-Reyes", exact=True)).to_be_visible()
    return roster


def kept(hygienist, event) -> None:
    """One absent, one called up by her tag as a scanner types it."""
    hygienist.goto(event)
    row = hygienist.locator(".children > li", has_text="Nils Berg")
    row.get_by_role("button", name="Absent").click()
    expect(hygienist.locator(".children > li", has_text="Nils Berg")).to_contain_text("Hana Okafor")
    tag = hygienist.locator(".children > li", has_text="Matteo").locator(".tag").inner_text()
    hygienist.locator("#call").press_sequentially(tag.lower())
    hygienist.keyboard.press("Enter")
    hygienist.wait_for_url("**/capture/patients/*/")
    expect(hygienist.get_by_role("heading", name="Matteo Villanueva-Reyes")).to_be_visible()


def come_back(desk, event) -> list[str]:
    """Forms are printed, come back upside down in one pile with a page of something else, and one is entered: pages to look at."""
    desk.goto(f"{event}forms/")
    press(desk, "Make the PDF")
    with desk.expect_download(timeout=EXAMINED) as printed:
        desk.get_by_role("link", name="PDF of").first.click(timeout=EXAMINED)
    desk.goto(f"{event}forms/returned/")
    bring_in(desk, "pile.pdf", pile_of(printed.value.path()))
    enter = desk.get_by_role("link", name=re.compile("^Enter ?: page 1"))
    enter.click(timeout=EXAMINED)
    page = desk.evaluate("location.pathname")
    press(desk, "All given")
    desk.get_by_label("Who signed").fill("Karin Berg")
    desk.get_by_label("By what authority").fill("Mother")
    desk.get_by_label("Signed on").fill((date.today() - timedelta(days=1)).isoformat())  # noqa: DTZ011 - some day before
    press(desk, "Record, and the next page")
    expect(desk.get_by_text("The answer for")).to_be_visible()
    desk.goto(f"{event}forms/returned/?show=whose")
    return [page, desk.get_by_role("link", name="Say whose").get_attribute("href")]


def pile_of(printed) -> bytes:
    with pypdfium2.PdfDocument(printed) as document:
        pages = [page.render(scale=2).to_pil().convert("L").rotate(180) for page in document]
    letter = Image.new("L", pages[0].size, 255)
    letter.paste(40, (100, 100, 700, 500))
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=[*pages[1:], letter])
    return out.getvalue()
