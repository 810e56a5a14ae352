import { unbase64 } from "./bytes.js";
import { openStore, done } from "./database.js";
import { Drain } from "./drain.js";
import { Files } from "./files.js";
import { Keys } from "./keys.js";
import { Outbox } from "./outbox.js";
import { Damaged } from "./sealing.js";
import { Server } from "./server.js";
import { Stale, Vault } from "./vault.js";
import { carryOut, tellOfWiping } from "./wiping.js";

const ANEW = 10 * 60_000; // ms after which the server is asked again while somebody works
const OFF = 60_000; // ms by which a clock may differ from the server's and is right

/** A recovery key as the server says it, as keys take it. */
export const recoveryOf = ({ id, spki }) => ({ id, spki: unbase64(spki) });

/** Everything that a screen works with, put together once. */
export class App {
  server = new Server();
  drain = null;
  #asking = null;
  #told = { at: 0, holds: "" };
  hello = null; // who the server says is signed in, once it was asked

  /** `onLock()` when the key is gone: nothing of anybody may stay on the screen. */
  static async open(onLock) {
    const app = new App();
    app.store = await openStore();
    app.keys = new Keys(app.store, { onLock: () => app.#locked(onLock), recovery: () => app.recovery() });
    app.vault = new Vault(app.store, app.keys);
    app.files = new Files(app.store, app.keys);
    app.outbox = new Outbox(app.vault, app.files);
    return app;
  }

  /** {id, label} of this device; made at registration. */
  device = () => this.store.read(["settings"], ({ settings }) => done(settings.get("device")));

  async nameDevice(label) {
    const row = { name: "device", id: crypto.randomUUID(), label };
    await this.store.write(["settings"], ({ settings }) => done(settings.put(row)));
    return row;
  }

  /** What the server said last; null before it said anything, and where that cannot be read any more. */
  #heard = () =>
    this.vault.read("hello").catch((error) => {
      if (!(error instanceof Damaged)) throw error;
      return null;
    });

  /** The system in which she reads teeth: universal, fdi or palmer. */
  numbering = async () => (await this.#heard())?.content.numbering ?? "universal";

  /** The practice's public recovery key {id, spki (bytes)} as the server said it last, or null. */
  async recovery() {
    const said = (await this.#heard())?.content.recovery;
    return said ? recoveryOf(said) : null;
  }

  /** Who is signed in at the server; what became of an order to wipe this device is told first. */
  async greet() {
    this.hello = await this.server.hello((await this.device())?.id);
    await tellOfWiping(this.store, this.server).catch(() => {}); // at the next contact, then
    return this.hello;
  }

  /** Greet the server, tell it of this device and what it holds, and do what is ordered of it; what it says to sign is kept for
      days without it. Who asks while it is being asked gets the same answer. */
  contact() {
    this.#asking ??= this.#contact().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #contact() {
    await this.greet();
    const device = await this.device();
    if (!device) return this.hello; // nobody has set it up yet
    if (this.hello.wipe && (await this.#wipe(device.id, this.hello.wipe))) return this.hello;
    if (!this.hello.retired) await this.tell();
    if (this.keys.isUnlocked) await this.#keepHello();
    return this.hello;
  }

  /** Tell the server what this device still holds; a locked one cannot say. */
  async tell() {
    const { id, label } = await this.device();
    const holds = this.keys.isUnlocked ? await this.#holds() : null;
    await this.server.register({ id, name: label, holds, recovery_key: await this.keys.recoveryId() });
    this.#told = { at: Date.now(), holds: JSON.stringify(holds) };
  }

  #holds = async () => ({ ...(await this.outbox.holds()), openings: await this.keys.openings() });

  /** After a round of the drain: tell what is different now, and ask for orders now and then; a retired device asks each time, and
      `heard()` draws anew what may be done on it. */
  async #tellAnew(state, heard) {
    if (!this.keys.isUnlocked) return;
    if (state === "retired" || (await this.retired()) || Date.now() - this.#told.at > ANEW) {
      await this.contact();
      heard();
    } else if (JSON.stringify(await this.#holds()) !== this.#told.holds) await this.tell();
  }

  /** After a wipe the key in memory opens nothing any more: the page begins anew, and tells of it then. */
  async #wipe(device, order) {
    const isWiped = await carryOut(this.store, device, order);
    if (isWiped) {
      this.keys.lock();
      location.reload();
    } else await tellOfWiping(this.store, this.server).catch(() => {}); // told at the next contact
    return isWiped;
  }

  async #keepHello() {
    const before = await this.#heard();
    if (!before) await this.vault.remove("hello"); // where it cannot be read: all of it was just said anew
    const { practice, statement, recovery, numbering, retired } = this.hello;
    const content = { practice, statement, recovery, numbering, retired, clock: { offset: this.server.offset, at: Date.now() } };
    await this.vault.keep({ id: "hello", kind: "hello", state: "kept", content }, before?.revision).catch((error) => {
      if (!(error instanceof Stale)) throw error; // another tab of this device has just been told the same
    });
  }

  /** What the server said last to a device that was retired: nothing is begun on it. Empty for one in use. */
  retired = async () => (await this.#heard())?.content.retired ?? "";

  /** Whether the clock of this device was right at the last contact, and was not put back since; false, too, where it was never measured. */
  async isClockRight() {
    const { offset, at } = (await this.#heard())?.content.clock ?? { offset: Infinity };
    return Math.abs(offset) <= OFF && at <= Date.now();
  }

  /** What she says when she finishes a case: {key, text}. */
  statement = async () => (await this.#heard())?.content.statement ?? null;

  /** Clear away what a crash left, and begin to forward. `watch(drain)` listens before it runs; `heard()` when the server was asked anew. */
  async begin(watch, heard) {
    await this.files.sweep();
    await this.outbox.tidy();
    this.drain = new Drain({ outbox: this.outbox, files: this.files, server: this.server, device: (await this.device()).id });
    watch(this.drain);
    this.drain.addEventListener("state", ({ detail: { state } }) => ["rested", "retired"].includes(state) && this.#tellAnew(state, heard).catch(() => {}));
    this.drain.run();
  }

  #locked(onLock) {
    this.drain?.stop();
    this.drain = null;
    onLock();
  }
}
