"""What the first load of a page weighs: its HTML and every style, script and font behind it, as they are served."""

import gzip
import re
from pathlib import PurePosixPath
from urllib.parse import urljoin

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse

from tests.access.table import NOBODY, TABLE
from tests.access.test_table import arguments, built, stage  # noqa: F401 - fixtures are found by name

MOST = 150_000  # bytes without pictures: two seconds on the slow line of a school
IN_HTML = re.compile(r'<(?:link rel="stylesheet"[^>]*? href|script[^>]*? src)="([^"]+)"')
LEADS = {
    ".css": re.compile(r"""(?:@import\s+|url\()\s*["']?([^"')]+)"""),
    ".js": re.compile(r"""^(?:import|export)\b[^;"']*["']([^"']+)["']""", re.M),
}
COUNTED = (".css", ".js", ".woff2", ".woff", ".ttf", ".otf")


@pytest.fixture(scope="module")
def collected(tmp_path_factory, django_test_environment):
    """The static files as `make run` leaves them: hashed names, compressed."""
    root = tmp_path_factory.mktemp("static")
    storages = {"default": {}, "staticfiles": {"BACKEND": "teledent.statics.ModuleManifestStorage"}}
    with override_settings(STORAGES=storages, STATIC_ROOT=root):
        call_command("collectstatic", interactive=False, verbosity=0)
    return root


@pytest.fixture
def served(settings, collected):
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "teledent.statics.ModuleManifestStorage"}}
    settings.STATIC_ROOT, settings.WHITENOISE_AUTOREFRESH = collected, False


def fetched(client, address):
    """Bytes on the wire, and the text they unpack to."""
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, address
    wire = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = gzip.decompress(wire) if answer.get("Content-Encoding") == "gzip" else wire
    return len(wire), text


def weight(client, address, html):
    """Bytes by address, the page's own first; every file that it leads to is counted once."""
    weights = {address: len(html)}
    waiting = [urljoin(address, found) for found in IN_HTML.findall(html.decode())]
    while waiting:
        found = waiting.pop()
        kind = PurePosixPath(found).suffix
        if found not in weights and kind in COUNTED:
            weights[found], content = fetched(client, found)
            waiting += [urljoin(found, inner) for inner in leads_to(kind, content)]
    return weights


def leads_to(kind, content):
    return LEADS[kind].findall(content.decode()) if kind in LEADS else []


def pages(stage, letter):  # noqa: F811
    """Name, address and HTML of every page that one person may open, with the client that she opens it in.

    Nobody sees those before the door; a mailed link leads to its page by a redirect.
    """
    client = Client()
    if letter != NOBODY:
        client.force_login(stage.acting[letter], backend="django.contrib.auth.backends.ModelBackend")
    for name in (name for name, (readers, _) in TABLE.items() if letter in readers):
        address = reverse(name, args=arguments(name, stage))
        answer = client.get(address, follow=letter == NOBODY)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            yield client, name, answer.request["PATH_INFO"], answer.content


@pytest.mark.parametrize("letter", f"HDFM{NOBODY}")
def test_no_page_is_heavier_than_a_slow_line_carries(stage, served, letter):  # noqa: F811
    found = {name: weight(client, address, html) for client, name, address, html in pages(stage, letter)}
    assert {name: sum(parts.values()) for name, parts in found.items() if sum(parts.values()) > MOST} == {}
    assert letter != NOBODY or set(found) == {
        "consult-start",
        "device",
        "sign-in",
        "password-link",
        "password-link-sent",
        "password-set",
        "send-start",
    }
    counted = {PurePosixPath(address).suffix for parts in found.values() for address in parts}
    assert {".css", ".js"} <= counted
    assert any("csrf" in address for parts in found.values() for address in parts)  # imported by a module, in no page
