"""A whole school day on a tablet without a network: nothing is lost by cutting the line or killing the browser, and all
arrives once when the network is back."""

import hashlib
import io
import os
import re
import signal
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

from teledent.kit import clock
from tests.browser.conftest import KNOWN, QUIET
from tests.browser.device import school
from tests.browser.device.office import Office
from tests.services.fixtures import serve
from tests.services.starting import end

pytestmark = pytest.mark.browser
PIN = "482915"
CHILDREN = 40
KEPT = "async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map((one) => one.url)))).flat()"  # noqa: E501


@pytest.fixture(scope="module")
def shell(product_at, tmp_path_factory):
    """The product, for its shell and its modules."""
    installation = product_at(tmp_path_factory.mktemp("shell") / "data")
    running = serve(installation)
    yield running.address
    end(running.process)
    installation.end_all()


@pytest.fixture
def office(shell):
    one = Office(shell)
    no_consent = school.child(90, scopes=[], consent="missing", consent_label="No consent")
    penicillin = {"on": "2026-03-02", "keys": ["penicillin"], "text": "", "words": "Penicillin"}
    one.day = school.day(
        CHILDREN,
        no_consent,
        school.child(91, allergies=penicillin, family_wrote={"on": "2026-11-02", "words": "Gets a rash"}),
    )
    yield one
    one.close()


def start_browser(chromium, profile, *more):
    """A browser with this profile, as a tablet keeps it."""
    path = next(known for known in KNOWN if Path(known).exists())
    return chromium.browser_type.launch_persistent_context(
        str(profile), executable_path=path, args=[*QUIET, *more], viewport={"width": 1024, "height": 768}
    )


@contextmanager
def tablet(chromium, profile, address):
    """A page of the device in a browser of this profile."""
    context = start_browser(chromium, profile)
    page = context.new_page()
    page.goto(f"{address}device/")
    try:
        yield page
    finally:
        with suppress(PlaywrightError):  # a browser that was killed has no context to close
            context.close()


