"""What a test's script finds in its scope: an open store, its keys, a vault and files, and words for what happens."""

from typing import Any

from playwright.sync_api import Page

BEGIN = """
  const { Keys } = await import("/static/js/device/keys.js");
  const { openStore, done } = await import("/static/js/device/database.js");
  const { seal, open } = await import("/static/js/device/sealing.js");
  const { Vault } = await import("/static/js/device/vault.js");
  const { Files, PART } = await import("/static/js/device/files.js");
  const store = await openStore();
  const said = (work) => work.then(() => "done", (error) => `${error.constructor.name}: ${error.message}`);
  const again = () => new Keys(store);
  const keys = again();
  const hana = { person: "hana", name: "Hana", secret: "482915" };
  const unlocked = async () => (await keys.people()).length ? keys.unlock("hana", "482915") : keys.register(hana);
  const vault = new Vault(store, keys);
  const files = new Files(store, keys);
  const noise = (size) => {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
    return bytes;
  };
  const rowsOf = (name) => store.read([name], (stores) => done(stores[name].getAll()));
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
"""


def run(bench: Page, script: str, argument: Any = None) -> Any:
    """What the script returns; `given` in it is the argument."""
    return bench.evaluate(f"async (given) => {{ {BEGIN} {script} }}", argument)


FORWARDING = """
  const { Outbox } = await import("/static/js/device/outbox.js");
  const { Drain } = await import("/static/js/device/drain.js");
  const { Server } = await import("/static/js/device/server.js");
  const outbox = new Outbox(vault, files);
  const server = new Server();
  const drain = new Drain({ outbox, files, server, device: "d-1" });
  const told = [];
  for (const name of ["state", "progress"]) drain.addEventListener(name, ({ detail }) => told.push([name, detail]));
  await unlocked();

  /** A finished case with a file for each size. */
  const gather = async (id, sizes, minutes = 0, urgency = "routine") => {
    const content = { event: null, site: "s", kind: "screening", opened: { at: "2026-11-17T09:31:02-08:00", by: "p-hana" },
      patient: { id: "x", new: null, another: false }, day_seen: "2026-11-17", patient_place: "site", patient_state: "OR",
      urgency, answers: { complaint: ["none_stated"], note: "Zoë “7” \\\\ \\n ☂" },
      marks: [], services: [], who: { name: "Mateo" } };
    const record = { id, kind: "case", state: "draft", content };
    record.revision = await vault.keep(record);
    for (const [at, size] of sizes.entries()) {
      const about = { name: `${at}.jpg`, view: "frontal", source: "camera" };
      await files.keep({ id: `${id}-${at}`, record: id, blob: new Blob([noise(size)]), about });
    }
    return outbox.finish(record, { by: "p-hana", statement: "submit-2026-11", at: new Date(Date.now() + minutes * 60000) });
  };
  const left = async () => [(await rowsOf("files")).length, (await rowsOf("parts")).length, await outbox.counts()];
"""


def forward(tablet: Page, script: str, argument: Any = None) -> Any:
    """`run` with an outbox and a drain beside it."""
    return run(tablet, FORWARDING + script, argument)
