"""Capture in a real browser: files that survive cuts and reloads, answers that save themselves, pages that anyone can use."""

import hashlib
import io
import re
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tusclient.client import TusClient

from tests.browser.pages import capture_pages
from tests.browser.tabs import choose, open_tab, sign_in
from tests.capture.drawn import photograph, radiograph
from tests.services.fixtures import serve
from tests.services.starting import end

pytestmark = pytest.mark.browser
CUT = ("net::ERR_FAILED", "htmx:sendError", "htmx:afterRequest", "409")  # what these tests do to the page themselves
PREPARE = """
import uuid
from datetime import timedelta
from cases.actions import files
from cases.models import Asset
from teledent.kit import clock
from tests import cast
now = clock.now() - timedelta(minutes=31)
world = cast.build_world()
def child(given, status="draft", **more):
    return cast.case_at(world, status, at=now, patient=cast.make_patient(world, given=given), **more)
names = {"case": child("Mateo"), "asked": child("Noor", "needs_info"), "sent": child("Elif", "submitted"),
         "stopped": child("Bram", "stopped"), "urgent": child("Ada", kind="emergency"), "full": child("Olu")}
cast.fill(world, names["full"], now)
held = names["full"].assets.first()
Asset.objects.filter(pk=held.pk).update(hold_code="other-name", hold_reason="The file names “Tran, Juniper”.")
cast.put_file(names["full"], world.of("hana"), view="bitewing-left", at=now)
refused = cast.put_file(names["full"], world.of("hana"), view="upper", at=now)
Asset.objects.filter(pk=refused.pk).update(state="refused", refusal_code="unknown-type", refusal_sentence="This is not a picture.")
files.declare_file(
    actor=world.of("hana"), site=world.school, case=None, public_id=uuid.uuid4(), size=9, sha256="a" * 64, name="DSC_7", at=now
)
for name, case in names.items():
    print(name, case.public_id)
print("patient", names["full"].patient.public_id)
print("asset", held.public_id)
for number in range(11):
    print(f"own{number}", child(f"Child {number}").public_id)
"""


@dataclass
class School:
    address: str
    ids: dict[str, str]
    logs: Path

    def case(self, name: str) -> str:
        return f"{self.address}/capture/cases/{self.ids[name]}/"


@pytest.fixture(scope="module")
def school(product_at, tmp_path_factory):
    """The product served with its worker, and cases in every state that a page of Capture shows."""
    folder = tmp_path_factory.mktemp("capture") / "data"
    installation = product_at(folder)
    ids = dict(line.split() for line in installation.ask(PREPARE).splitlines() if len(line.split()) == 2)
    served = serve(installation)
    yield School(served.address, ids, folder.parent)
    end(served.process)
    installation.end_all()


@pytest.fixture(scope="module")
def signed_in(school, chromium):
    """Hana's cookies, so that only one test signs in."""
    with open_tab(chromium) as tab:
        sign_in(tab, f"{school.address}/capture/", "hana")
        yield tab.context.storage_state()


@pytest.fixture
def tab(chromium, signed_in):
    with open_tab(chromium, forgiven=CUT, storage_state=signed_in, viewport={"width": 1280, "height": 900}) as opened:
        yield opened


@pytest.fixture
def picture(tmp_path):
    """A photograph of its own bytes each time."""

    def draw(name: str, seed: int) -> Path:
        path = tmp_path / name
        path.write_bytes(photograph(None, seed=seed))
        return path

    return draw


def tap(tab: Page, question: str, label: str):
    """Tap an answer and wait until the server has it."""
    with tab.expect_response(re.compile("/save/")):
        tab.locator(f"#id_{question} label.tap", has_text=re.compile(f"^{label}$")).click()


