"""Who may use a device and for how long: her secret changed, a locked device opened, an order to wipe it carried out."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.device.lab import run
from tests.browser.device.test_day import (  # noqa: F401 - fixtures are found by name
    PIN,
    choose_child,
    gather,
    looked_at,
    office,
    set_up,
    shell,
    stands,
    tablet,
    unlock,
)

pytestmark = pytest.mark.browser
PAIR = """async () => {
  const how = { name: "RSA-OAEP", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
  const pair = await crypto.subtle.generateKey(how, true, ["wrapKey", "unwrapKey"]);
  const words = async (kind, key) => btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.exportKey(kind, key))));
  return [await words("spki", pair.publicKey), await words("pkcs8", pair.privateKey)];
}"""


def test_she_changes_her_own_pin_on_the_device(chromium, office, tmp_path):  # noqa: F811
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        page.locator("#change summary").click()
        for place, words in (("#old-secret", "000000"), ("#next-secret", "730264"), ("#next-again", "730264")):
            page.fill(place, words)
        page.click("#change [type=submit]")
        expect(page.locator("#change .error-summary")).to_contain_text("9 tries left")
        looked_at(page)
        for place, words in (("#old-secret", PIN), ("#next-secret", "730264"), ("#next-again", "730264")):
            page.fill(place, words)
        page.click("#change [type=submit]")
        expect(page.locator("#notices")).to_contain_text("Changed.")
        page.click("#lock")
        unlock(page, "730264")
        expect(page.locator("#day")).to_be_visible()


def test_a_manager_opens_a_device_that_is_locked_by_the_file_of_the_recovery_key(chromium, office, tmp_path):  # noqa: F811
    with tablet(chromium, tmp_path, office.address) as page:
        expect(page.locator("#register")).to_be_visible()
        spki, pkcs8 = page.evaluate(PAIR)
        office.recovery = {"id": "r-1", "spki": spki}
        page.reload()
        set_up(page)
        page.context.set_offline(True)
        gather(page, 1)
        page.click("#lock")
        for left in range(9, -1, -1):
            unlock(page, "000000")
            expect(page.locator("#unlock-form .error-summary")).to_contain_text(f"{left} tr" if left else "locked")
        expect(page.locator("#shut-out")).to_be_visible()
        expect(page.locator("#unlock-form")).to_be_hidden()
        looked_at(page)
        pem = f"-----BEGIN PRIVATE KEY-----\n{pkcs8}\n-----END PRIVATE KEY-----\n"
        page.set_input_files("#key-file", {"name": "key.pem", "mimeType": "text/plain", "buffer": pem.encode()})
        page.fill("#recover-secret", "730264")
        page.fill("#recover-again", "730264")
        page.click("#recover [type=submit]")
        expect(page.locator("#children .chip", has_text="Finished, waits to be forwarded")).to_have_count(1)
        page.context.set_offline(False)
        page.click("#lock")
        unlock(page, "730264")
        stands(page, "1 of 1 forwarded")
    sent = json.dumps([office.registered, list(office.manifests.values())])
    assert office.registered[-1]["recovery_key"] == "r-1"
    assert office.registered[-1]["holds"]["openings"] == 1
    assert pkcs8[:60] not in sent


def test_what_it_holds_is_told_and_told_anew_when_it_was_forwarded(chromium, office, tmp_path):  # noqa: F811
    office.breaks["PUT .*/cases/"] = [(500, {"sentence": "Later."})]
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        gather(page, 1)
        stands(page, "1 of 1 forwarded")
        choose_child(page, "B02K")
        page.click("#begin")
        expect(page.locator("#gathering")).to_be_visible()
        page.reload()
        unlock(page)
        expect(page.locator("#day")).to_be_visible()
        page.wait_for_timeout(1500)
    assert office.registered[-1]["holds"] == {
        "cases": 1, "marks": 0, "files": 0, "urgent": 0, "openings": 0, "days": [{"event": office.day["event"]["id"], "cases": 1}]
    }  # fmt: skip


@pytest.mark.parametrize("stated", [1, 0])
def test_an_order_to_wipe_destroys_what_it_states_and_never_more(chromium, office, tmp_path, stated):  # noqa: F811
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        page.context.set_offline(True)
        gather(page, 1)
        office.wipe = {"id": "w-1", "cases": stated, "marks": 0}
        page.click("#lock")
        office.breaks["POST .*/wipes/"] = [
            (500, {"sentence": "Later."})
        ]  # what it destroyed is told all the same, later
        page.context.set_offline(False)
        page.reload()
        if stated:
            expect(page.locator("#register")).to_be_visible()
            stands(page, "Nothing gathered")
            page.reload()
        else:
            expect(page.locator("#unlock")).to_be_visible()
            unlock(page)
            expect(page.locator("#children .child")).not_to_have_count(0)
        page.wait_for_timeout(1500)
    (said,) = office.wiped.values()
    assert re.fullmatch(r"[0-9a-f-]{36}", said.pop("device"))
    assert said == {"carried_out": bool(stated), "cases": 1, "marks": 0, "files": 2}
    assert bool(office.manifests) is not bool(stated)


def test_a_retired_device_says_so_begins_nothing_and_forwards_once_it_is_in_use_again(chromium, office, tmp_path):  # noqa: F811
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        page.context.set_offline(True)
        gather(page, 1)
        office.retired = "The device “Tablet 3” was retired: Lost on the bus."
        page.context.set_offline(False)
        expect(page.locator("#drain-says")).to_contain_text("Lost on the bus")
        stands(page, "0 of 1 forwarded, 1 waiting")
        page.reload()
        unlock(page)
        expect(page.locator("#notices")).to_contain_text("Lost on the bus")
        page.context.set_offline(True)
        page.reload()
        unlock(page)
        expect(page.locator("#notices")).to_contain_text("Lost on the bus")
        choose_child(page, "B02K")
        expect(page.locator("#why-not")).to_contain_text("Lost on the bus")
        for button in ("Begin", "Absent"):
            expect(page.get_by_role("button", name=button)).to_be_hidden()
        looked_at(page)
        office.retired = ""
        page.context.set_offline(False)
        stands(page, "1 of 1 forwarded")
        expect(page.locator("#begin")).to_be_visible()


def test_a_device_that_is_retired_while_it_is_used_begins_nothing_more_and_hears_an_order_to_wipe_it(
    chromium,
    office,  # noqa: F811
    tmp_path,
):
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        page.context.set_offline(True)
        gather(page, 1)
        choose_child(page, "B02K")
        expect(page.locator("#begin")).to_be_visible()
        office.retired = "The device “Tablet 3” was retired: Lost on the bus."
        page.context.set_offline(False)
        expect(page.locator("#why-not")).to_contain_text("Lost on the bus")
        expect(page.locator("#begin")).to_be_hidden()
        office.wipe = {"id": "w-1", "cases": 1, "marks": 0}
        page.click("#send-now")
        expect(page.locator("#register")).to_be_visible()
        page.wait_for_timeout(500)
    assert office.wiped["w-1"]["carried_out"] is True


def test_a_page_that_is_unlocked_while_the_device_is_wiped_begins_anew_and_tells_of_it(chromium, office, tmp_path):  # noqa: F811
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        choose_child(page, "B02K")
        page.click("#begin")
        page.click("#to-list")
        office.wipe = {"id": "w-1", "cases": 1, "marks": 0}
        page.locator("#take-along summary").click()
        expect(page.locator("#register")).to_be_visible()
        assert "Mateo" not in page.content()
        page.wait_for_timeout(500)
    assert office.wiped["w-1"]["carried_out"] is True


DAMAGE = """(kinds) => new Promise((resolve) => {
  indexedDB.open("teledent-device").onsuccess = ({ target: { result: base } }) => {
    const write = base.transaction(["records"], "readwrite");
    const records = write.objectStore("records");
    records.getAll().onsuccess = ({ target }) => {
      for (const row of target.result) if (kinds.includes(row.kind)) records.put({ ...row, sealed: new ArrayBuffer(32) });
    };
    write.oncomplete = () => { base.close(); resolve(); };
  };
})"""


def test_records_that_cannot_be_read_are_told_of_and_the_day_goes_on(chromium, office, tmp_path):  # noqa: F811
    with tablet(chromium, tmp_path, office.address) as page:
        set_up(page)
        page.context.set_offline(True)
        choose_child(page, "B02K")
        page.click("#begin")
        page.click("#to-list")
        page.evaluate(DAMAGE, ["case", "hello"])
        page.reload()
        unlock(page)
        expect(page.locator("#damaged-says")).to_contain_text("1 record on this device cannot be read")
        looked_at(page)
        page.context.set_offline(False)
        gather(page, 1)
        stands(page, "1 of 2 forwarded")
        page.wait_for_timeout(1500)
    assert office.registered[-1]["holds"]["cases"] == 1


def test_an_order_that_was_refused_is_not_carried_out_when_it_is_heard_of_once_more(bench):
    first, once_more, told, later = run(bench, """
      const { carryOut, tellOfWiping } = await import("/static/js/device/wiping.js");
      await unlocked();
      await vault.keep({ id: "c-1", kind: "case", state: "draft", content: {} });
      const order = { id: "w-1", cases: 0, marks: 0 };
      const told = [];
      const server = { wiped: async (...word) => told.push(word) };
      const first = await carryOut(store, "d-1", order);
      await tellOfWiping(store, server);
      await vault.remove("c-1"); // forwarded meanwhile: now it holds no more than the order says
      const onceMore = [await carryOut(store, "d-1", order), (await keys.people()).length];
      await tellOfWiping(store, server);
      return [first, onceMore, told, [await carryOut(store, "d-1", { ...order, id: "w-2" }), (await keys.people()).length]];
    """)  # fmt: skip
    assert (first, once_more, later) == (False, [False, 1], [True, 0])
    assert told == [["w-1", {"device": "d-1", "carried_out": False, "cases": 1, "marks": 0, "files": 0}]]


def test_a_page_that_was_open_while_the_device_was_wiped_keeps_nothing_under_its_dead_key(bench):
    kept = run(bench, """
      const { carryOut } = await import("/static/js/device/wiping.js");
      await unlocked();
      await carryOut(store, "d-1", { id: "w-1", cases: 0, marks: 0 });
      const record = await said(vault.keep({ id: "c-1", kind: "case", state: "draft", content: {} }));
      const picture = await said(files.keep({ id: "f", record: "c-1", blob: new Blob(["x"]), about: {} }));
      return [record, picture, (await rowsOf("records")).length, (await rowsOf("files")).length];
    """)  # fmt: skip
    assert [one.split(":")[0] for one in kept[:2]] == ["Wiped", "Wiped"]
    assert kept[2:] == [0, 0]
