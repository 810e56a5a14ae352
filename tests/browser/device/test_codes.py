"""A child called up by a code before the camera, and her slate, on a device without a network.

Chromium on Linux has no BarcodeDetector (docs/decisions/0024). Here one stands in for it at the browser's boundary: what it
is given, a frame of Chromium's own camera stream out of a file, goes to the real reader of the server.
"""

import base64
import io
import random
import uuid
from contextlib import contextmanager
from uuid import UUID

import numpy as np
import pytest
import segno
from PIL import Image
from playwright.sync_api import expect

from cases.events.slates import MARK, QUIET, Slate, code_of, slate_in, square_of
from cases.events.tags import is_tag, new_tag
from cases.family_forms.codes import code_of as form_code
from cases.imaging.codes import square_codes
from tests.browser.device import school
from tests.browser.device.office import Office
from tests.browser.device.test_day import choose_child, looked_at, set_up, shell, start_browser, unlock  # noqa: F401 - fixtures
from tests.events.slated import photographed

pytestmark = pytest.mark.browser
EVENT = UUID(school.EVENT["id"])
TAGS = [new_tag((), random.Random(seed)) for seed in range(3)]
FORM = uuid.UUID(int=9 << 90)
STANDING_IN = """
  window.BarcodeDetector = class {
    static getSupportedFormats = async () => ["qr_code"];
    async detect(video) {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
      canvas.getContext("2d").drawImage(video, 0, 0);
      return (await window.codesIn(canvas.toDataURL("image/jpeg"))).map((rawValue) => ({ rawValue }));
    }
  };
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.streams = [];
  navigator.mediaDevices.getUserMedia = async (how) => { const one = await ask(how); window.streams.push(one); return one; };
"""
LIVE = "() => window.streams.flatMap((one) => one.getTracks()).filter((one) => one.readyState === 'live').length"


@pytest.fixture
def office(shell):  # noqa: F811 - the fixture above
    one = Office(shell)
    children = [
        school.child(at, tag=tag, slate=square_of(Slate(EVENT, tag))._asdict(), forms=[str(FORM)] if at == 1 else [])
        for at, tag in enumerate(TAGS)
    ]
    one.day = school.day(0, *children)
    yield one
    one.close()


def film_of(tmp_path, picture):
    """A film of one still, as Chromium's camera plays it."""
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=90)
    film = tmp_path / "film.mjpeg"
    film.write_bytes(kept.getvalue() * 5)
    return film


def with_camera(film):
    """Flags of a browser whose camera plays the film."""
    return "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"


def shown_to_camera(code):
    """A page with the code; None: a slate, photographed."""
    return photographed(Slate(EVENT, TAGS[0]), size=(1280, 960), share=0.6) if code is None else coded(code)


def coded(code):
    rows = np.array([list(row) for row in segno.make_qr(code, error="q").matrix])
    square = Image.fromarray((np.pad(1 - rows, QUIET, constant_values=1) * 255).astype(np.uint8))
    paper = Image.new("L", (640, 480), 255)
    paper.paste(square.resize((400, 400), Image.Resampling.NEAREST), (120, 40))
    return paper.convert("RGB")


@contextmanager
def tablet(chromium, tmp_path, office, code="https://example.org/", *, allowed=True):
    """The device's page set up, offline, with a camera before which the code is held; None: a photographed slate."""
    film = film_of(tmp_path, shown_to_camera(code))
    context = start_browser(chromium, tmp_path / "profile", *with_camera(film))
    if allowed:
        context.grant_permissions(["camera"], origin=office.address.rstrip("/"))
    context.add_init_script(STANDING_IN)
    context.expose_function("codesIn", codes_in)
    page = context.new_page()
    page.goto(f"{office.address}device/")
    set_up(page, children=len(TAGS))
    context.set_offline(True)
    try:
        yield page
    finally:
        context.close()


def codes_in(address):
    picture = Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2])))
    return [text for text, _ in square_codes(picture)]


def read(page):
    page.get_by_role("button", name="Read a code with the camera").click()


@pytest.mark.parametrize(("code", "name"), [(None, "Mateo"), (form_code(FORM), "Noor")], ids=["slate", "form"])
def test_a_code_before_the_camera_opens_its_child_and_nothing_more(chromium, office, tmp_path, code, name):
    with tablet(chromium, tmp_path, office, code) as page:
        read(page)
        expect(page.locator("#child-name")).to_contain_text(name)
        expect(page.locator("#begin")).to_be_visible()
        expect(page.locator("#code-camera")).to_be_hidden()
        assert page.evaluate(LIVE) == 0
        assert page.evaluate("window.streams.length") == 1
        expect(page.locator("#standing-says")).to_contain_text("Nothing gathered on this device yet")


