import { Known, Refusal, SignedOut, send } from "../sender.js";
import { hashOf } from "./canonical.js";
import { Locked } from "./keys.js";
import { byUrgency, endedBecause, isUrgent, unproved } from "./manifest.js";
import { Damaged } from "./sealing.js";
import { Declined } from "./server.js";
import { Stale, Unnamed } from "./vault.js";

/**
 * Forwards what waits, one tab at a time: marks, then manifests, then files from the smallest, each case ended after its last
 * one. Urgent cases go before the others, and are submitted before their files (CA-7).
 * A server that says no to one case never holds up the others; a network that breaks is waited out.
 */

const LOCK = "teledent-device-drain";
const UPLOADS = "/capture/uploads/";
const [SHORTEST, LONGEST] = [1000, 5 * 60_000]; // ms between two tries
const REST = 60_000; // ms until it looks again when nothing waits
const BREAKS = 3; // of one file in a row, then the round begins anew

/** ms to wait after so many failures in a row, half of it by chance: tablets of one school must not knock together. */
export const pauseAfter = (failures, chance = Math.random()) =>
  Math.min(SHORTEST * 2 ** Math.max(failures - 1, 0), LONGEST) * (0.5 + chance / 2);

/**
 * Tells the page by events: "state" {state, sentence} with state sending, rested, waiting, signed-out, retired or locked; "progress"
 * {file, sent, size, bytes, total}; "changed" when a record went on.
 */
export class Drain extends EventTarget {
  #outbox;
  #files;
  #server;
  #device;
  #failures = 0;
  #late = ""; // why something of this round has to be tried again
  #wake = () => {};
  #stopped = false;

  /** `device` is this device's id as the server knows it. */
  constructor({ outbox, files, server, device }) {
    super();
    this.#outbox = outbox;
    this.#files = files;
    this.#server = server;
    this.#device = device;
  }

  /** Go on until `stop`, round after round. */
  async run() {
    const wake = () => this.now();
    const seen = () => document.visibilityState === "visible" && wake();
    addEventListener("online", wake);
    document.addEventListener("visibilitychange", seen);
    while (!this.#stopped) {
      await this.round();
      if (!this.#stopped) await this.#pause(this.#failures ? pauseAfter(this.#failures) : REST);
    }
    removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", seen);
  }

  /** Do not wait any longer. */
  now() {
    this.#wake();
  }

  stop() {
    this.#stopped = true;
    this.#wake();
  }

  /** One round under the lock of all tabs; what came of it is told by a "state" event and returned. */
  async round() {
    const [state, sentence] = await navigator.locks.request(LOCK, () => this.#tried());
    this.#failures = state === "waiting" ? this.#failures + 1 : 0;
    this.#tell("state", { state, sentence });
    return state;
  }

  async #tried() {
    this.#late = "";
    try {
      if (!(await this.#hasWork())) return ["rested", ""];
      this.#tell("state", { state: "sending", sentence: "" });
      const { retired } = await this.#server.hello(this.#device);
      if (retired) return ["retired", retired]; // what waits goes on waiting: a manager may take the device into use again
      await this.#marks();
      const cases = await this.#manifests();
      for (const one of cases.filter(({ record }) => isUrgent(record.content.manifest))) await this.#submitEarly(one);
      for (const one of cases.filter(({ open }) => !open.length)) await this.#end(one);
      await this.#sendFiles(cases);
      for (const record of await this.#outbox.unsubmitted()) await this.#submitAgain({ record });
      return this.#late ? ["waiting", this.#late] : ["rested", ""];
    } catch (error) {
      if (error instanceof SignedOut) return ["signed-out", error.message];
      if (error instanceof Locked) return ["locked", error.message];
      return ["waiting", error.message];
    }
  }

  async #hasWork() {
    const { waiting, unsubmitted } = await this.#outbox.counts();
    return waiting + unsubmitted > 0;
  }

  async #marks() {
    for (const record of await this.#outbox.marks()) {
      await this.#orAside({ record }, async () => {
        const { applied, sentence } = await this.#server.mark(this.#device, { id: record.id, ...record.content.act });
        if (applied) await this.#outbox.marked(record);
        else await this.#outbox.aside(record, sentence);
      });
    }
  }

