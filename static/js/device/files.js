import { done } from "./database.js";
import { makeSureOfRoom, orFull } from "./room.js";
import { Damaged, open, openJson, seal, sealJson } from "./sealing.js";
import { Sha256 } from "./sha256.js";
import { requireInUse } from "./vault.js";

/**
 * Files under seal: hashed whole, cut into parts, each part sealed for its file and its place among so many. A file counts
 * once its row says so, and that is written last.
 */

export const PART = 256 * 1024; // bytes
const AT_ONCE = 16; // parts in one durable write: 4 MB in memory, whatever the file weighs

const EMPTY = "This file is empty. Choose or take it again.";
const FORWARDED = "This case was forwarded meanwhile, and takes no picture here any more. Add it on the case's page.";
const CHANGED = "A picture on this device was changed or is damaged. Take it again if the child is still here.";

const header = (id) => `files|${id}`;
const place = (id, index, count) => `parts|${id}|${index}|${count}`;
const range = (id) => IDBKeyRange.bound([id, 0], [id, Infinity]);
const lock = (id) => `teledent-device-file-${id}`;

export class Files {
  #store;
  #keys;
  #storage;

  /** `storage` differs from the browser's only in tests. */
  constructor(store, keys, { storage = navigator.storage } = {}) {
    this.#store = store;
    this.#keys = keys;
    this.#storage = storage;
  }

  /**
   * Keep a blob as file `id` of a record, with what is known `about` it ({name, view, ...}). {id, sha256, size} once it is
   * durably on the disk. Full, when there is no room: then nothing of it stays, and everything else does.
   */
  async keep({ id, record, blob, about }) {
    if (!blob.size) throw new Error(EMPTY);
    await makeSureOfRoom(blob.size, this.#storage);
    return navigator.locks.request(lock(id), async () => {
      try {
        return await this.#write({ id, record, blob, about });
      } catch (error) {
        await this.remove(id).catch(() => {}); // `sweep` does it at the next start
        throw orFull(error);
      }
    });
  }

  async #write({ id, record, blob, about }) {
    const key = this.#keys.key;
    const { size, type } = blob;
    const count = Math.ceil(size / PART);
    await this.#store.write(["files", "records", "unlockers"], async ({ files, records, unlockers }) => {
      await requireInUse(unlockers);
      if ((await done(records.get(record)))?.kind === "receipt") throw new Error(FORWARDED);
      await done(files.add({ id, record, state: "coming", size }));
    });
    const hash = new Sha256();
    for (let first = 0; first < count; first += AT_ONCE) {
      const rows = [];
      for (let index = first; index < Math.min(first + AT_ONCE, count); index += 1) {
        const bytes = new Uint8Array(await blob.slice(index * PART, (index + 1) * PART).arrayBuffer());
        hash.update(bytes);
        rows.push({ file: id, index, ...(await seal(key, place(id, index, count), bytes)) });
      }
      await this.#store.write(["parts"], async ({ parts }) => {
        for (const row of rows) await done(parts.add(row));
      });
    }
    const sha256 = hash.digest();
    const sealed = await sealJson(key, header(id), { ...about, record, sha256, size, type, count });
    await this.#store.write(["files", "unlockers"], async ({ files, unlockers }) => {
      await requireInUse(unlockers);
      await done(files.put({ id, record, state: "kept", size, ...sealed }));
    });
    return { id, sha256, size };
  }

  count = () => this.#store.read(["files"], ({ files }) => done(files.count()));

  /** What is known of each file of a record: {id, sha256, size, type, ...about}. */
  async of(record) {
    const rows = await this.#store.read(["files"], ({ files }) => done(files.index("record").getAll(record)));
    return Promise.all(rows.filter(({ state }) => state === "kept").map((row) => this.#about(row)));
  }

  /** {about, blob} of a file, its bytes proved against its hash. Damaged, when a part was changed, cut or put elsewhere. */
  async read(id) {
    const row = await this.#store.read(["files"], ({ files }) => done(files.get(id)));
    if (row?.state !== "kept") throw new Damaged(CHANGED);
    const about = await this.#about(row);
    const hash = new Sha256();
    const blobs = [];
    for (let index = 0; index < about.count; index += 1) {
      const bytes = await this.#part(about.parts ?? id, index, about.count);
      hash.update(bytes);
      blobs.push(new Blob([bytes])); // the browser holds it outside the page's memory
    }
    if (hash.digest() !== about.sha256) throw new Damaged(CHANGED);
    return { about, blob: new Blob(blobs, { type: about.type }) };
  }

  /**
   * The files of a record as rows of the record `to`, [{from, row}], for the write that puts that one in its place. Their ids are
   * new, since the server may know the old ones; their parts stay under the id that they were sealed for.
   */
  async moved(record, to) {
    const kept = await this.of(record);
    const move = async ({ id: from, parts = from, ...about }) => {
      const id = crypto.randomUUID();
      const sealed = await sealJson(this.#keys.key, header(id), { ...about, record: to, parts });
      return { from, row: { id, record: to, state: "kept", size: about.size, parts, ...sealed } };
    };
    return Promise.all(kept.map(move));
  }

  remove(id) {
    return this.#store.write(["files", "parts"], async ({ files, parts }) => {
      const row = await done(files.get(id));
      await done(files.delete(id));
      await done(parts.delete(range(row?.parts ?? id)));
    });
  }

  /** Clear away what a crash left half written. What another tab is writing holds its lock and stays. */
  async sweep() {
    const rows = await this.#store.read(["files"], ({ files }) => done(files.getAll()));
    for (const { id } of rows.filter(({ state }) => state === "coming"))
      await navigator.locks.request(lock(id), { ifAvailable: true }, (held) => held && this.#removeHalf(id));
  }

  /** Looked at once more under its lock: the tab that wrote it may have finished meanwhile. */
  async #removeHalf(id) {
    const row = await this.#store.read(["files"], ({ files }) => done(files.get(id)));
    if (row?.state === "coming") await this.remove(id);
  }

  async #about(row) {
    try {
      const about = await openJson(this.#keys.key, header(row.id), row);
      if (about.record !== row.record || about.parts !== row.parts) throw new Damaged(CHANGED);
      return { ...about, id: row.id };
    } catch (error) {
      throw error instanceof Damaged ? new Damaged(CHANGED) : error;
    }
  }

  async #part(id, index, count) {
    const row = await this.#store.read(["parts"], ({ parts }) => done(parts.get([id, index])));
    if (!row) throw new Damaged(CHANGED);
    try {
      return await open(this.#keys.key, place(id, index, count), row);
    } catch (error) {
      throw error instanceof Damaged ? new Damaged(CHANGED) : error;
    }
  }
}
