/** Files that were chosen and are not yet safe on the server: kept in the browser, so that a reload of the tab loses nothing. */

const NAME = "teledent-outbox";
const STORE = "files";
const TOO_OLD = 24 * 60 * 60 * 1000;

/** This tab's own name: it lives as long as the tab, a second tab has another. Made without what only a secure address has. */
const tab = (() => {
  const known = sessionStorage.getItem(NAME) || crypto.getRandomValues(new Uint32Array(4)).join("-");
  sessionStorage.setItem(NAME, known);
  return known;
})();

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function open() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
  return done(request);
}

async function inStore(mode, work) {
  const database = await open();
  try {
    return await done(work(database.transaction(STORE, mode, { durability: "strict" }).objectStore(STORE)));
  } finally {
    database.close();
  }
}

/** Keep an item until `forget`. False when the browser has no room or no store: then it is sent from memory. */
export async function keep(item) {
  try {
    await inStore("readwrite", (store) => store.put({ ...item, tab, keptAt: Date.now() }));
    return true;
  } catch {
    return false;
  }
}

export async function forget(id) {
  try {
    await inStore("readwrite", (store) => store.delete(id));
  } catch {
    // nothing was kept
  }
}

/** What this tab still has to send; what is older than a day, of whatever tab, goes. */
export async function remaining() {
  try {
    const all = await inStore("readonly", (store) => store.getAll());
    for (const item of all) if (Date.now() - item.keptAt > TOO_OLD) await forget(item.id);
    return all.filter((item) => item.tab === tab && Date.now() - item.keptAt <= TOO_OLD);
  } catch {
    return [];
  }
}
