"""What the page and the worker of the reading room hold in memory, and when they let it go."""

from pathlib import Path

import pytest

from tests.browser.tabs import open_tab, sign_in

pytestmark = pytest.mark.browser


def test_memory_stays_within_its_budget_over_a_hundred_cases(screen):
    held = screen.evaluate("""async () => {
      const { Shelf } = await import("/static/js/reading/viewer/shelf.js");
      const shelf = new Shelf(256 * 1024 * 1024);
      let most = 0;
      for (let n = 0; n < 100 * 8; n += 1) {
        shelf.put(n, { n }, 22 * 1024 * 1024);
        most = Math.max(most, shelf.bytes);
      }
      const [newest, oldest] = [799, 0].map((n) => Boolean(shelf.get(n)));
      return { most, size: shelf.size, newest, oldest, huge: shelf.put("x", {}, 2 ** 40).length };
    }""")
    assert held == {"most": 11 * 22 * 1024 * 1024, "size": 11, "newest": True, "oldest": False, "huge": 1}


HELD = """() => new Promise((resolve) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = ({ data }) => resolve(data.held);
  navigator.serviceWorker.getRegistration("/reading/").then(({ active }) => active.postMessage({ beat: true }, [channel.port2]));
})"""
ASLEEP = """async () => {
  const { Pane } = await import("/static/js/reading/viewer/pane.js");
  const pane = new Pane(document.querySelector(".view[data-picture]").cloneNode(true), { get: () => undefined });
  pane.rendered = document.createElement("canvas");
  Object.assign(pane.canvas, { width: 1000, height: 800 });
  pane.sleep();
  return [pane.rendered, pane.canvas.width, pane.canvas.height];
}"""


def test_a_picture_out_of_sight_holds_no_pixels_of_its_own(screen):
    for thumb in screen.locator(".mount a[data-picture]").all():
        thumb.click()
        screen.wait_for_selector(".view:not([hidden]):is([data-depth=film], [data-depth=copy])")
    assert screen.evaluate("[...document.querySelectorAll('.pane canvas')].filter((one) => one.width > 0).length") == 1
    assert screen.evaluate(ASLEEP) == [None, 0, 0]


WORKER = """async ({ source, cases, each }) => {
  const heard = {};
  const self = { addEventListener: (kind, listener) => { heard[kind] = listener; } };
  const headers = new Headers({ "Content-Type": "image/jpeg" });
  const fetched = async () => ({ ok: true, headers, arrayBuffer: async () => new ArrayBuffer(each) });
  new Function("self", "fetch", source)(self, fetched);
  let most = 0;
  let last = null;
  for (let number = 0; number < cases; number += 1) {
    const pictures = Array.from({ length: 8 }, (_, n) => ({ address: `/${number}/${n}`, ahead: "/", etag: `${number}-${n}` }));
    const done = [];
    heard.message({ data: { hold: pictures }, waitUntil: (work) => done.push(work), ports: [] });
    await Promise.all(done);
    heard.message({ data: {}, waitUntil: () => {}, ports: [{ postMessage: (said) => { last = said; } }] });
    most = Math.max(most, last.total);
  }
  return { most, ...last };
}"""


def test_the_worker_that_holds_the_next_case_keeps_to_its_budget_over_a_hundred_cases(chromium):
    source = Path("static/js/reading/ahead_worker.js").read_text()
    each = 10 << 20
    with open_tab(chromium) as tab:
        said = tab.evaluate(WORKER, {"source": source, "cases": 100, "each": each})
    assert said["most"] <= said["budget"]
    assert said["held"] == said["budget"] // each