def test_a_picture_for_a_view_goes_from_choosing_to_examined_with_its_words_read_out(school, tab, picture):
    tab.goto(school.case("own0"))
    choose(tab, ".slot [data-view=upper]", picture("IMG_1.jpg", 1))
    tile = tab.locator(".shot.examined", has_text="Upper")
    expect(tile.locator("img")).to_be_visible(timeout=20_000)
    expect(tile).to_contain_text("mirror shot, turned")
    expect(tab.locator("#live-count")).to_have_text("1 of 1 in")
    expect(tab.locator("#upload-says")).to_contain_text("Everything is sent")


def test_several_at_once_and_a_bad_one_beside_them_each_end_by_themselves(school, tab, picture, tmp_path):
    (tmp_path / "notes.jpg").write_bytes(b"<html>hello</html>" * 50)
    tab.goto(school.case("own1"))
    choose(tab, "#pictures header [data-take]", picture("a.jpg", 2), tmp_path / "notes.jpg", picture("b.jpg", 3))
    expect(tab.locator(".shot.examined")).to_have_count(2)
    expect(tab.locator(".shot.refused")).to_contain_text("not a kind of file")
    first = tab.locator(".shot.examined").first
    first.locator(".which select").select_option("lower")
    expect(tab.locator(".shot.examined", has_text="mirror shot, turned")).to_have_count(1)


def test_pictures_that_arrive_while_the_page_still_asks_about_others_all_show(school, tab, picture):
    """The server's tile of each comes, however slowly it answers: no request takes the place of another."""

    def slowly(route):
        time.sleep(1)
        route.continue_()

    tab.goto(school.case("own10"))
    tab.route(re.compile(r"/capture/files/[0-9a-f-]+/$"), slowly)
    choose(tab, "#pictures header [data-take]", *(picture(f"{seed}.jpg", seed) for seed in range(21, 26)))
    expect(tab.locator(".shot.examined")).to_have_count(5)


def test_a_cut_connection_is_said_and_gone_on_with_by_itself(school, tab, picture):
    tab.goto(school.case("own2"))
    cuts = []

    def cut(route):
        if route.request.method == "PATCH" and len(cuts) < 2:
            cuts.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    tab.route("**/uploads/**", cut)
    choose(tab, ".slot [data-view=frontal]", picture("IMG_2.jpg", 4))
    expect(tab.locator(".sending")).to_contain_text("goes on by itself")
    expect(tab.locator(".shot.examined", has_text="Frontal")).to_be_visible(timeout=20_000)
    assert len(cuts) == 2


def test_a_reload_in_the_middle_loses_nothing(school, tab, picture):
    tab.goto(school.case("own3"))
    tab.route("**/uploads/*/", lambda route: route.abort())
    choose(tab, ".slot [data-view=left]", picture("IMG_3.jpg", 5))
    expect(tab.locator(".sending")).to_contain_text("goes on by itself")
    tab.unroute("**/uploads/*/")
    tab.reload()
    expect(tab.locator(".shot.examined", has_text="Left side")).to_be_visible(timeout=20_000)
    expect(tab.locator(".shot:not(.slot)")).to_have_count(1)


def test_what_a_tab_still_has_to_send_goes_on_from_the_day_page(school, tab, picture):
    tab.goto(school.case("own4"))
    tab.route("**/uploads/*/", lambda route: route.abort())
    choose(tab, ".slot [data-view=right]", picture("IMG_4.jpg", 6))
    expect(tab.locator(".sending")).to_contain_text("goes on by itself")
    tab.unroute("**/uploads/*/")
    with tab.expect_response(lambda answer: answer.request.method == "PATCH" and answer.status == 204):
        tab.goto(f"{school.address}/capture/")
    tab.goto(school.case("own4"))
    expect(tab.locator(".shot.examined", has_text="Right side")).to_be_visible(timeout=20_000)


def test_the_same_picture_twice_is_sent_once_and_says_so(school, tab, picture):
    path = picture("IMG_5.jpg", 7)
    tab.goto(school.case("own5"))
    choose(tab, ".slot [data-view=frontal]", path)
    expect(tab.locator(".shot.examined")).to_have_count(1)
    choose(tab, "#pictures header [data-take]", path)
    expect(tab.locator("#notices")).to_contain_text("already in the case as Frontal")
    expect(tab.locator(".shot:not(.slot)")).to_have_count(1)