  /** The waiting cases whose manifest the server has, each with what it lacks. */
  async #manifests() {
    const taken = [];
    for (const record of await this.#outbox.waiting()) {
      await this.#orAside({ record }, async () => {
        const { manifest } = record.content;
        const receipt = await this.#server.forward(this.#device, manifest, await hashOf(manifest));
        const open = unproved(manifest, receipt.files).sort((a, b) => a.size - b.size);
        if (receipt.attached) taken.push({ record, open, refused: "" });
        else await this.#outbox.aside(record, receipt.whom.sentence, { whom: receipt.whom });
      });
    }
    return taken;
  }

  async #sendFiles(cases) {
    const open = cases.flatMap((one) => one.open.map((file) => ({ one, file })));
    open.sort((a, b) => byUrgency(a.one.record.content.manifest, b.one.record.content.manifest) || a.file.size - b.file.size);
    const total = open.reduce((sum, { file }) => sum + file.size, 0);
    let before = 0;
    for (const { one, file } of open) {
      const told = (sent) => this.#tell("progress", { file: file.id, sent, size: file.size, bytes: before + sent, total });
      try {
        await this.#sendOne(one.record, file, told);
      } catch (error) {
        if (isAboutTheFile(error)) one.refused ||= `${file.name}: ${error.message}`;
        else await this.#laterIfReachable(error);
      }
      told(file.size);
      before += file.size;
      if (file === one.open.at(-1)) await this.#end(one);
    }
  }

  async #sendOne(record, file, progress, id = file.id) {
    const { blob } = await this.#files.read(file.id);
    const item = { id, sha256: file.sha256, name: file.name, blob, labels: { case: record.id, view: file.view } };
    try {
      await send(item, UPLOADS, { progress, interrupted: () => {}, breaks: BREAKS });
    } catch (error) {
      if (!(error instanceof Known)) throw error;
      if (!error.arrived && error.id !== id) await this.#sendOne(record, file, progress, error.id); // under the id it has there
    }
  }

  /** What may be read before its files are there is submitted at once; what stands against it is told at its end. */
  async #submitEarly(one) {
    try {
      await this.#submit(one);
    } catch (error) {
      if (!isNo(error) && !(error instanceof Stale)) await this.#laterIfReachable(error);
    } finally {
      this.#tell("changed", { id: one.record.id });
    }
  }

  /**
   * Ask to submit. That it is asked is kept before: the answer may be lost, and what the server may have submitted is not changed
   * here any more. Stale, when she took the case back to change it: then it is not asked.
   */
  async #submit(one) {
    await this.#outbox.requireNamed(one.record);
    one.record = await this.#outbox.asked(one.record, true);
    const { id, content } = one.record;
    try {
      const answer = await this.#server.finish(this.#device, id, content.manifest.revision);
      if (!answer.submitted) one.record = await this.#outbox.asked(one.record, false);
      return answer;
    } catch (error) {
      if (error instanceof Declined) one.record = await this.#outbox.asked(one.record, false);
      throw error;
    }
  }

  /** Ask to submit, and let go of what the server has proved. */
  async #end(one) {
    await this.#orAside(one, async () => {
      const answer = await this.#submit(one);
      const { record, refused } = one;
      const standing = await this.#server.standing(this.#device, record.id);
      if (await this.#outbox.settle(record, standing, answer)) return;
      const ended = standing.now ? endedBecause(standing.now.files) : "";
      if (ended) await this.#outbox.aside(record, ended, await this.#closedBy(record, standing));
      else if (refused) await this.#outbox.aside(record, refused);
      else this.#late = "The server has not proved every file yet. It goes on by itself.";
    });
  }

  async #submitAgain(one) {
    const { record } = one;
    await this.#orAside(one, async () => {
      const answer = await this.#server.finish(this.#device, record.id, record.content.revision);
      if (JSON.stringify(answer.stops) !== JSON.stringify(record.content.stops)) await this.#outbox.answered(record, answer);
    });
  }

  /** A "no" is kept with the record and shown; the round goes on with the next. What she took back meanwhile is hers. */
  async #orAside(one, work) {
    try {
      await work();
    } catch (error) {
      if (error instanceof Stale) return;
      if (!isNo(error)) await this.#laterIfReachable(error);
      else if (one.record.kind !== "receipt") await this.#outbox.aside(one.record, error.message, await this.#whatStands(one.record, error));
    } finally {
      this.#tell("changed", { id: one.record.id });
    }
  }

  /**
   * What a "no" tells of the case that the server has: its newest revision, and whether ours may still go into it. A picture that
   * was kept too late for a case that may be submitted goes into it no more, either.
   */
  async #whatStands(record, error) {
    const { newest_revision: newest, takes_changes: takes, kind = record.content.kind } = error.body ?? {};
    const isClosed = takes === false || kind !== record.content.kind || (error instanceof Unnamed && record.content.asked);
    return { ...(newest && { newest }), ...(isClosed && (await this.#closedBy(record, await this.#server.standing(this.#device, record.id)))) };
  }

  /** What is kept of a case into which the server takes no more. */
  async #closedBy(record, { now }) {
    const late = await this.#outbox.late(record);
    const open = unproved(record.content.manifest, now?.files ?? { verified: [], unwanted: [] });
    return { closed: true, late, only: open.length + late.length };
  }

  /** A fault that one record or file meets waits for the next round, if the server answers at all; else the round ends. */
  async #laterIfReachable(error) {
    if (error instanceof SignedOut || error instanceof Locked) throw error;
    await this.#server.hello();
    this.#late = error.message;
  }

  #pause(length) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, length);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** A no to one case, by the server or by what lies here. */
const isNo = (error) => error instanceof Declined || error instanceof Unnamed;

/** Refused by the server, or found damaged here; a token that grew old (403) is about neither. */
const isAboutTheFile = (error) =>
  (error instanceof Refusal && !(error instanceof SignedOut) && error.status !== 403) || error instanceof Damaged;
