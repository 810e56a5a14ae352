"""Two dentists press "Start next" in the same instant, each in a browser of her own: one has the case, the other is told so.

Each works at a web server of her own, as on many machines, so that nothing but the database puts them in a row.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.tabs import open_tab, sign_in
from tests.flows.processes import WEB, start_web
from tests.services.fixtures import Installation, serve

pytestmark = pytest.mark.browser
ROUNDS = 100
PREPARE = """
from datetime import date, timedelta
from teledent.accounts.models import Membership, Person
from teledent.kit import clock
from tests import cast
world = cast.build_world()
eva = Person.objects.create_user("eva@example.org", cast.PASSWORD, name="Dr. Eva Osei")
Membership.objects.create(person=eva, practice=world.practice, role="dentist", starts_on=date(2026, 1, 1))
cast.license_person(eva, npi="1245319599", taxonomy="122300000X", title="DDS")
print(cast.case_at(world, "submitted", at=clock.now() - timedelta(minutes=28)).public_id)
"""
HOLDERS = "SELECT p.email FROM cases_case c JOIN accounts_person p ON p.id = c.reader_id WHERE c.status = 'in_review'"
STARTS = "SELECT count(*) FROM cases_caseevent WHERE kind = 'start_review'"
LEAD = 40  # ms from the word to both browsers until both press
# what the button sends goes as it always goes; the answer is kept beside the page, so that a round need not draw two pages
PRESS_AT = """at => {
  const button = document.getElementById("start-next");
  const kept = async (answer) => [new URL(answer.url).pathname, await answer.text()];
  window.answer = new Promise((answered) => {
    button.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const form = event.target;
      answered(fetch(form.action, {method: "POST", body: new URLSearchParams(new FormData(form))}).then(kept));
    }, {once: true});
    setTimeout(() => button.click(), at - Date.now());
  });
}"""
PUT_BACK = """async (page) => {
  const form = new DOMParser().parseFromString(page, "text/html").querySelector("form[action$='/release/']");
  const sent = {method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual"};
  return (await fetch(form.getAttribute("action"), sent)).type;
}"""


@pytest.fixture
def room(product: Installation, chromium: Browser) -> Iterator[tuple[str, dict[str, Page]]]:
    """The one case that waits, and the tab of each dentist in the reading room."""
    case = product.ask(PREPARE)
    servers = {"dev": serve(product), "eva": start_web(product, *WEB, log=product.folder.parent / "second.log")}
    with ExitStack() as open_tabs:
        tabs = {who: open_tabs.enter_context(open_tab(chromium, base_url=servers[who].address)) for who in servers}
        for who, tab in tabs.items():
            sign_in(tab, "/reading/", who)
            expect(tab.locator("#start-next")).to_be_visible()
        yield case, tabs


def test_two_browsers_that_start_next_a_hundred_times_never_have_one_case_both(product, room):
    case, tabs = room
    for number in range(1, ROUNDS + 1):
        pages = press_at_once(tabs)
        (winner,) = (who for who, (address, _) in pages.items() if address == f"/reading/{case}/")
        (loser,) = pages.keys() - {winner}
        assert "Put back" in pages[winner][1]
        assert pages[loser][0] == "/reading/"
        assert "Nothing waits that you may read now." in pages[loser][1]
        assert product.rows(HOLDERS) == [(f"{winner}@example.org",)]
        assert product.rows(STARTS) == [(number,)]
        assert tabs[winner].evaluate(PUT_BACK, pages[winner][1]) == "opaqueredirect"


def press_at_once(tabs: dict[str, Page]) -> dict[str, tuple[str, str]]:
    """Both press the button in the same millisecond; the address and the page that each then has."""
    at = time.time() * 1000 + LEAD
    for tab in tabs.values():
        tab.evaluate(PRESS_AT, at)
    return {who: tab.evaluate("() => window.answer") for who, tab in tabs.items()}
