"""A tab that fails its test when the page complains, and what every person does in hers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.cast import PASSWORD

ANSWERS = ("status of 422",)  # Chromium notes every 422 of a form, which is an answer and no fault


@contextmanager
def open_tab(chromium: Browser, *, forgiven: Sequence[str] = (), **options: Any) -> Iterator[Page]:
    """A tab with cookies of its own; `options` are those of a context. What its console says against the page, other than
    what is `forgiven`, fails the test at the end."""
    context = chromium.new_context(**options)
    tab = context.new_page()
    complaints = complaints_of(tab, forgiven)
    try:
        yield tab
    finally:
        context.close()
    assert not complaints, "\n".join(complaints)


def complaints_of(tab: Page, forgiven: Sequence[str] = ()) -> list[str]:
    """Errors of scripts, and errors and warnings of the console, as they come."""
    found: list[str] = []

    def hear(kind: str, words: str) -> None:
        if kind in ("error", "warning") and not any(known in words for known in (*ANSWERS, *forgiven)):
            found.append(f"{tab.url}: {words}")

    tab.on("console", lambda said: hear(said.type, said.text))
    tab.on("pageerror", lambda error: hear("error", str(error)))
    return found


def sign_in(tab: Page, address: str, who: str) -> None:
    """Open a page as the person with this address at example.org; the door stands before it."""
    tab.goto(address)
    tab.fill("[name=username]", f"{who}@example.org")
    tab.fill("[name=password]", PASSWORD)
    tab.keyboard.press("Enter")
    expect(tab.locator("[name=password]")).to_have_count(0)  # the first visitor pays for a cold server


def choose(tab: Page, button: str, *paths: Path) -> None:
    """Choose files in the dialogue that a button opens."""
    with tab.expect_file_chooser() as chooser:
        tab.locator(button).first.click()
    chooser.value.set_files([str(path) for path in paths])
