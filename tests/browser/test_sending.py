"""A mother sends pictures with a phone by the link that the desk made, over a real server; every page in both themes."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.looking import in_both_themes
from tests.browser.tabs import open_tab, sign_in
from tests.capture.drawn import photograph
from tests.services.fixtures import serve
from tests.services.starting import end

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
PREPARE = """
from tests import cast
world = cast.build_world()
print(cast.make_patient(world).public_id)
"""
LINK = """
from datetime import timedelta
from uuid import uuid4
from cases.actions.linking import make_link
from cases.models import Patient
from teledent.accounts.acting import actor_for
from teledent.accounts.models import Person
from teledent.kit import clock
patient = Patient.objects.get()
rita = actor_for(Person.objects.get(email="rita@example.org"), practice_id=patient.practice_id)
made = make_link(
    actor=rita, patient=patient, site=patient.enrolments.get().site, kind="emergency", why="urgency", language="en",
    lasts=timedelta(days=1), asks_birth_date=False, public_id=uuid4(), at=clock.now(),
)
print(made.token)
"""
NEWEST = """
from cases.models import Case
case = Case.objects.order_by("-pk")[0]
print(*sorted(f"{one.view}:{'in' if one.original_id else 'not'}:{one.state == 'struck'}" for one in case.assets.all()))
"""
AFTER = """
from cases.models import Case
case = Case.objects.order_by("-pk")[0]
print(case.status, case.urgency, case.assets.counted().count(), case.assets.filter(original__isnull=False).count())
"""


@pytest.fixture(scope="module")
def installation(product_at, tmp_path_factory):
    made = product_at(tmp_path_factory.mktemp("sending") / "data")
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


def look(page, misfits):
    """Both themes on a phone: axe finds nothing and nothing is to scroll sideways."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.evaluate("() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {})))")
        found = Axe().run(page).response["violations"]
        misfits += [f"{page.url} {theme} {one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            misfits.append(f"{page.url} scrolls sideways")


def make_link(chromium, address, patient):
    with open_tab(chromium, viewport={"width": 1024, "height": 800}, base_url=address) as desk:
        sign_in(desk, f"/links/for/{patient}/", "rita")
        in_both_themes(desk, ["/links/", f"/links/for/{patient}/"], widths=[360, 1024])
        desk.goto(f"/links/for/{patient}/")
        for words in ("Emergency", "Needs an answer soon", "1 day"):
            desk.get_by_label(words, exact=True).check()
        desk.get_by_role("button", name="Make the link").click()
        return desk.get_by_label("Or send this address").input_value()


def test_from_the_desk_to_the_queue(chromium, address, patient, installation, tmp_path):
    link, misfits = make_link(chromium, address, patient), []
    picture = tmp_path / "tooth.jpg"
    picture.write_bytes(photograph(None))
    with open_tab(chromium, viewport=PHONE, base_url=address, forgiven=["status of 404"]) as phone:
        phone.goto(link)
        look(phone, misfits)
        phone.get_by_role("button", name="Begin").click()
        phone.get_by_label("Birth date").fill("2018-03-14")
        look(phone, misfits)
        phone.get_by_role("button", name="Go on").click()
        phone.get_by_label("Fever, and something in the mouth is swollen").check()
        look(phone, misfits)
        phone.get_by_role("button", name="Go on").click()
        expect(phone.get_by_role("link", name="Call 541-555-0199")).to_have_attribute("href", "tel:541-555-0199")
        look(phone, misfits)
        phone.get_by_role("link", name="I will send pictures as well").click()
        look(phone, misfits)
        agree(phone)
        look(phone, misfits)
        answer(phone)
        send_pictures(phone, picture, misfits)
        phone.get_by_label("I called, and nobody answered").check()
        phone.get_by_label("I agree").check()
        look(phone, misfits)
        phone.get_by_role("button", name="Send", exact=True).click()
        expect(phone.get_by_role("heading", name="Sent")).to_be_visible()
        look(phone, misfits)
        phone.goto(link)
        expect(phone.get_by_role("heading", name="This link does not work")).to_be_visible()
        look(phone, misfits)
    assert misfits == []
    assert installation.ask(AFTER).split() == ["submitted", "emergency", "1", "1"]


def agree(phone):
    for group in ("Keep the pictures", "Let a dentist", "Bill the patient"):
        phone.get_by_role("group", name=group).get_by_label("Yes").check()
    phone.get_by_label("At home").check()
    phone.get_by_label("State", exact=True).select_option("OR")
    phone.get_by_label("The mother").check()
    phone.get_by_label("Your first and last name").fill("Ana Reyes")
    phone.get_by_role("button", name="I agree").click()


def answer(phone):
    phone.get_by_role("group", name="What is wrong?").get_by_label("Swelling").check()
    phone.get_by_label("Where exactly").fill("12 Oak Street, Springfield")
    phone.get_by_label("A phone number").fill("541-555-0177")
    phone.get_by_label("Since when?").fill("Since last night")
    for group in ("Illnesses", "Allergies"):
        phone.get_by_role("group", name=group).get_by_label("None that I know").check()
    phone.get_by_role("group", name="Medicines").get_by_label("None").check()
    phone.get_by_role("button", name="Go on").click()


def send_pictures(phone, picture, misfits):
    expect(phone.get_by_role("link", name="Go on")).to_be_hidden()
    expect(phone.get_by_text("Choose a picture").first).to_be_visible()  # the page is ready to send
    phone.get_by_label("Choose a picture: The place itself").set_input_files(picture)
    expect(phone.locator(".picture")).to_have_class("picture received", timeout=120_000)
    expect(phone.get_by_text("It is very small.")).to_be_visible()
    phone.get_by_label("Choose a picture: The face").set_input_files(picture)  # the same bytes
    expect(phone.locator(".picture.refused")).to_contain_text("You have this picture here already.")
    look(phone, misfits)
    phone.get_by_role("link", name="Go on").click()


# --- a picture that is interrupted, or taken away on its way ---------------------------------------------------------


@pytest.fixture
def at_pictures(chromium, address, patient, installation):
    """A mother's phone on the page of pictures, by a link of its own."""
    forgiven = ["net::ERR_FAILED", "status of 409", "status of 404"]
    with open_tab(chromium, viewport=PHONE, base_url=address, forgiven=forgiven) as phone:
        phone.goto(f"/send/{installation.ask(LINK).strip()}/")
        phone.get_by_role("button", name="Begin").click()
        phone.get_by_label("None of these").check()
        phone.get_by_role("button", name="Go on").click()
        agree(phone)
        answer(phone)
        expect(phone.get_by_text("Choose a picture").first).to_be_visible()
        yield phone


@pytest.fixture
def pictures(tmp_path):
    found = [tmp_path / "tooth.jpg", tmp_path / "face.jpg"]
    for number, path in enumerate(found):
        path.write_bytes(photograph(None) + b"." * number)
    return found


def choose(phone, view, path):
    phone.get_by_label(f"Choose a picture: {view}").set_input_files(path)


def only(method, act):
    return lambda route: act(route) if route.request.method == method else route.fallback()


def test_a_picture_that_was_interrupted_is_shown_and_gone_on_with(at_pictures, pictures, installation):
    phone, uploads = at_pictures, "**/send/uploads/**"
    phone.route(uploads, only("PATCH", lambda route: route.abort()))
    choose(phone, "The place itself", pictures[0])
    expect(phone.locator(".picture")).to_contain_text("Interrupted")
    phone.reload()  # in the middle
    expect(phone.locator(".picture.declared")).to_contain_text(
        "Interrupted. Choose the same picture again, or take it away."
    )
    expect(phone.get_by_role("link", name="Go on")).to_be_hidden()
    phone.unroute(uploads)
    choose(phone, "The face", pictures[0])
    expect(phone.locator("[data-view=lesion] .picture")).to_have_class("picture received", timeout=120_000)
    expect(phone.locator(".picture")).to_have_count(1)
    assert installation.ask(NEWEST).split() == ["lesion:in:False"]


def test_what_was_interrupted_can_be_taken_away_instead(at_pictures, pictures, installation):
    phone, uploads = at_pictures, "**/send/uploads/**"
    phone.route(uploads, only("PATCH", lambda route: route.abort()))
    choose(phone, "The place itself", pictures[0])
    expect(phone.locator(".picture")).to_contain_text("Interrupted")
    phone.reload()
    phone.get_by_role("button", name="Take away").click()
    expect(phone.locator(".picture")).to_have_count(0)
    assert installation.ask(NEWEST).split() == ["lesion:not:True"]


@pytest.mark.parametrize(("held", "pattern"), [("POST", "**/send/uploads/"), ("PATCH", "**/send/uploads/*/")])
def test_a_picture_taken_away_on_its_way_is_not_sent_and_disturbs_no_other(
    at_pictures, pictures, installation, held, pattern
):
    """Before its announcement is answered, or in the middle of its bytes."""
    phone, waiting = at_pictures, []
    first = only(held, waiting.append)
    phone.route(pattern, lambda route: route.fallback() if waiting else first(route))
    choose(phone, "The place itself", pictures[0])
    while not waiting:
        phone.wait_for_timeout(50)
    choose(phone, "The face", pictures[1])
    phone.locator("[data-view=lesion] .picture button").click()
    if held == "POST":
        waiting[0].continue_()
    expect(phone.locator("[data-view=lesion] .picture")).to_have_count(0)
    expect(phone.locator("[data-view=face] .picture")).to_have_class("picture received", timeout=120_000)
    assert installation.ask(NEWEST).split() == ["face:in:False", "lesion:not:True"]


def test_two_pictures_are_sent_at_a_time_and_the_others_wait_in_line(at_pictures, tmp_path, installation):
    phone, held = at_pictures, []
    phone.route(
        "**/send/uploads/*/", only("PATCH", lambda route: held.append(route) if len(held) < 2 else route.continue_())
    )
    for number in range(4):
        path = tmp_path / f"{number}.jpg"
        path.write_bytes(photograph(None) + b"." * number)
        choose(phone, "The place itself", path)
    while len(held) < 2:
        phone.wait_for_timeout(50)
    waiting = phone.locator(".picture", has_text="Waiting to be sent")
    expect(waiting).to_have_count(2)
    waiting.last.get_by_role("button").click()  # out of the line
    expect(phone.locator(".picture")).to_have_count(3)
    phone.wait_for_timeout(500)
    expect(waiting).to_have_count(1)
    for route in held:
        route.continue_()
    expect(phone.locator(".picture.received")).to_have_count(3, timeout=120_000)
    assert installation.ask(NEWEST).split() == ["lesion:in:False"] * 3


def test_a_picture_that_could_not_be_taken_away_stays_and_keeps_from_going_on(at_pictures, pictures):
    phone, away = at_pictures, "**/away/"
    choose(phone, "The place itself", pictures[0])
    expect(phone.locator(".picture")).to_have_class("picture received", timeout=120_000)
    phone.route(away, lambda route: route.abort())
    phone.get_by_role("button", name="Take away").click()
    expect(phone.locator(".picture")).to_contain_text("It is not taken away yet. Try again.")
    expect(phone.get_by_role("link", name="Go on")).to_be_hidden()
    phone.unroute(away)
    phone.get_by_role("button", name="Take away").click()
    expect(phone.locator(".picture")).to_have_count(0)
