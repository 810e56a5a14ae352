"""A blank page under the product's policy, with our modules beside it: where a device module is tried by itself."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.tabs import open_tab

ROOT = Path(__file__).resolve().parents[3]
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
BLANK = b"<!doctype html><html lang=en><meta name=csrf-token content=''><link rel=icon href=/static/img/mark.svg><title>Blank</title>"


class _Bench(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path != "/":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(BLANK)
        return None

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="session")
def bench_address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Bench, directory=str(ROOT)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def bench(chromium: Browser, bench_address: str) -> Iterator[Page]:
    """A tab with a database of its own; a test's script imports from /static/js/device/."""
    with open_tab(chromium) as tab:
        tab.goto(bench_address)
        yield tab
