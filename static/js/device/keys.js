import { done } from "./database.js";
import { closed, newStoreKey, privateKeyIn, storeKeyByPractice, storeKeyOf, unlockerFor, weakness, wrappedForPractice } from "./unlockers.js";

/** Who may open this device's store, and the key while somebody works: in memory only, never extractable, gone when idle. */

export const TRIES = 10; // wrong ones on this device, of whomever, until it locks
const IDLE = 15 * 60_000; // ms

/** Somebody has to unlock first. */
export class Locked extends Error {}
/** No PIN opens the device any more; the practice's recovery key does. */
export class ShutOut extends Error {}
/** Not this secret; `left` tries stand open. */
export class Wrong extends Error {}
/** What was asked cannot be done; the message is for the person. */
export class Refused extends Error {}

const tryAgain = (left) => `That is not right. ${left} ${left === 1 ? "try" : "tries"} left on this device.`;
const tried = (rows) => rows.reduce((sum, one) => sum + one.tries, 0);
const SHUT_OUT =
  "This device is locked after too many wrong tries. Nothing on it is lost: a manager opens it with the practice's recovery key.";

export class Keys {
  #store;
  #key = null;
  #lastTouched = 0;
  #onLock;
  #recovery;
  #idle;

  /**
   * `onLock()` is called when the key is dropped. `recovery()` gives the practice's public key {id, spki (bytes)} or null, out
   * of what is kept under seal: it is asked right after unlocking. `idle` (ms) differs only in tests.
   */
  constructor(store, { onLock = () => {}, recovery = async () => null, idle = IDLE } = {}) {
    this.#store = store;
    this.#onLock = onLock;
    this.#recovery = recovery;
    this.#idle = idle;
  }

  person = ""; // who unlocked

  /** [{person, name}] of those who can unlock. Empty: the device is not registered. */
  async people() {
    const rows = await this.#rows();
    return rows.map(({ person, name }) => ({ person, name }));
  }

  /** Whether no secret opens the device any more. */
  isShutOut = async () => tried(await this.#rows()) >= TRIES;

  /** The id of the recovery key that the store key is wrapped for, null where it is for none. */
  recoveryId = async () => (await this.#wrapped())?.id ?? null;

  /** Make the store key, for its first person and for the practice (`recovery`: {id, spki}, or null). Unlocks. */
  async register({ person, name, secret, recovery = null }) {
    refuseWeak(secret);
    const key = await newStoreKey();
    const row = await unlockerFor({ person, name, secret, key });
    const wrapped = recovery && (await wrappedForPractice(key, recovery.spki));
    await this.#store.write(["unlockers", "settings"], async ({ unlockers, settings }) => {
      if (await done(unlockers.count())) throw new Refused("This device is registered already. Unlock it first.");
      await done(unlockers.add(row));
      if (wrapped) await done(settings.put({ name: "recovery", id: recovery.id, wrapped }));
    });
    this.#take(person, await storeKeyOf(row, secret));
  }

  /** Opens the store, and wraps its key for the practice where that has another recovery key since. */
  async unlock(person, secret) {
    const key = await this.#open(person, secret, { extractable: true });
    this.#take(person, await closed(key));
    await this.#wrapForPractice(key).catch(() => {}); // tried again at the next unlocking; a manager sees which key counts here
  }

  /** A new secret for the same person. */
  async change(person, secret, next) {
    refuseWeak(next);
    const { name } = await this.#row(person);
    const key = await this.#open(person, secret, { extractable: true });
    await this.#keep(await unlockerFor({ person, name, secret: next, key }));
  }

  /** Let another person in: `by` ({person, secret}) stands beside her and unlocks for it. */
  async admit(by, { person, name, secret }) {
    refuseWeak(secret);
    const key = await this.#open(by.person, by.secret, { extractable: true });
    await this.#keep(await unlockerFor({ person, name, secret, key }));
  }

