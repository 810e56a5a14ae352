"""What each role does on her pages with mouse and keys, and waits for before she goes on."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.tabs import choose
from tests.cast import PASSWORD

Said = Mapping[str, str | Sequence[str]]
EXAMINED = 60_000  # ms until the decoder had its turn, on a busy machine


def fill(page: Locator | Page, said: Said) -> None:
    """Set the fields of these names: texts, days, selects, ticks and taps."""
    for name, values in said.items():
        for value in [values] if isinstance(values, str) else values:
            set_field(page.locator(f'[name="{name}"]'), value)


def set_field(field: Locator, value: str) -> None:
    kind = str(field.first.evaluate("one => one.type"))
    if kind in ("radio", "checkbox"):
        (field.first if value == "on" else field.and_(field.page.locator(f'[value="{value}"]'))).check()
    elif kind.startswith("select"):
        field.select_option(value)
    else:
        field.fill(value)


def bring_in(tab: Page, name: str, content: bytes) -> None:
    """Choose a file where a page takes files."""
    tab.locator("#edi-files").set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})


def press(tab: Page, name: str) -> None:
    tab.get_by_role("button", name=name, exact=True).click()


def saved(tab: Page, name: str = "") -> AbstractContextManager[Any]:
    """Around an act: wait until the server has kept it; with a name, kept something in this field."""
    told = f"{name}="
    return tab.expect_response(lambda one: "/save/" in one.url and (not name or _has(one.request.post_data, told)))


def settled(tab: Page) -> None:
    """Wait until what came in listens: htmx wires new parts some milliseconds after they are seen."""
    expect(tab.locator(".htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


def _has(sent: str | None, told: str) -> bool:
    return any(part.startswith(told) and part != told for part in (sent or "").split("&"))


# Capture


def register(hana: Page, patient: Said, site: str) -> str:
    """A new patient by the form; the address of her page."""
    hana.goto("/capture/")
    hana.get_by_role("link", name="New patient").first.click()
    hana.locator("[name=site]").select_option(label=site)
    fill(hana, patient)
    hana.locator("form .btn.primary").click()
    hana.wait_for_url(re.compile(r"/capture/patients/[0-9a-f-]{36}/$"))
    return hana.url


def consent(hana: Page, patient: str, said: Said) -> None:
    """Every part given, at the press of one button; then who signed, and how."""
    hana.goto(f"{patient}consent/")
    hana.wait_for_selector("html.js")
    press(hana, "All given")
    fill(hana, said)
    press(hana, "Record")
    expect(hana.locator(".check .missing")).to_have_count(0)


def open_case(hana: Page, patient: str, *, kind: str, site: str) -> str:
    """A case of this kind; its address."""
    hana.goto(patient)
    if hana.locator("#open-site").count():
        hana.locator("#open-site").select_option(label=site)
    press(hana, kind)
    hana.wait_for_url(re.compile(r"/capture/cases/[0-9a-f-]{36}/$"))
    hana.wait_for_selector("html.js")
    return hana.url


def open_again(hana: Page, case: str) -> None:
    hana.goto(case)
    hana.wait_for_selector("html.js")


def answer(hana: Page, section: str, said: Said) -> None:
    """Tap or type the answers of a section; each is kept before the next."""
    for name, values in said.items():
        for value in [values] if isinstance(values, str) else values:
            with saved(hana):
                set_field(hana.locator(f'#{section} [name="{name}"]'), value)
    expect(hana.locator(f"#saved-{section}")).to_contain_text("Saved ")


def mark(hana: Page, tooth: str, said: Said) -> None:
    """A mark on the tooth with this key."""
    hana.locator(f'#findings-all label:has([name=teeth][value="{tooth}"])').first.click()
    fill(hana.locator("#findings-all form.form"), said)
    press(hana, "Mark")
    expect(hana.locator("#findings-all tbody tr")).to_have_count(1)
    settled(hana)


def did_on_site(hana: Page, said: Said) -> None:
    hana.locator("#services-all summary").click()
    fill(hana.locator("#services-all"), said)
    press(hana, "Record")
    expect(hana.locator("#services-all .plain-list li")).to_have_count(1)


def take_several(hana: Page, views: Sequence[str], paths: Sequence[Path]) -> None:
    """Choose the photographs at once, wait until each was examined, then say which view each is."""
    hana.locator("#device").fill("Intraoral camera")  # for a phone's picture that does not say it
    choose(hana, "#pictures header [data-take]", *paths)
    tiles = hana.locator("#shots .shot.examined")
    expect(tiles).to_have_count(len(paths), timeout=EXAMINED)
    names = [str(tile.get_attribute("id")) for tile in tiles.all()]
    for name, view in zip(names, views, strict=True):
        settled(hana)
        with hana.expect_response(re.compile("/label/")) as told:
            hana.locator(f"#{name} .which select").select_option(view)
        assert told.value.ok
        expect(hana.locator(f"#{name}.examined:not(:has(.which)) img")).to_be_visible(timeout=EXAMINED)


def take_film(hana: Page, view: str, path: Path) -> None:
    films = hana.locator("#films .shot.examined")
    already = films.count()
    hana.locator("#film-view").select_option(view)
    choose(hana, "#films .slot [data-take]", path)
    expect(films).to_have_count(already + 1, timeout=EXAMINED)


def order_films(hana: Page, said: Said) -> None:
    """The order of every radiograph: the form names each as it comes in."""
    expect(hana.locator("#radiographs [name=films]")).to_have_count(hana.locator("#films .shot.examined").count())
    settled(hana)
    fill(hana.locator("#radiographs"), said)
    for film in hana.locator("#radiographs [name=films]").all():
        film.check()
    press(hana, "Save the order")
    expect(hana.locator("#radiographs header")).to_contain_text("Ordered by")


def submit(hana: Page, case: str) -> None:
    """Look over what is signed, say that day and place are right, sign."""
    hana.goto(case)
    hana.get_by_role("link", name="Sign and submit").click()
    hana.locator("[name=day_and_place]").check()
    press(hana, "Sign and submit")
    expect(hana.locator("h1")).not_to_have_text("What you sign")


def answer_question(hana: Page, case: str, view: str, path: Path, words: str, *, mirrored: int) -> None:
    """Take the picture that the dentist asks for, and say so; so many pictures of the case are then shots into a mirror."""
    hana.goto("/capture/")
    expect(hana.get_by_text("Question back")).to_be_visible()
    open_again(hana, case)
    before = hana.locator("#shots .shot.examined").count()
    choose(hana, f'#questions [data-view="{view}"]', path)
    expect(hana.locator("#shots .shot.examined")).to_have_count(before + 1, timeout=EXAMINED)
    expect(hana.locator("#upload-says")).to_contain_text(f"{view.capitalize()} is received")
    expect(hana.get_by_text("mirror shot, turned")).to_have_count(mirrored)
    hana.locator("#questions textarea").fill(words)
    press(hana, "Keep this answer")
    expect(hana.locator("#questions .given")).to_have_text(words)


# Reading room


def start_next(dev: Page) -> str:
    """The next case of the queue, started by its key; the address of the reading."""
    dev.goto("/reading/")
    dev.wait_for_load_state()
    expect(dev.locator("#start-next")).to_be_visible()
    dev.keyboard.press("s")
    dev.wait_for_url(re.compile(r"/reading/[0-9a-f-]{36}/$"))
    dev.wait_for_selector("html.js .view:not([hidden])")
    return dev.url


def ask_for(dev: Page, reading: str, view: str, words: str) -> None:
    dev.goto(f"{reading}ask/")
    dev.get_by_label(view, exact=True).fill(words)
    press(dev, "Send the questions")
    dev.wait_for_url(lambda address: "/ask/" not in address)


def write_review(dev: Page, taps: Said, texts: Said) -> None:
    """Tap, each kept before the next; type, and wait until it is kept."""
    panel = dev.locator("#panel")
    for name, value in taps.items():
        with saved(dev, name):
            fill(panel, {name: value})
    with saved(dev, list(texts)[-1]):
        fill(panel, texts)
    expect(dev.locator("#autosave")).to_contain_text("Saved")


def add_line(dev: Page, section: str, said: Said) -> None:
    """A diagnosis (#diagnoses) or a line of the plan (#plan)."""
    lines = dev.locator(f"#{section} .lines li")
    already = lines.count()
    fill(dev.locator(f"#{section} form.add"), said)
    dev.locator(f"#{section} form.add button[type=submit]").click()
    expect(lines).to_have_count(already + 1)
    settled(dev)


def judge_usable(dev: Page) -> None:
    """U on each picture in its turn."""
    for number in range(1, 1 + dev.locator(".view[data-picture]").count()):
        dev.locator(".view:not([hidden]) .pane").focus()
        dev.keyboard.press(str(number))
        dev.keyboard.press("u")
        expect(dev.locator('#views button[value="yes"][aria-pressed="true"]')).to_have_count(number)
        settled(dev)


def sign(dev: Page, evaluation: str, *, look: Callable[[], None] = lambda: None) -> None:
    """To the signing page by its key; what is attested, the password, the signature."""
    dev.keyboard.press("Control+Enter")
    dev.wait_for_url(re.compile("/sign/$"))
    look()
    assert not (in_the_way := dev.locator(".sign-form .prob").all_inner_texts()), in_the_way
    fill(dev, {"evaluation_code": evaluation, "no_live_contact": "on", "not_same_building": "on", "password": PASSWORD})
    press(dev, "Sign")
    dev.wait_for_url(re.compile("/cases/|/reading/$"))


# Claims


def cover(rita: Page, patient: str, payer: str, said: Said) -> None:
    """From the held claim of this patient to the coverage that it lacks."""
    rita.goto("/claims/")
    rita.locator("table.worklist th a", has_text=patient).first.click()
    rita.locator(".prob a", has_text="Add coverage").click()
    rita.locator("[name=payer]").select_option(label=payer)
    fill(rita, said)
    rita.locator("form .btn.primary").click()
    expect(rita.locator("#notices")).to_contain_text("The coverage is saved")


def export_ready(rita: Page, folder: Path) -> Path:
    """One click; the ZIP when it is written."""
    rita.goto("/claims/")
    rita.get_by_role("button", name=re.compile("Export 1 ready")).click()
    expect(rita.get_by_text("1 claim written")).to_be_visible(timeout=EXAMINED)
    with rita.expect_download() as coming:
        rita.get_by_role("link", name="Download").click()
    coming.value.save_as(folder / coming.value.suggested_filename)
    return folder / coming.value.suggested_filename
