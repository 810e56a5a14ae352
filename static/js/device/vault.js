import { done } from "./database.js";
import { orFull } from "./room.js";
import { Damaged, openJson, sealJson } from "./sealing.js";

/**
 * Records under seal. In the clear stand a random id, what kind it is, its state, whose it is and how large; everything else
 * is sealed, bound to its id, kind and revision, so that no record can stand in for another or for a later one of itself.
 */

/** Another tab has written this record since it was read. */
export class Stale extends Error {}
/** The device was wiped since this page was opened: what its key seals, nobody would ever open. */
export class Wiped extends Error {}
/** The device has a file of the record that was not named. */
export class Unnamed extends Error {}

const STALE = "This was changed in another tab of this device. Open it again: what stands there is kept.";
const WIPED = "This device was wiped by order of a manager. Nothing is kept on it before it is set up anew.";
const UNNAMED = "A picture was kept after you finished. Look at it, and finish again.";
const CHANGED = "A record on this device was changed or is damaged. It is left as it is; tell your manager before you go on.";

/** Wiped, unless somebody can unlock the device: to be asked in the write that keeps something. */
export async function requireInUse(unlockers) {
  if (!(await done(unlockers.count()))) throw new Wiped(WIPED);
}

const place = ({ id, kind, revision }) => `records|${id}|${kind}|${revision}`;

const unnamed = async (files, id, named) => (await done(files.index("record").getAllKeys(id))).filter((file) => !named.includes(file));

async function requireNamed(files, id, named) {
  if ((await unnamed(files, id, named)).length) throw new Unnamed(UNNAMED);
}

export class Vault {
  #store;
  #keys;
  damaged = new Set(); // ids of records that could not be read

  constructor(store, keys) {
    this.#store = store;
    this.#keys = keys;
  }

  /**
   * Keep a record {id, kind, state, content}; `after` is the revision that it was read at, 0 for a new one. The new revision.
   * Stale, when somebody else was faster; Wiped, when the device was; Full, when there is no room; Unnamed, when `named` are ids of files and the device
   * has another one of this record at that very moment.
   */
  async keep({ id, kind, state, content }, after = 0, { named = null } = {}) {
    const revision = after + 1;
    const sealed = await sealJson(this.#keys.key, place({ id, kind, revision }), content);
    const stores = ["records", "unlockers", ...(named ? ["files"] : [])];
    const write = this.#store.write(stores, async ({ records, unlockers, files }) => {
      await requireInUse(unlockers);
      const before = await done(records.get(id));
      if ((before?.revision ?? 0) !== after) throw new Stale(STALE);
      if (named) await requireNamed(files, id, named);
      await done(records.put({ id, kind, state, revision, ...sealed }));
    });
    await write.catch((error) => {
      throw orFull(error);
    });
    return revision;
  }

  /**
   * A new record {id, kind, state, content} in the place of those in `gone`, with their `files` as `Files.moved` gives them: in one
   * write. Stale, when one of them was changed since it was read; Unnamed, when a file came to one meanwhile.
   */
  async replace(gone, { id, kind, state, content }, files = []) {
    const sealed = await sealJson(this.#keys.key, place({ id, kind, revision: 1 }), content);
    const write = this.#store.write(["records", "unlockers", "files"], async (stores) => {
      await requireInUse(stores.unlockers);
      for (const one of gone) {
        if ((await done(stores.records.get(one.id)))?.revision !== one.revision) throw new Stale(STALE);
        await requireNamed(stores.files, one.id, files.map(({ from }) => from));
        await done(stores.records.delete(one.id));
      }
      for (const { from, row } of files) {
        await done(stores.files.delete(from));
        await done(stores.files.put(row));
      }
      await done(stores.records.put({ id, kind, state, revision: 1, ...sealed }));
    });
    await write.catch((error) => {
      throw orFull(error);
    });
  }

  /** Ids of the files that the device has of a record besides those `named`. */
  unnamed = (id, named) => this.#store.read(["files"], ({ files }) => unnamed(files, id, named));

  /** Unnamed, when the device has a file of the record besides those `named`. */
  requireNamed = (id, named) => this.#store.read(["files"], ({ files }) => requireNamed(files, id, named));

  /** {id, kind, state, revision, content}, or null where there is none. Damaged, when it was meddled with. */
  async read(id) {
    const row = await this.#store.read(["records"], ({ records }) => done(records.get(id)));
    return row ? this.#opened(row) : null;
  }

  /** Every record of a kind that can be read. One that is damaged stays where it is, is in `damaged`, and stops no other. */
  async all(kind) {
    const rows = await this.#store.read(["records"], ({ records }) => done(records.index("kind").getAll(kind)));
    const opened = await Promise.all(rows.map((row) => this.#openedOrDamaged(row)));
    return opened.filter(Boolean);
  }

  /** How many records of a kind are in which state: known without unlocking. */
  async counts(kind) {
    const rows = await this.#store.read(["records"], ({ records }) => done(records.index("kind").getAll(kind)));
    const counts = {};
    for (const { state } of rows) counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  }

  async remove(id) {
    await this.#store.write(["records"], ({ records }) => done(records.delete(id)));
  }

  async #openedOrDamaged(row) {
    try {
      return await this.#opened(row);
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      this.damaged.add(row.id);
      return null;
    }
  }

  async #opened(row) {
    const { id, kind, state, revision } = row;
    try {
      return { id, kind, state, revision, content: await openJson(this.#keys.key, place(row), row) };
    } catch (error) {
      throw error instanceof Damaged ? new Damaged(CHANGED) : error;
    }
  }
}
