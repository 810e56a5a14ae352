/** The device's own database: opened at its version by numbered steps, and written only as a whole and durably. */

export const NAME = "teledent-device";

/**
 * Step n takes a database from version n to n + 1, with everything in it. A step that was released never changes: what comes
 * later is a further step. They see ciphertext only, so they move and index; what is sealed is read and sealed anew elsewhere.
 */
export const STEPS = [
  (database) => {
    const records = database.createObjectStore("records", { keyPath: "id" });
    records.createIndex("kind", "kind");
    database.createObjectStore("files", { keyPath: "id" }).createIndex("record", "record");
    database.createObjectStore("parts", { keyPath: ["file", "index"] });
    database.createObjectStore("unlockers", { keyPath: "person" });
    database.createObjectStore("settings", { keyPath: "name" });
  },
];

const HELD = "Teledent is open in another tab with an older version. Close that tab, then try again.";
const NEWER = "This device's store was written by a newer Teledent. Connect to the network and reload the page.";

/** The promise of one request. Inside a transaction nothing else may be awaited: it would end. */
export const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const ended = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException("Given up", "AbortError"));
  });

/** An open database. `work({records, files, ...})` gets the stores that it named. */
export class Store {
  #database;

  constructor(database) {
    this.#database = database;
    database.onversionchange = () => database.close(); // a newer Teledent in another tab must not wait for this one
  }

  read(names, work) {
    return this.#run(names, "readonly", work);
  }

  /** Everything that `work` writes, or nothing; on the disk when the promise is fulfilled. */
  write(names, work) {
    return this.#run(names, "readwrite", work);
  }

  close() {
    this.#database.close();
  }

  async #run(names, mode, work) {
    const transaction = this.#database.transaction(names, mode, { durability: "strict" });
    const end = ended(transaction);
    end.catch(() => {}); // it is told below, after what `work` itself says
    try {
      const result = await work(Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)])));
      transaction.commit?.();
      await end;
      return result;
    } catch (error) {
      if (transaction.error?.name === "QuotaExceededError") throw transaction.error;
      try {
        transaction.abort();
      } catch {
        // it is over already
      }
      throw error;
    }
  }
}

/** The store at its newest version; `steps` and `name` differ only in tests. */
export async function openStore({ name = NAME, steps = STEPS } = {}) {
  const request = indexedDB.open(name, steps.length);
  request.onupgradeneeded = ({ oldVersion }) => {
    for (const step of steps.slice(oldVersion)) step(request.result, request.transaction);
  };
  const blocked = new Promise((_, reject) => {
    request.onblocked = () => reject(new Error(HELD));
  });
  try {
    return new Store(await Promise.race([done(request), blocked]));
  } catch (error) {
    throw error.name === "VersionError" ? new Error(NEWER) : error;
  }
}
