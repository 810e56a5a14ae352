"""The shell of the device: the same for everyone, and the worker keeps all that it needs and nothing else."""

import json
import re
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

from cases.views.offline import IMAGES, MODULES, SCRIPT, STYLES, WORKER
from tests.shell.test_modules import IMPORT, JS, code_of

LINKED = re.compile(r'(?:href|src)="([^"]+)"')


def kept_by(client):
    answer = client.get("/device/sw.js")
    assert answer["Content-Type"] == "text/javascript"
    return json.loads(re.match(r"self\.KEPT = (\{.*?\});", answer.content.decode())[1])


def test_every_module_that_the_device_imports_is_kept_and_no_other():
    found, todo = set(), [JS.parent / SCRIPT]
    while todo:
        module = todo.pop()
        imported = {(module.parent / name).resolve() for name, _ in IMPORT.findall(code_of(module))}
        todo += imported - found
        found |= imported
    assert sorted(MODULES) == sorted(str(module.relative_to(JS.parent)) for module in found)


def test_the_page_needs_nothing_that_the_worker_does_not_keep(client, world):
    page = client.get("/device/").content.decode()
    needed = {address for address in LINKED.findall(page) if address.startswith("/static/")}
    assert needed <= set(kept_by(client)["addresses"])
    assert kept_by(client)["addresses"] == [static(name) for name in (*STYLES, *IMAGES, SCRIPT, *MODULES)]


def test_no_style_brings_a_file_that_is_not_kept():
    for style in STYLES:
        assert "url(" not in (Path(settings.BASE_DIR) / "static" / style).read_text()


def test_the_shell_is_the_same_signed_in_or_not_and_names_nobody(client, browser_of):
    nobody, hana = client.get("/device/"), browser_of("hana").get("/device/")
    assert nobody.content == hana.content
    assert "Hana" not in hana.content.decode()
    assert not nobody.cookies
    assert '<meta name="csrf-token" content="">' in nobody.content.decode()


def test_neither_the_shell_nor_an_answer_is_kept_outside_the_worker(client, world):
    assert "no-store" in client.get("/device/")["Cache-Control"]
    assert client.get("/device/sw.js")["Cache-Control"] == "no-cache"
    assert not [one for one in kept_by(client)["addresses"] if not one.startswith("/static/")]


def test_a_change_of_any_kept_file_is_another_version(client, world, monkeypatch):
    before = kept_by(client)["version"]
    monkeypatch.setattr("cases.views.offline.static", lambda name: f"/static/{name}?{name == WORKER}")
    assert kept_by(client)["version"] != before
