import { openStore, done } from "./database.js";
import { Drain } from "./drain.js";
import { Files } from "./files.js";
import { Keys } from "./keys.js";
import { Outbox } from "./outbox.js";
import { Server } from "./server.js";
import { Stale, Vault } from "./vault.js";

/** Everything that a screen works with, put together once. */
export class App {
  server = new Server();
  drain = null;
  #asking = null;
  hello = null; // who the server says is signed in, once it was asked

  /** `onLock()` when the key is gone: nothing of anybody may stay on the screen. */
  static async open(onLock) {
    const app = new App();
    app.store = await openStore();
    app.keys = new Keys(app.store, { onLock: () => app.#locked(onLock) });
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

  /** Ask the server who is signed in, and tell it of this device; what it says to sign is kept for days without it. Who asks
      while it is being asked gets the same answer. */
  contact() {
    this.#asking ??= this.#contact().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #contact() {
    this.hello = await this.server.hello();
    const { id, label } = await this.device();
    await this.server.register({ id, name: label });
    const before = await this.vault.read("hello");
    const content = { practice: this.hello.practice, statement: this.hello.statement };
    await this.vault.keep({ id: "hello", kind: "hello", state: "kept", content }, before?.revision).catch((error) => {
      if (!(error instanceof Stale)) throw error; // another tab of this device has just been told the same
    });
    return this.hello;
  }

  /** What she says when she finishes a case: {key, text}. */
  statement = async () => (await this.vault.read("hello"))?.content.statement ?? null;

  /** Clear away what a crash left, and begin to forward. `watch(drain)` listens before it runs. */
  async begin(watch) {
    await this.files.sweep();
    await this.outbox.tidy();
    this.drain = new Drain({ outbox: this.outbox, files: this.files, server: this.server, device: (await this.device()).id });
    watch(this.drain);
    this.drain.run();
  }

  #locked(onLock) {
    this.drain?.stop();
    this.drain = null;
    onLock();
  }
}