def wrong(tag):
    return tag[:3] + next(sign for sign in "234" if sign != tag[3])


def test_a_code_that_is_of_nobody_here_is_refused_with_a_sentence_and_the_camera_goes_on(chromium, office, tmp_path):
    with tablet(chromium, tmp_path, office, wrong(TAGS[0])) as page:
        read(page)
        expect(page.locator("#code-camera [role=status]")).to_contain_text(
            f"{wrong(TAGS[0])} is no tag: one of its characters is wrong."
        )
        assert page.evaluate(LIVE) == 1
        page.get_by_role("button", name="Close the camera").click()
        assert page.evaluate(LIVE) == 0
        expect(page.locator("#day")).to_be_visible()


CALLED_UP = """async ([texts, day, other]) => {
  const { calledUp } = await import("/static/js/device/calling.js");
  return texts.map((text) => calledUp(text, day, [day, other])).map(({ child, why }) => child?.name ?? why);
}"""
OTHER = {**school.EVENT, "id": str(UUID(int=77)), "days": "18 Nov 2026"}
UNKNOWN = new_tag(TAGS, random.Random(9))
CALLS = {
    TAGS[2]: "Elif Villanueva-Reyes",
    f" {TAGS[2][:2].lower()}-{TAGS[2][2:]} ": "Elif Villanueva-Reyes",
    code_of(Slate(EVENT, TAGS[0])): "Mateo Villanueva-Reyes",
    form_code(FORM): "Noor Villanueva-Reyes",
    "https://example.org/": "This is neither a child’s tag, nor her slate, nor a family’s form.",
    wrong(TAGS[0]): f"{wrong(TAGS[0])} is no tag: one of its characters is wrong. Look at it once more.",
    UNKNOWN: f"Nobody on this list has the tag {UNKNOWN}.",
    code_of(Slate(EVENT, UNKNOWN)): f"Nobody on this list has the tag {UNKNOWN}.",
    code_of(Slate(UUID(int=77), TAGS[0])): "This slate is of Alder Creek Elementary, 18 Nov 2026: choose that school day first.",
    code_of(Slate(UUID(int=78), TAGS[0])): "This slate is of no child on this list.",
    form_code(UUID(int=5)): "This form is of Alder Creek Elementary, 18 Nov 2026: choose that school day first.",
    form_code(UUID(int=6)): "This form is of no child on this list.",
}  # fmt: skip


def test_what_is_typed_scanned_or_read_calls_up_one_child_or_says_why_none(bench):
    old = {key: value for key, value in school.child(4).items() if key not in ("forms", "slate")}  # taken along before
    listed = [
        school.child(0, tag=TAGS[0]),
        school.child(1, tag=TAGS[1], forms=[str(FORM)]),
        school.child(2, tag=TAGS[2]),
        old,
    ]
    other = {"event": OTHER, "children": [school.child(9, tag=UNKNOWN, forms=[str(UUID(int=5))])]}
    day = {"event": school.EVENT, "children": listed}
    assert dict(zip(CALLS, bench.evaluate(CALLED_UP, [list(CALLS), day, other]), strict=True)) == CALLS


def test_the_page_knows_the_same_tags_and_codes_as_the_server(bench):
    chance = random.Random(5)
    texts = ["".join(chance.choice("23456789BCDFGHJKMNPQRSTVWXYZAEIOU01") for _ in range(4)) for _ in range(3000)]
    texts += [new_tag((), chance) for _ in range(300)]
    script = """async (texts) => {
      const { isTag, codeIn } = await import("/static/js/codes.js");
      return [texts.map(isTag), texts.map((tag) => codeIn(`TDS1:${"0F".repeat(16)}${tag}`)?.tag ?? null)];
    }"""
    tags, slates = bench.evaluate(script, texts)
    assert tags == [is_tag(text) for text in texts]
    assert slates == [found.tag if (found := slate_in(f"{MARK}{'0F' * 16}{text}")) else None for text in texts]


