import { el, icon, show } from "./parts.js";
import { room } from "./room.js";

/** The bar that is always in sight: what was forwarded, what waits, and whether this device keeps it safely. */

const STATES = {
  sending: "Forwarding now",
  rested: "",
  waiting: "Goes on by itself",
  "signed-out": "Paused",
  retired: "Paused",
  locked: "Unlock to go on",
};
const cases = (count) => `${count} ${count === 1 ? "case" : "cases"}`;

/** "3 of 5 forwarded, 1 waiting, 1 needs you": of counts as the outbox gives them. */
export function standingOf({ drafts, waiting, aside, forwarded }) {
  const all = drafts + waiting + aside + forwarded;
  if (!all) return "Nothing gathered on this device yet";
  const parts = [`${forwarded} of ${all} forwarded`, `${waiting} waiting`];
  if (drafts) parts.push(`${drafts} not finished`);
  if (aside) parts.push(`${cases(aside)} ${aside === 1 ? "needs" : "need"} you`);
  return parts.join(", ");
}

/** What is said of records that cannot be read. They stay on the device as they are. */
const damagedOf = (count) =>
  count ? `${count} ${count === 1 ? "record" : "records"} on this device cannot be read. Nothing of it is deleted; tell your manager.` : "";

export class Bar {
  #app;
  #progress = document.querySelector("#forwarding");

  constructor(app) {
    this.#app = app;
    document.querySelector("#send-now").addEventListener("click", () => app.drain?.now());
  }

  /** Listen to a drain. `changed()` when a record went on. */
  watch(drain, changed) {
    drain.addEventListener("state", ({ detail }) => {
      this.#says(detail);
      this.refresh();
    });
    drain.addEventListener("changed", () => {
      this.refresh();
      changed();
    });
    drain.addEventListener("progress", ({ detail }) => {
      this.#progress.max = detail.total;
      this.#progress.value = detail.bytes;
    });
  }

  async refresh() {
    const counts = await this.#app.outbox.counts();
    document.querySelector("#standing-says").textContent = standingOf(counts);
    document.querySelector("#damaged-says").textContent = damagedOf(this.#app.vault.damaged.size);
    document.querySelector("#room-says").textContent = (await room()).sentence;
    show("#send-now", this.#app.keys.isUnlocked && counts.waiting > 0);
  }

  #says({ state, sentence }) {
    const words = [STATES[state], sentence].filter(Boolean).join(". ");
    const link = state === "signed-out" && el("a", { class: "btn", href: "/sign-in/?next=/device/" }, "Sign in");
    document.querySelector("#drain-says").replaceChildren(...(words ? [icon(state === "sending" ? "refresh" : "clock"), words] : []), link || "");
    this.#progress.hidden = state !== "sending";
  }
}