def test_the_order_of_a_radiograph_is_asked_as_it_comes_in_and_what_is_being_typed_stays(school, tab, tmp_path):
    tab.goto(school.case("own9"))
    tab.locator("#device").fill("Phone")
    for number, view in enumerate(("bitewing-right", "bitewing-left")):
        (tmp_path / f"{view}.dcm").write_bytes(radiograph(seed=number))
        tab.locator("#film-view").select_option(view)
        choose(tab, "#films .slot [data-take]", tmp_path / f"{view}.dcm")
        expect(tab.locator("#radiographs [name=films]")).to_have_count(number + 1)
        if not number:
            tab.locator("#order_ordered_by").fill("Dr. Dev Halloran")
    expect(tab.locator("#order_ordered_by")).to_have_value("Dr. Dev Halloran")
    expect(tab.locator("#device")).to_have_value("Phone")
    expect(tab.locator("#films [name=device]").first).not_to_have_value("Phone")


def test_an_upload_client_that_is_not_ours_sends_through_the_gate(school, tab, signed_in):
    cookies = {one["name"]: one["value"] for one in signed_in["cookies"]}
    content = photograph(None, seed=11)
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "X-CSRFToken": cookies["teledent-csrf"],
    }
    metadata = {
        "id": str(uuid.uuid4()),
        "sha256": hashlib.sha256(content).hexdigest(),
        "case": school.ids["own8"],
        "view": "smile",
    }
    client = TusClient(f"{school.address}/capture/uploads/", headers=headers)
    client.uploader(file_stream=io.BytesIO(content), chunk_size=9_000, metadata=metadata).upload()
    tab.goto(school.case("own8"))
    expect(tab.locator(".shot.examined", has_text="Smile")).to_be_visible(timeout=20_000)


def test_answers_save_as_they_are_tapped_and_the_checklist_follows(school, tab):
    tab.goto(school.case("own6"))
    expect(tab.locator("#checklist")).to_contain_text("Not asked: what brings the patient here")
    tap(tab, "complaint", "Pain")
    expect(tab.locator("#saved-history")).to_contain_text("Saved")
    expect(tab.locator("#checklist")).to_contain_text("Not asked: health conditions")
    tap(tab, "allergies", "None known")
    tap(tab, "allergies", "Latex")
    expect(tab.locator(".banner")).to_contain_text("Latex")
    assert tab.locator("#id_allergies input:checked").evaluate_all("all => all.map((one) => one.value)") == ["latex"]
    tap(tab, "urgency", "Early")
    tap(tab, "urgency", "Early")
    expect(tab.locator("#id_urgency input:checked")).to_have_count(0)


def test_two_quick_taps_in_two_sections_are_both_saved(school, tab):
    tab.goto(school.case("own7"))
    tab.locator("#id_complaint label.tap", has_text="Pain").click()
    tab.locator("#id_red_flags label.tap", has_text="None of these").click()
    tab.locator("#id_why label.tap", has_text="Distance").click()
    for section in ("history", "triage", "why"):
        expect(tab.locator(f"#saved-{section}")).to_contain_text("Saved")
    tab.reload()
    expect(tab.locator("#history input:checked, #triage input:checked, #id_why input:checked")).to_have_count(3)


def test_a_stale_page_keeps_what_was_typed_and_says_that_it_is_not_saved(school, tab):
    tab.goto(school.case("case"))
    other = tab.context.new_page()
    other.goto(school.case("case"))
    tap(other, "complaint", "Pain")
    tab.locator("#id_why_text").fill("Two hours by bus")
    expect(tab.locator("#saved-why")).to_contain_text("Not saved")
    expect(tab.locator("#notices")).to_contain_text("changed on another page")
    expect(tab.locator("#id_why_text")).to_have_value("Two hours by bus")