ASKING = """async (source) => {
  const heard = {};
  const self = { addEventListener: (kind, listener) => { heard[kind] = listener; } };
  const headers = new Headers({ "Content-Type": "image/jpeg" });
  const asked = [];
  let out = false;
  let wait = Promise.resolve();
  const fetched = async (address, { headers: sent } = {}) => {
    asked.push(address);
    await wait;
    if (out) return { ok: true, redirected: true, status: 200, headers };
    if (sent?.["If-None-Match"]) return { status: 304, redirected: false };
    return { ok: true, redirected: false, headers, arrayBuffer: async () => new ArrayBuffer(60 << 20) };
  };
  new Function("self", "fetch", source)(self, fetched);
  const picture = (name) => ({ address: `/${name}`, ahead: `/ahead/${name}`, etag: name });
  const tell = async (data) => {
    const done = [];
    heard.message({ data, waitUntil: (work) => done.push(work), ports: [] });
    await Promise.all(done);
  };
  const look = async (name) => {
    let answer = null;
    heard.fetch({ request: { method: "GET", url: `https://here/${name}` }, respondWith: (one) => { answer = one; } });
    return answer && (await answer).headers?.get("X-Held");
  };
  const held = () => {
    let said = null;
    heard.message({ data: {}, waitUntil: () => {}, ports: [{ postMessage: (one) => { said = one.held; } }] });
    return said;
  };
  const found = {};
  await Promise.all([tell({ hold: [picture("a"), picture("b")] }), tell({ hold: [picture("a"), picture("b")] })]);
  found.asked = asked.length;
  await tell({ hold: [picture("c")] });
  found.first = await look("a");
  await tell({ hold: [picture("d")] }); // 240 MB: one has to go, and it is the one used longest ago
  found.kept = [await look("a"), await look("b")];
  await tell({ drop: true });
  found.dropped = held();
  let goOn;
  wait = new Promise((resolve) => { goOn = resolve; });
  const late = tell({ hold: [picture("e"), picture("f")] });
  await tell({ drop: true });
  goOn();
  await late;
  found.late = held();
  await tell({ hold: [picture("g")] });
  out = true;
  await tell({ hold: [picture("h")] });
  found.redirected = held();
  return found;
}"""


def test_the_worker_fetches_once_keeps_what_was_used_last_and_holds_nothing_after_a_sign_out(chromium):
    with open_tab(chromium) as tab:
        found = tab.evaluate(ASKING, Path("static/js/reading/ahead_worker.js").read_text())
    assert found == {
        "asked": 2, "first": "memory", "kept": ["memory", None], "dropped": 0, "late": 0, "redirected": 0,
    }  # fmt: skip


def test_signing_out_empties_the_worker(room, chromium):
    with open_tab(chromium, viewport={"width": 1440, "height": 900}) as tab:
        sign_in(tab, room[1], "dev")
        tab.wait_for_function(f"async () => (await navigator.serviceWorker.ready) && (await ({HELD})()) >= 2")
        tab.goto(room[1].partition("/reading/")[0] + "/reading/")
        tab.locator("[data-menu] summary").last.click()
        tab.get_by_role("button", name="Sign out").click()
        tab.wait_for_selector("[name=password]")
        tab.wait_for_function(f"async () => (await ({HELD})()) === 0")


def test_the_next_case_is_in_memory_and_is_handed_out_only_when_the_server_agrees(screen, room):
    screen.wait_for_function(f"async () => (await ({HELD})()) >= 2")
    screen.reload()  # a page that was open before the worker is not taken over
    screen.wait_for_function("() => navigator.serviceWorker.controller")
    address = screen.evaluate("async () => (await (await fetch('/reading/ahead/')).json()).pictures[0].address")
    got = """async (address) => {
      const answer = await fetch(address);
      return [answer.status, answer.headers.get("X-Held"), (await answer.arrayBuffer()).byteLength];
    }"""
    status, held, size = screen.evaluate(got, address)
    assert (status, held) == (200, "memory")
    assert size > 0
    trail = "from teledent.accounts.models import AccessEvent; print(AccessEvent.objects.filter(verb='ahead', noun='case').count())"
    assert int(room[0].ask(trail)) >= 1
    screen.context.clear_cookies()
    status, held, _ = screen.evaluate(got, address)
    assert held is None
    assert screen.evaluate(HELD) == 0  # signed out: nothing of it stays