  /** How often the device was opened by the practice's recovery key: the server is told. */
  openings = async () => (await this.#store.read(["settings"], ({ settings }) => done(settings.get("openings"))))?.count ?? 0;

  /** With the file of the practice's private key (its text): every count of wrong tries begins anew, and that is counted. */
  async openTries(pem) {
    await this.#byPractice(pem);
    await this.#store.write(["unlockers", "settings"], async ({ unlockers, settings }) => {
      const { count = 0 } = (await done(settings.get("openings"))) ?? {};
      await done(settings.put({ name: "openings", count: count + 1 }));
      for (const one of await done(unlockers.getAll())) await done(unlockers.put({ ...one, tries: 0 }));
    });
  }

  /** The same, and a new secret for this person. Unlocks. */
  async recover(pem, person, secret) {
    refuseWeak(secret);
    const key = await this.#byPractice(pem);
    const { name } = await this.#row(person);
    await this.openTries(pem);
    await this.#keep(await unlockerFor({ person, name, secret, key }));
    this.#take(person, await closed(key));
  }

  /** The store key. Locked, when nobody unlocked or nobody touched the device for too long: timers sleep with it, clocks do not. */
  get key() {
    this.lockIfIdle();
    if (!this.#key) throw new Locked("Unlock the device first.");
    return this.#key;
  }

  get isUnlocked() {
    this.lockIfIdle();
    return this.#key !== null;
  }

  touch() {
    this.lockIfIdle();
    this.#lastTouched = Date.now();
  }

  lockIfIdle() {
    const since = Date.now() - this.#lastTouched;
    if (this.#key && (since >= this.#idle || since < 0)) this.lock(); // less than nothing: somebody put the clock back
  }

  lock() {
    this.#key = null;
    this.person = "";
    this.#onLock();
  }

  #take(person, key) {
    this.#key = key;
    this.person = person;
    this.#lastTouched = Date.now();
  }

  #rows() {
    return this.#store.read(["unlockers"], ({ unlockers }) => done(unlockers.getAll()));
  }

  async #row(person) {
    const row = (await this.#rows()).find((one) => one.person === person);
    if (!row) throw new Refused("This person has not been let in on this device.");
    return row;
  }

  #wrapped() {
    return this.#store.read(["settings"], ({ settings }) => done(settings.get("recovery")));
  }

  /** `key` may be wrapped; ours in memory cannot. */
  async #wrapForPractice(key) {
    const recovery = await this.#recovery();
    if (!recovery || recovery.id === (await this.recoveryId())) return;
    const row = { name: "recovery", id: recovery.id, wrapped: await wrappedForPractice(key, recovery.spki) };
    await this.#store.write(["settings"], ({ settings }) => done(settings.put(row)));
  }

  async #byPractice(pem) {
    const row = await this.#wrapped();
    if (!row) throw new Refused("This device has taken no recovery key. Nobody can open it without a PIN or passphrase.");
    const pkcs8 = privateKeyIn(pem);
    const key = pkcs8 && (await storeKeyByPractice(row.wrapped, pkcs8));
    if (!key) throw new Refused("This is not the file of the recovery key that this device has taken.");
    return key;
  }

  #keep(row) {
    return this.#store.write(["unlockers"], ({ unlockers }) => done(unlockers.put(row)));
  }

  async #open(person, secret, options) {
    const { row, left } = await this.#count(person);
    const key = await storeKeyOf(row, secret, options);
    if (!key) throw left ? new Wrong(tryAgain(left)) : new ShutOut(SHUT_OUT);
    await this.#store.write(["unlockers"], async ({ unlockers }) => {
      await done(unlockers.put({ ...(await done(unlockers.get(person))), tries: 0 }));
    });
    return key;
  }

  /** Counted before it is tried: who kills the browser in between has used up a try all the same. */
  #count(person) {
    return this.#store.write(["unlockers"], async ({ unlockers }) => {
      const rows = await done(unlockers.getAll());
      const row = rows.find((one) => one.person === person);
      if (!row) throw new Refused("This person has not been let in on this device.");
      const before = tried(rows);
      if (before >= TRIES) throw new ShutOut(SHUT_OUT);
      await done(unlockers.put({ ...row, tries: row.tries + 1 }));
      return { row, left: TRIES - before - 1 };
    });
  }
}

function refuseWeak(secret) {
  const sentence = weakness(secret);
  if (sentence) throw new Refused(sentence);
}