def kill(profile):
    """End the browser of this profile where it stands, by its process id: it was started here."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except OSError:
            continue
        if f"--user-data-dir={profile}".encode() in words and not any(one.startswith(b"--type=") for one in words):
            os.kill(int(entry.parent.name), signal.SIGKILL)


def set_up(page, *, children=CHILDREN + 2):
    page.fill("#label", "Tablet 3")
    page.fill("#new-secret", PIN)
    page.fill("#new-again", PIN)
    page.click("#register [type=submit]")
    page.locator("#events button").click()
    expect(page.locator("#children .child")).to_have_count(children)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")


def take_along_anew(page):
    page.locator("#take-along summary").click()
    page.locator("#events button", has_text="Take along anew").click()
    expect(page.locator("#notices")).to_contain_text("are on this device")


def unlock(page, secret=PIN):
    for digit in secret:
        page.click(f"[data-digit='{digit}']")
    page.click("#unlock .pad [type=submit]")


def picture(number):
    kept = io.BytesIO()
    Image.new("RGB", (64, 48), (number % 256, number * 7 % 256, 90)).save(kept, "JPEG")
    return kept.getvalue() + number.to_bytes(2, "big")


def choose_child(page, tag):
    page.fill("#find", tag)
    page.locator("#children .child").click()


def take(page, view, content):
    slot = page.locator(f"#shots [data-view={view}]")
    slot.locator("input[capture]").set_input_files({"name": f"{view}.jpg", "mimeType": "image/jpeg", "buffer": content})
    expect(page.locator(f"#shots [data-view={view}] figcaption")).to_contain_text("Saved on this device")


def gather(page, number):
    choose_child(page, f"B{number:02}K")
    page.click("#begin")
    page.locator("#questions label", has_text="No complaint stated").click()
    page.locator("#questions label", has_text="No dentist on site").click()
    page.locator("#questions label", has_text="Routine").click()
    take(page, "frontal", picture(2 * number))
    take(page, "upper", picture(2 * number + 1))
    page.locator("#finish-form [type=checkbox]").check()
    page.click("#finish-form [type=submit]")
    expect(page.locator("#day")).to_be_visible()


def stands(page, words):
    expect(page.locator("#standing-says")).to_contain_text(words, timeout=120_000)


def test_a_day_of_forty_children_without_a_network_arrives_once_and_whole(chromium, office, tmp_path):
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        page.context.set_offline(True)
        page.reload()
        unlock(page)
        for number in range(CHILDREN):
            gather(page, number)
        stands(page, f"0 of {CHILDREN} forwarded, {CHILDREN} waiting")
        assert not office.manifests
        kill(tmp_path)
    with tablet(chromium, tmp_path, office.address) as page:
        unlock(page)
        stands(page, f"{CHILDREN} of {CHILDREN} forwarded, 0 waiting")
    sent = {hashlib.sha256(picture(number)).hexdigest() for number in range(2 * CHILDREN)}
    arrived = [hashlib.sha256(content).hexdigest() for content in office.whole.values()]
    assert sorted(arrived) == sorted(sent)
    assert set(office.times_whole.values()) == {1}
    assert len(office.manifests) == CHILDREN
    told = [one["manifest"] for one in office.manifests.values()]
    assert {one["patient"]["id"] for one in told} == {child["id"] for child in office.day["children"][:CHILDREN]}
    assert all(one["answers"] == {"complaint": ["none_stated"], "why": "no_dentist"} for one in told)
    assert {one["urgency"] for one in told} == {"routine"}
    assert all([file["view"] for file in one["files"]] and one["finished"]["by"] == "p-hana" for one in told)


def test_the_shell_opens_without_a_network_and_keeps_nothing_of_anybody(chromium, office, tmp_path):
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        page.reload()
        unlock(page)
        expect(page.locator("#day")).to_be_visible()
        kept = page.evaluate(KEPT)
        assert all("/static/" in one or one.endswith("/device/") for one in kept)
        page.context.set_offline(True)
        page.reload()
        expect(page.locator("#unlock")).to_be_visible()
        assert "Mateo" not in page.content()
        unlock(page, "111112")
        expect(page.locator("#unlock .error-summary").first).to_contain_text("9 tries left")
        unlock(page)
        expect(page.locator("#children .child")).to_have_count(CHILDREN + 2)
        page.fill("#find", "akes zo")
        expect(page.locator("#children .child")).to_have_count(1)


def test_what_stands_on_a_child_s_screen(chromium, office, tmp_path):
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        page.context.set_offline(True)
        choose_child(page, "B90K")
        expect(page.locator("#why-not")).to_contain_text("without consent to the screening nothing is gathered")
        expect(page.locator("#begin")).to_be_hidden()
        page.click("#to-list")
        choose_child(page, "B91K")
        expect(page.locator("#child-facts")).to_contain_text("Allergies: Penicillin")
        expect(page.get_by_role("note")).to_contain_text("The family wrote on its form, signed")
        page.click("#begin")
        expect(page.locator("#withheld")).to_contain_text("Bitewing left")
        expect(page.locator("#remind li")).to_have_count(5)
        expect(page.locator("#remind")).to_contain_text("Still to ask: How urgent is it?")
        expect(page.locator("#questions legend", has_text="How urgent is it?")).to_contain_text("(needed)")
        expect(page.locator("#questions [name=urgency]:checked")).to_have_count(0)
        page.locator("#questions textarea").fill("Bites on one side")
        take(page, "frontal", picture(7))
        expect(page.locator("#kept-says")).to_contain_text("Saved on this device")
        page.reload()
        unlock(page)
        choose_child(page, "B91K")
        expect(page.locator("#questions textarea")).to_have_value("Bites on one side")
        expect(page.locator("#shots figure canvas")).to_have_count(1)
        expect(page.locator("#remind li")).to_have_count(4)
        page.locator("#questions label", has_text="Early").click()
        expect(page.locator("#remind li")).to_have_count(3)


def test_two_taps_on_begin_begin_one_case(chromium, office, tmp_path):
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        page.context.set_offline(True)
        choose_child(page, "B01K")
        page.locator("#begin").evaluate("(begin) => { begin.click(); begin.click(); }")
        expect(page.locator("#gathering")).to_be_visible()
        page.click("#to-list")
        stands(page, "0 of 1 forwarded, 0 waiting, 1 not finished")


def test_signing_out_with_work_that_only_the_device_has_warns_and_keeps_it(chromium, office, tmp_path):
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        page.context.set_offline(True)
        gather(page, 1)
        page.click("#sign-out")
        expect(page.locator("#leave")).to_contain_text("1 case is on this device only")
        page.click("#leave [value=yes]")
        expect(page.locator("#unlock")).to_be_visible()
        stands(page, "0 of 1 forwarded, 1 waiting")
        unlock(page)
        expect(page.locator("#children .chip", has_text="Finished, waits to be forwarded")).to_have_count(1)


def test_an_ended_session_asks_to_sign_in_and_loses_nothing(chromium, office, tmp_path):
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        office.signed_in = False
        gather(page, 1)
        expect(page.locator("#drain-says a")).to_have_text("Sign in")
        office.signed_in = True
        page.click("#send-now")
        stands(page, "1 of 1 forwarded, 0 waiting")


def test_a_child_who_is_absent_is_marked_and_forwarded(chromium, office, tmp_path):
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        choose_child(page, "B02K")
        page.get_by_role("button", name="Absent").click()
        expect(page.locator("#day")).to_be_visible()
        stands(page, "Nothing gathered on this device yet")
    (mark,) = office.marks.values()
    assert (mark["mark"], mark["patient"]) == ("absent", school.child(2)["id"])


def test_absent_is_taken_back_without_a_network_and_then_she_is_gathered(chromium, office, tmp_path):
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        choose_child(page, "B02K")
        page.get_by_role("button", name="Absent").click()
        stands(page, "Nothing gathered on this device yet")
        expect(page.locator("#children .chip", has_text="Marked absent")).to_have_count(1)
        page.context.set_offline(True)
        choose_child(page, "B02K")
        expect(page.locator("#marked")).to_have_text("Marked as absent.")
        looked_at(page)
        page.get_by_role("button", name="Refused").click()  # a slip
        choose_child(page, "B02K")
        page.get_by_role("button", name="Take back").click()
        expect(page.get_by_role("button", name="Take back")).to_be_hidden()
        page.click("#to-list")
        expect(page.locator("#children .chip")).to_have_count(0)
        gather(page, 2)
        page.context.set_offline(False)
        stands(page, "1 of 1 forwarded")
    assert [(one["mark"], one["patient"]) for one in office.marks.values()] == [
        ("absent", school.child(2)["id"]),
        ("", school.child(2)["id"]),
    ]


def test_a_mark_counts_until_a_list_is_taken_along_that_was_asked_for_after_it_was_forwarded(
    chromium, office, tmp_path
):
    office.breaks["PUT .*/marks/"] = [(500, {"sentence": "Broken."})] * 100
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        choose_child(page, "B02K")
        page.get_by_role("button", name="Absent").click()
        page.wait_for_timeout(1500)  # devices say times in whole seconds
        take_along_anew(page)
        office.breaks["PUT .*/marks/"].clear()
        page.click("#send-now")
        stands(page, "Nothing gathered on this device yet")
        marked = page.locator("#children .chip", has_text="Marked absent")
        expect(marked).to_have_count(1)
        take_along_anew(page)
        expect(marked).to_have_count(0)


def test_a_mark_that_the_server_did_not_take_is_shown_until_she_has_seen_it(chromium, office, tmp_path):
    office.breaks["PUT .*/marks/"] = [(200, {"applied": False, "sentence": "She was seen."})]
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        choose_child(page, "B02K")
        page.get_by_role("button", name="Absent").click()
        stands(page, "1 case needs you")
        choose_child(page, "B02K")
        expect(page.locator("#stands")).to_contain_text("Marked as absent: not taken. She was seen.")
        expect(page.locator("#begin")).to_be_visible()
        looked_at(page)
        page.get_by_role("button", name="I have seen it").click()
        expect(page.locator("#stands")).to_be_hidden()
        stands(page, "Nothing gathered on this device yet")


def test_what_was_said_of_one_child_never_stands_under_another(chromium, office, tmp_path):
    """Her pictures are drawn slowly, and meanwhile another child is chosen."""
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        page.context.set_offline(True)
        choose_child(page, "B01K")
        page.click("#begin")
        take(page, "frontal", picture(1))
        page.locator("#finish-form [type=checkbox]").check()
        page.click("#to-list")
        page.evaluate("""() => {
          const real = window.createImageBitmap;
          window.createImageBitmap = async (...how) => { await new Promise((go) => setTimeout(go, 1500)); return real(...how); };
        }""")
        choose_child(page, "B01K")
        page.click("#to-list")
        choose_child(page, "B02K")
        page.click("#begin")
        expect(page.locator("#gathering")).to_be_visible()
        expect(page.locator("#child-name")).to_contain_text("Elif")
        page.wait_for_timeout(2000)
        expect(page.locator("#shots figure")).to_have_count(0)
        expect(page.locator("#shots > li")).to_have_count(2)
        expect(page.locator("#finish-form [type=checkbox]")).not_to_be_checked()
        page.locator("#finish-form [type=checkbox]").check()
        page.click("#lock")
        unlock(page)
        choose_child(page, "B02K")
        expect(page.locator("#finish-form [type=checkbox]")).not_to_be_checked()


OF_LAST_YEAR = {"starts_on": "2025-11-17", "ends_on": "2025-11-18", "days": "17 to 18 Nov 2025"}


def test_on_the_list_of_another_day_nothing_is_begun_while_the_clock_is_right(chromium, office, tmp_path):
    office.day["event"] = {**office.day["event"], **OF_LAST_YEAR}
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        page.context.set_offline(True)
        page.reload()
        unlock(page)
        choose_child(page, "B01K")
        expect(page.locator("#why-not")).to_contain_text("This list is of 17 to 18 Nov 2025, and today is")
        expect(page.locator("#begin")).to_be_hidden()
        expect(page.get_by_role("button", name="Absent")).to_be_visible()
        looked_at(page)


def test_a_wrong_clock_whose_day_is_none_of_the_school_day_s_asks_on_which_she_was_seen(chromium, office, tmp_path):
    office.day["event"] = {**office.day["event"], **OF_LAST_YEAR}
    office.ahead = datetime(2025, 11, 17, 20, tzinfo=UTC) - clock.now()
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        choose_child(page, "B01K")
        page.click("#begin")
        expect(page.locator("#why-day")).to_contain_text("the school day is 17 to 18 Nov 2025")
        expect(page.locator("#day-seen option")).to_have_text(["Choose", "17 Nov 2025", "18 Nov 2025"])
        looked_at(page)
        page.locator("#finish-form [type=checkbox]").check()
        page.click("#finish-form [type=submit]")
        expect(page.locator("#gathering")).to_be_visible()
        page.select_option("#day-seen", "2025-11-18")
        expect(page.locator("#seen")).to_contain_text("Seen on 18 Nov 2025 at")
        page.click("#finish-form [type=submit]")
        stands(page, "1 of 1 forwarded")
    (told,) = (one["manifest"] for one in office.manifests.values())
    assert told["day_seen"] == "2025-11-18"


def test_an_urgent_case_that_was_submitted_early_is_not_changed_on_the_device(chromium, office, tmp_path):
    office.breaks["PATCH "] = [(500, {"sentence": "Broken."})] * 100
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        choose_child(page, "B01K")
        page.click("#begin")
        page.locator("#questions label", has_text="Emergency").click()
        take(page, "frontal", picture(1))
        page.locator("#finish-form [type=checkbox]").check()
        page.click("#finish-form [type=submit]")
        expect(page.locator("#day")).to_be_visible()
        choose_child(page, "B01K")
        expect(page.locator("#stands")).to_contain_text("It is being submitted before its pictures")
        expect(page.get_by_role("button", name="Change it")).to_be_hidden()


def test_pictures_of_a_case_that_ended_are_let_go_by_a_button_that_says_how_many(chromium, office, tmp_path):
    refused = {"sentence": "The case is withdrawn.", "kind": "screening", "takes_changes": False, "newest_revision": 0}
    office.breaks["PUT .*/cases/"] = [(409, refused)]
    office.breaks["GET .*/cases/"] = [(200, {"receipt": None, "now": None})]
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        gather(page, 1)
        stands(page, "1 case needs you")
        choose_child(page, "B01K")
        expect(page.locator("#stands")).to_contain_text(
            "The case is withdrawn. 2 pictures of it are on this device only."
        )
        expect(page.get_by_role("button", name="As a case of its own")).to_be_visible()
        looked_at(page)
        page.get_by_role("button", name="Let 2 pictures go").click()
        expect(page.locator("#begin")).to_be_visible()
        stands(page, "Nothing gathered on this device yet")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_every_target_is_large_enough(chromium, office, tmp_path, theme):
    with tablet(chromium, tmp_path, office.address) as page:
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": 360, "height": 740})
        expect(page.locator("#register")).to_be_visible()
        looked_at(page)
        set_up(page)
        looked_at(page)
        choose_child(page, "B91K")
        page.click("#begin")
        take(page, "frontal", picture(7))
        looked_at(page)
        page.click("#lock")
        expect(page.locator("#unlock")).to_be_visible()
        looked_at(page)
        page.locator("#admit summary").click()
        expect(page.locator("#admit-whose")).to_have_text("Hana")
        looked_at(page)


SMALL = """() => [...document.querySelectorAll("button, a[href], select, summary, input:not(.vh), textarea, .tap, label.btn")]
  .filter((one) => one.checkVisibility() && !one.closest(".tap, .tick, label.btn, .skip") && one.getBoundingClientRect().height < 44)
  .map((one) => one.outerHTML.slice(0, 90))"""


def looked_at(page):
    found = Axe().run(page).response["violations"]
    assert found == [], [(one["id"], one["nodes"][0]["html"][:160]) for one in found]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [one for one in page.evaluate(SMALL) if not re.match(r'<(a class="skip"|input type="checkbox")', one)] == []