def test_without_a_network_the_section_says_so_and_is_saved_when_it_is_back(school, tab):
    tab.goto(school.case("urgent"))
    tab.route("**/save/**", lambda route: route.abort())
    tab.locator("#id_complaint label.tap", has_text="Pain").click()
    expect(tab.locator("#saved-history")).to_contain_text("Not saved yet")
    tab.unroute("**/save/**")
    expect(tab.locator("#saved-history")).to_contain_text("Saved ")


def test_a_red_flag_brings_the_number_to_call_at_once(school, tab):
    tab.goto(school.case("case"))
    tap(tab, "red_flags", "Trouble breathing or swallowing")
    expect(tab.get_by_role("link", name="Call now 541-555-0199")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_child_is_found_and_no_address_history_or_log_has_the_name(school, chromium, signed_in, scripts):
    day = f"{school.address}/capture/"
    options = {"java_script_enabled": scripts, "viewport": {"width": 360, "height": 740}}
    with open_tab(chromium, storage_state=signed_in, **options) as tab:
        tab.goto(day)
        find(tab, "Villanueva-Reyes")
        child = tab.locator("#found a", has_text="Olu Villanueva-Reyes")
        expect(child).to_be_visible()
        assert tab.url == day
        if scripts:
            assert tab.evaluate("history.length") == 2  # the empty tab and the day
            child.click()
            tab.go_back()  # to the day, without a question whether to send a form again
            expect(tab.locator("#text")).to_be_visible()
    assert "illanueva" not in "".join(log.read_text() for log in school.logs.glob("*.log"))


def test_what_a_search_shows_has_no_axe_finding_and_fits_360_pixels(school, chromium, signed_in):
    with open_tab(chromium, storage_state=signed_in, viewport={"width": 360, "height": 740}) as tab:
        tab.goto(f"{school.address}/capture/")
        for typed, said in (("olu", "Patients called “olu”"), ("zzzz", "Nobody by that name or id")):
            find(tab, typed)
            expect(tab.locator("#found")).to_contain_text(said)
            assert Axe().run(tab).response["violations"] == []
            assert tab.evaluate("document.documentElement.scrollWidth") <= 360
            assert not tab.evaluate(TOO_SMALL)


def find(tab: Page, typed: str) -> None:
    tab.fill("#text", typed)
    tab.keyboard.press("Enter")


TOO_SMALL = """() => [...document.querySelectorAll("main a, main button, main select, main summary, main .tap, main .field input")]
  .filter((one) => one.offsetParent && !one.closest(".vh, p, dd, td, th, .tick") && one.getBoundingClientRect().height < 43.5)
  .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_on_any_page(school, chromium, signed_in, scheme, width):
    context = chromium.new_context(
        storage_state=signed_in, color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    tab = context.new_page()
    found = []
    for name, address in capture_pages(school.ids).items():
        assert tab.goto(school.address + address).status == 200, name
        violations = Axe().run(tab).response["violations"]
        found += [(name, one["id"], one["nodes"][0]["html"][:160]) for one in violations]
    context.close()
    assert not found


def test_every_page_fits_360_pixels_and_every_target_a_gloved_finger(school, chromium, signed_in):
    context = chromium.new_context(storage_state=signed_in, viewport={"width": 360, "height": 740})
    tab = context.new_page()
    for name, address in capture_pages(school.ids).items():
        tab.goto(school.address + address)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360, name
        assert not tab.evaluate(TOO_SMALL), name
    context.close()


def test_without_javascript_the_page_says_what_needs_it_and_the_rest_works(school, chromium, signed_in):
    context = chromium.new_context(storage_state=signed_in, java_script_enabled=False)
    tab = context.new_page()
    tab.goto(school.case("asked"))
    expect(tab.locator("#pictures")).to_contain_text("Sending pictures needs JavaScript")
    tab.locator("#id_complaint input[value=swelling]").check()
    tab.locator("#history button", has_text="Save").click()
    expect(tab.locator("#id_complaint input[value=swelling]")).to_be_checked()
    context.close()
