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
