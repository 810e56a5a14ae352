"""Two tabs of one device, and a page that stays open while a new version comes: nothing is begun twice, and nothing is lost."""

import hashlib
import re
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.device.test_day import (  # noqa: F401 - fixtures are found by name
    CHILDREN,
    choose_child,
    gather,
    office,
    picture,
    set_up,
    shell,
    stands,
    tablet,
    take,
    unlock,
)

pytestmark = pytest.mark.browser
HELD_UP = """() => {
  const real = crypto.subtle.encrypt.bind(crypto.subtle);
  const going = new Promise((go) => { window.goOn = go; });
  crypto.subtle.encrypt = async (...how) => { await going; return real(...how); };
}"""
BEGUN_OR_WAITING = """async () => !document.querySelector("#gathering").hidden
  || (await navigator.locks.query()).pending.some(({ name }) => name.startsWith("teledent-device-begin-"))"""
SAYS_AND_LEAVES = """([words, leave]) => {
  [...document.querySelectorAll("#questions label")].find(({ textContent }) => textContent.includes(words)).click();
  document.querySelector(leave).click();
}"""  # in one turn: nothing is kept in between
FASTER = "This was changed in another tab of this device. Open it again: what stands there is kept."
WAITS = "async () => Boolean((await navigator.serviceWorker.getRegistration('/device/')).waiting)"


def second(page):
    """Another tab of the same device, on the list."""
    other = page.context.new_page()
    other.goto(page.url)
    unlock(other)
    expect(other.locator("#children .child")).to_have_count(CHILDREN + 2)
    return other


def answer(page, words):
    page.locator("#questions label", has_text=words).click()


def test_two_tabs_begin_one_case_of_a_child(chromium, office, tmp_path):  # noqa: F811 - the fixture above
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        page.context.set_offline(True)
        other = second(page)
        for tab in (page, other):
            choose_child(tab, "B01K")
        page.evaluate(HELD_UP)  # it has looked and found none, and does not get on with keeping one
        page.click("#begin")
        other.click("#begin")
        other.wait_for_function(BEGUN_OR_WAITING)
        page.evaluate("() => window.goOn()")
        for tab in (page, other):
            expect(tab.locator("#gathering")).to_be_visible()
            stands(tab, "0 of 1 forwarded, 0 waiting, 1 not finished")
        answer(page, "No complaint stated")
        expect(page.locator("#kept-says")).to_contain_text("Saved on this device")
        answer(other, "No dentist on site")
        expect(other.locator("#kept-says")).to_contain_text("changed in another tab of this device. Open it again")
        other.click("#to-list")
        choose_child(other, "B01K")
        expect(other.get_by_label("No complaint stated")).to_be_checked()
        answer(other, "No dentist on site")
        expect(other.locator("#kept-says")).to_contain_text("Saved on this device")


def test_what_she_says_as_she_leaves_is_not_lost_to_a_faster_tab_without_a_sentence(
    chromium,
    office,  # noqa: F811 - the fixture above
    tmp_path,
):
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        page.context.set_offline(True)
        other = second(page)
        choose_child(page, "B01K")
        page.click("#begin")
        expect(page.locator("#gathering")).to_be_visible()
        name = page.locator("#child-name").inner_text()
        for words, leave, told in (
            ("No complaint stated", "#to-list", f"{name}: What you said last is not kept."),
            ("Routine", "#lock", "What you said last is not kept."),
        ):
            choose_child(other, "B01K")
            expect(other.locator("#gathering")).to_be_visible()
            answer(page, words)
            expect(page.locator("#kept-says")).to_contain_text("Saved on this device")
            other.evaluate(SAYS_AND_LEAVES, ["No dentist on site", leave])
            expect(other.locator("#notices")).to_have_text(f"{told} {FASTER}")
        expect(other.locator("#unlock")).to_be_visible()
        unlock(other)
        expect(other.locator("#notices")).to_be_empty()
        choose_child(other, "B01K")
        for words in ("No complaint stated", "Routine"):
            expect(other.get_by_label(words)).to_be_checked()
        expect(other.get_by_label("No dentist on site")).not_to_be_checked()


def later(address):
    """The product's shell in a later version: another script at another address, and so another worker."""
    with urlopen(f"{address}/device/sw.js") as said:  # noqa: S310 - the product of this very test
        worker = said.read().decode()
    start = re.search(r"/static/js/device/start\.\w+\.js", worker)[0]
    version = re.search(r'"version": "(\w+)"', worker)[1]
    moved = start.replace("start.", "start.later.")

    def renamed(text):
        return text.replace(start, moved).replace(version, "later")

    return {
        "/device/": ("/device/", renamed), "/device/sw.js": ("/device/sw.js", renamed),
        moved: (start, lambda script: f'{script}\ndocument.documentElement.dataset.version = "later";'),
    }  # fmt: skip


def start_until_later(page):
    """It takes over when a page starts alone: one that is just going away still counts as open, and the next start is soon."""
    for _ in range(6):
        page.reload()
        try:
            return expect(page.locator("html[data-version=later]")).to_have_count(1, timeout=10_000)
        except AssertionError:
            continue
    raise AssertionError("The new version never took over.")


def test_a_new_version_takes_over_when_its_page_starts_and_finds_all_that_the_old_one_kept(
    chromium,
    office,  # noqa: F811 - the fixture above
    tmp_path,
):
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        office.breaks["PUT .*/cases/"] = [(500, {"sentence": "Broken."})] * 1000
        page.context.set_offline(True)
        gather(page, 1)
        choose_child(page, "B02K")
        page.click("#begin")
        answer(page, "No complaint stated")
        take(page, "frontal", picture(4))
        office.instead = later(office.behind)
        page.context.set_offline(False)
        other = second(page)
        other.wait_for_function(WAITS)
        for tab in (page, other):
            expect(tab.locator("html[data-version]")).to_have_count(0)
        other.close()
        answer(page, "No dentist on site")
        answer(page, "Routine")
        take(page, "upper", picture(5))
        expect(page.locator("#kept-says")).to_contain_text("Saved on this device")
        stands(page, "0 of 2 forwarded, 1 waiting, 1 not finished")

        page.context.set_offline(True)
        start_until_later(page)
        assert page.evaluate("() => caches.keys()") == ["teledent-device-later"]
        unlock(page)
        stands(page, "0 of 2 forwarded, 1 waiting, 1 not finished")
        choose_child(page, "B02K")
        for words in ("No complaint stated", "No dentist on site", "Routine"):
            expect(page.get_by_label(words)).to_be_checked()
        expect(page.locator("#shots figure canvas")).to_have_count(2)
        page.locator("#finish-form [type=checkbox]").check()
        page.click("#finish-form [type=submit]")
        office.breaks.clear()
        page.context.set_offline(False)
        stands(page, "2 of 2 forwarded, 0 waiting")
    arrived = {hashlib.sha256(content).hexdigest() for content in office.whole.values()}
    assert arrived == {hashlib.sha256(picture(number)).hexdigest() for number in (2, 3, 4, 5)}