def test_the_camera_is_closed_when_the_device_is_locked_or_left(chromium, office, tmp_path):
    with tablet(chromium, tmp_path, office) as page:
        read(page)
        expect(page.locator("#code-camera [role=status]")).to_contain_text("This is neither")
        looked_at(page)
        page.locator("#lock").evaluate("(lock) => lock.click()")
        expect(page.locator("#unlock")).to_be_visible()
        assert page.evaluate(LIVE) == 0
        expect(page.locator("#code-camera")).to_be_hidden()
        unlock(page)
        read(page)
        expect(page.locator("#code-camera [role=status]")).to_contain_text("This is neither")
        page.keyboard.press("Escape")
        assert page.evaluate(LIVE) == 0
        page.evaluate("""() => {
          const asked = navigator.mediaDevices.getUserMedia;
          navigator.mediaDevices.getUserMedia = async (how) => { await new Promise((go) => setTimeout(go, 700)); return asked(how); };
        }""")
        read(page)
        page.keyboard.press("Escape")  # before the camera was there
        page.wait_for_function("() => window.streams.length === 3")
        assert page.evaluate(LIVE) == 0


def test_a_refused_camera_says_what_to_do(chromium, office, tmp_path):
    with tablet(chromium, tmp_path, office, allowed=False) as page:
        read(page)
        expect(page.locator("#code-camera [role=status]")).to_contain_text("Or type the tag.")
        assert page.evaluate("window.streams.length") == 0


@pytest.mark.parametrize(
    "lacks",
    [
        "delete window.BarcodeDetector",
        "BarcodeDetector.getSupportedFormats = async () => ['ean_13']",
        "navigator.mediaDevices.enumerateDevices = async () => [{ kind: 'audioinput' }]",
    ],
)
def test_there_is_no_button_where_no_code_can_be_read(chromium, office, tmp_path, lacks):
    with tablet(chromium, tmp_path, office) as page:
        expect(page.locator("#read-code")).to_be_visible()
        page.add_init_script(lacks)
        page.reload()
        unlock(page)
        expect(page.locator("#children .child")).to_have_count(len(TAGS))
        expect(page.locator("#read-code")).to_be_hidden()


def test_a_tag_typed_whole_and_enter_opens_its_child_as_a_scanner_does(chromium, office, tmp_path):
    with tablet(chromium, tmp_path, office) as page:
        page.fill("#find", wrong(TAGS[1]))
        page.press("#find", "Enter")
        expect(page.locator("#found")).to_contain_text("is no tag: one of its characters is wrong")
        page.fill("#find", f" {TAGS[1][:2].lower()}-{TAGS[1][2:]}")
        page.press("#find", "Enter")
        expect(page.locator("#child-name")).to_contain_text("Noor")
        page.click("#to-list")
        expect(page.locator("#find")).to_have_value("")


def test_the_slate_shows_who_she_is_and_a_code_that_is_read_from_the_screen(chromium, office, tmp_path):
    with tablet(chromium, tmp_path, office) as page:
        choose_child(page, TAGS[1])
        for width, height in ((1024, 768), (768, 1024), (360, 740)):
            page.set_viewport_size({"width": width, "height": height})
            page.get_by_role("button", name="Show the slate").click()
            slate = page.locator("#slate")
            expect(slate).to_contain_text("Noor")
            for words in ("born 2 Mar 2018", "Room 10", TAGS[1], "Alder Creek Elementary"):
                expect(slate).to_contain_text(words)
            looked_at(page)
            shot = Image.open(io.BytesIO(page.screenshot()))
            assert [text for text, _ in square_codes(shot)] == [code_of(Slate(EVENT, TAGS[1]))]
            page.get_by_role("button", name="Done").click()
        page.get_by_role("button", name="Show the slate").click()
        page.locator("#lock").evaluate("(lock) => lock.click()")
        expect(page.locator("#unlock")).to_be_visible()
        assert "Noor" not in page.content()


def test_without_a_tag_or_a_code_the_slate_is_in_letters_only(chromium, office, tmp_path):
    del office.day["children"][2]["slate"]  # taken along before slates were drawn
    with tablet(chromium, tmp_path, office) as page:
        choose_child(page, TAGS[2])
        page.get_by_role("button", name="Show the slate").click()
        expect(page.locator("#slate .slate-tag")).to_have_text(TAGS[2])
        expect(page.locator("#slate svg")).to_have_count(0)
        page.get_by_role("button", name="Done").click()
        page.click("#to-list")
        page.locator("#new-child summary").click()
        page.fill("#given", "Liv")
        page.fill("#family", "Berg")
        page.fill("#born", "2018-05-06")
        page.locator("#new-child .tap", has_text="Female").click()
        page.locator("#new-child [type=checkbox]").check()
        page.locator("#new-child [type=submit]").click()
        page.get_by_role("button", name="Show the slate").click()
        expect(page.locator("#slate")).to_contain_text("No tag yet")
        expect(page.locator("#slate svg")).to_have_count(0)
