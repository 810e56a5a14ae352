"""How long from "Start next" to an image that can be read, and to the next case? Against a floor of fetching the same bytes.

Run: python -m benchmarks.reading. It starts the product in a folder of its own, with cases of full-size films and photographs,
and a static server with the very files of a picture's derivatives; Chromium does the rest. Prints milliseconds and the
ratio to the floor of the same run, and the bytes that the page waited for (a worker's 304 is some 300 bytes a picture on top).
Aim: an image within a second; the next case sends no picture.
"""

import functools
import http.server
import os
import statistics
import tempfile
import threading
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import KNOWN, QUIET
from tests.browser.tabs import sign_in
from tests.services.fixtures import Installation, environment_for, serve
from tests.services.starting import end

CASES = 6
READY = "html.js .view:not([hidden])[data-depth=film]"
PREPARE = f"""
from benchmarks.reading_cases import prepare
print(prepare({CASES}))
"""
HELD = """() => new Promise((resolve) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = ({ data }) => resolve(data.held);
  navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ beat: true }, [channel.port2]));
})"""
FETCH = """async (addresses) => {
  const start = performance.now();
  for (const address of addresses) await (await fetch(address, { cache: "no-store" })).arrayBuffer();
  return performance.now() - start;
}"""
ANSWERED = "() => performance.timeOrigin + performance.getEntriesByType('navigation')[0].responseEnd"
CLOCK = "() => performance.timeOrigin + performance.now()"


class Line:
    """Bytes that came over the line, by what asked for them."""

    def __init__(self, tab: Page) -> None:
        self.pictures = self.others = 0
        self.session = tab.context.new_cdp_session(tab)
        self.session.send("Network.enable")
        self.asked: dict[str, str] = {}
        self.session.on(
            "Network.requestWillBeSent", lambda said: self.asked.update({said["requestId"]: said["request"]["url"]})
        )
        self.session.on("Network.loadingFinished", self._count)

    def _count(self, said: dict) -> None:
        if "/pictures/" in self.asked.get(said["requestId"], ""):
            self.pictures += said["encodedDataLength"]
        else:
            self.others += said["encodedDataLength"]

    def taken(self) -> tuple[int, int]:
        found, self.pictures, self.others = (self.pictures, self.others), 0, 0
        return found


def start_next(tab: Page, address: str) -> tuple[float, float, float]:
    """Milliseconds from the press until the page's HTML was there, until a picture of the case could be seen, and until
    the first radiograph stood there over its full depth."""
    tab.goto(f"{address}/reading/")
    tab.wait_for_load_state()
    began = float(tab.evaluate(CLOCK))
    tab.keyboard.press("s")
    tab.wait_for_selector("html.js .view:not([hidden])[data-depth]")
    seen = float(tab.evaluate(CLOCK)) - began
    tab.wait_for_selector(READY)
    ready = float(tab.evaluate(CLOCK)) - began
    answered = float(tab.evaluate(ANSWERED)) - began
    return answered, seen, ready


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()


def floor_of(tab: Page, folder: Path) -> float:
    """The same bytes as the first picture, review copy and samples, from a server that only hands out files."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        root = f"http://127.0.0.1:{server.server_address[1]}"
        tab.goto(f"{root}/")
        return statistics.median(
            float(tab.evaluate(FETCH, [f"{root}/{one.name}" for one in folder.iterdir()])) for _ in range(5)
        )
    finally:
        server.shutdown()


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        data, plain = Path(scratch, "data"), Path(scratch, "plain")
        data.mkdir()
        plain.mkdir()
        installation = Installation(data, environment_for(data, DJANGO_SETTINGS_MODULE="tests.reading.race_settings"))
        for key in installation.ask(PREPARE).split():
            (plain / Path(key).name).write_bytes((data / "files" / key).read_bytes())
        served = serve(installation)
        path = next(known for known in KNOWN if Path(known).exists())
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        try:
            report(browser.new_page(viewport={"width": 1440, "height": 900}), served.address, plain)
        finally:
            browser.close()
            end(served.process)
            installation.end_all()


def report(tab: Page, address: str, plain: Path) -> None:
    sign_in(tab, f"{address}/reading/", "dev")
    line = Line(tab)
    first = start_next(tab, address)
    sent_first = line.taken()
    following, sent = [], []
    for _ in range(CASES - 1):
        tab.wait_for_function(f"async () => (await ({HELD})()) > 0")
        tab.wait_for_timeout(2500)  # as long as nobody reads a case: what lies ahead is in memory now
        line.taken()
        following.append(start_next(tab, address))
        sent.append(line.taken())
    floor = floor_of(tab, plain)
    middle = [statistics.median(one[part] for one in following) for part in range(3)]
    pictures, others = (statistics.median(one[part] for one in sent) for part in (0, 1))
    say("floor: the bytes of the first picture from a static server", f"{floor:7.0f} ms")
    for name, times in (("nothing in memory", first), ("the next case, in memory (median)", middle)):
        for what, spent in zip(
            ("the page's HTML", "a picture to be seen", "full depth to be read"), times, strict=True
        ):
            say(f"{name}: {what}", f"{spent:7.0f} ms, {spent / floor:4.1f} x the floor")
    say("full depth, next case against first", f"{middle[2] / first[2]:7.2f} x")
    say("bytes of pictures from the press on, first and next case", f"{sent_first[0]:,} and {pictures:,.0f}")
    say("bytes of all else, first and next case", f"{sent_first[1]:,} and {others:,.0f}")


def say(what: str, figure: str) -> None:
    print(f"{what:60} {figure}")


if __name__ == "__main__":
    main()
