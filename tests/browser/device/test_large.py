"""A file of sixty megabytes on the tablet: kept under seal without a network, forwarded in parts, whole at the product, and never
plain and sealed at once in the memory of the page."""

import hashlib
import json
import os
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.device.test_day import set_up, stands, tablet, unlock
from tests.browser.device.test_with_the_product import CHILDREN, PREPARE, begin
from tests.browser.tabs import sign_in
from tests.services.fixtures import serve
from tests.services.starting import end

pytestmark = pytest.mark.browser
SIDE = 4580  # px: 60 MB of three bytes each
LARGEST_PART = 8 << 20  # bytes, as the sender sends and the server takes them
FOUND = """
import json
from cases.models import Asset
from teledent.files.keeping import sha256_at_rest
(asset,) = Asset.objects.select_related("original", "case")
print(json.dumps([asset.case.status, asset.original.size, sha256_at_rest(asset.original)]))
"""


@pytest.fixture
def scan(tmp_path):
    """Noise, so that nothing of it can be packed, as TIFF: the page cannot draw it, and keeps it all the same."""
    path = tmp_path / "scan.tif"
    Image.frombytes("RGB", (SIDE, SIDE), os.urandom(3 * SIDE * SIDE)).save(path)
    return path


def renderers(profile):
    """Process ids of the pages of this profile's browser: all that descends from it and draws."""
    parents, lines = {}, {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[entry.name] = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            lines[entry.name] = (entry / "cmdline").read_bytes()
        except OSError:
            continue
    (root,) = (
        pid for pid, line in lines.items() if f"--user-data-dir={profile}".encode() in line and b"--type=" not in line
    )

    def descends(pid):
        return pid == root or (pid in parents and descends(parents[pid]))

    return [int(pid) for pid, line in lines.items() if b"--type=renderer" in line and descends(pid)]


def most_memory(profile):
    """The most that the largest page of the browser had in memory so far, in bytes."""
    most = 0
    for pid in renderers(profile):
        said = (Path("/proc") / str(pid) / "status").read_text()
        most = max(most, int(said.partition("VmHWM:")[2].split()[0]) << 10)
    return most


def test_a_file_of_sixty_megabytes_arrives_whole(chromium, product_at, tmp_path, tmp_path_factory, scan):
    profile = tmp_path / "profile"
    installation = product_at(tmp_path_factory.mktemp("large") / "data")
    installation.ask(PREPARE)
    running = serve(installation)
    try:
        with tablet(chromium, profile, f"{running.address}/") as page:
            sign_in(page, f"{running.address}/capture/", "hana")
            page.goto(f"{running.address}/device/")
            set_up(page, children=CHILDREN)
            page.context.set_offline(True)
            begin(page, 0)
            before = most_memory(profile)
            slot = page.locator("#shots [data-view=frontal]")
            slot.locator("input:not([capture])").set_input_files(scan)
            expect(slot.locator("figcaption")).to_contain_text("Saved on this device")
            page.locator("#finish-form [type=checkbox]").check()
            page.click("#finish-form [type=submit]")
            stands(page, "0 of 1 forwarded, 1 waiting")
            kept = most_memory(profile)
            page.reload()
            unlock(page)
            offsets = []
            page.on("request", lambda one: one.method == "PATCH" and offsets.append(int(one.headers["upload-offset"])))
            page.context.set_offline(False)
            stands(page, "1 of 1 forwarded, 0 waiting")
            sent = most_memory(profile)
        status, size, sha256 = json.loads(installation.ask(FOUND))
    finally:
        end(running.process)
        installation.end_all()
    whole = scan.read_bytes()
    assert (status, size, sha256) == ("submitted", len(whole), hashlib.sha256(whole).hexdigest())
    assert max(stop - start for start, stop in pairwise([*offsets, len(whole)])) <= LARGEST_PART
    assert max(kept, sent) - before < 2 * len(whole)  # whole and sealed at once it would be more
