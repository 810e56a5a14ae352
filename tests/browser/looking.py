"""Looks at a page as it stands: axe once a theme, nothing to scroll sideways, and a picture in both themes at both widths."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.pages import name_of, with_axe_of_their_own

WIDTHS = {390: 844, 1440: 900}
AXE_AT = {"light": 390, "dark": 1440}
DESK = {"width": 1440, "height": 900}
ALL_PICTURES_IN = """() => Promise.all([...document.images].map((image) => {
  image.loading = "eager";
  return image.decode().catch(() => {});
}))"""
AT_REST = (
    "() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {})))"  # colours fade to a theme
)


@dataclass
class Looker:
    """Keeps the pictures in `folder`, where there is one, as name-theme-width.png, what is wrong in `misfits`, and the names
    of the addresses that answered a page in `seen`."""

    folder: Path | None
    seen: set[str]
    misfits: list[str] = field(default_factory=list)

    def look(self, tab: Page, name: str, address: str = "", *, axe: bool = True) -> None:
        """Go there, or stay. `axe` is left out where another test of this folder asks it about the same page."""
        answer = tab.goto(address) if address else None
        tab.wait_for_load_state()  # a link that was just followed
        if answer is None or answer.ok:
            self.seen.add(name_of(tab.url))
        if not axe and name_of(tab.url) not in with_axe_of_their_own():
            self.misfits.append(f"{name} is left out, and nobody else asks axe about it")
        if self.folder:
            tab.evaluate(ALL_PICTURES_IN)
        for width, height in WIDTHS.items():
            tab.set_viewport_size({"width": width, "height": height})
            for theme in AXE_AT:
                self._look_once(tab, f"{name}-{theme}-{width}", theme=theme, axe=axe and AXE_AT[theme] == width)
        tab.emulate_media(color_scheme="null")
        tab.set_viewport_size(DESK)

    def _look_once(self, tab: Page, name: str, *, theme: str, axe: bool) -> None:
        tab.emulate_media(color_scheme=theme)
        if self.folder:
            tab.screenshot(path=self.folder / f"{name}.png", full_page=True, animations="disabled")
        if not tab.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            self.misfits.append(f"{name} scrolls sideways")
        tab.evaluate(AT_REST)
        for found in Axe().run(tab).response["violations"] if axe else ():
            self.misfits.append(f"{name} {found['id']}: {found['nodes'][0]['html'][:160]}")


def in_both_themes(tab: Page, pages: Iterable[str], *, widths: Iterable[int] = (390, 1024)) -> None:
    """Every page in both themes and at every width: axe finds nothing, and nothing is to scroll sideways."""
    pages = list(pages)
    for theme in ("light", "dark"):
        tab.emulate_media(color_scheme=theme)
        for width in widths:
            tab.set_viewport_size({"width": width, "height": 800})
            for page in pages:
                tab.goto(page)
                found = Axe().run(tab).response["violations"]
                assert found == [], f"{page}: {[(one['id'], one['nodes'][0]['target']) for one in found]}"
                assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), page
