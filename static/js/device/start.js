import { App } from "./app.js";
import { Bar } from "./bar.js";
import { Child } from "./child.js";
import { Day } from "./day.js";
import { Door } from "./door.js";
import { notice, show, told } from "./parts.js";

/** The device's page from its start: kept for days without a network, locked until somebody unlocks. */

const WORKER = "/device/sw.js";
const LOOK_AT_CLOCK = 15_000; // ms

/** The worker that keeps this page. One of a newer version may take over now, while nothing is open yet. */
async function keepShell() {
  const registration = await navigator.serviceWorker.register(WORKER, { scope: "/device/" });
  if (!registration.waiting) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration.waiting.postMessage({ starting: true });
}

async function start() {
  if (!window.isSecureContext || !("serviceWorker" in navigator)) {
    notice("This browser keeps nothing safely here. Open Teledent by its https address, in a current browser.", "wait");
    return;
  }
  keepShell().catch(() => {}); // no network, and nothing new: what was kept goes on

  const app = await App.open(() => closed());
  const bar = new Bar(app);
  const child = new Child(app, { back: () => day.show(), changed: () => bar.refresh() });
  const day = new Day(app, (ofDay, one) => told(async () => { day.hide(); notice(""); await child.show(ofDay, one); }));
  const door = new Door(app, () => entered());

  /** A retired device says so, with a network or without. */
  async function warn() {
    const sentence = await app.retired();
    if (sentence) notice(sentence, "wait");
  }

  /** What stands on the screen, drawn anew. */
  const redraw = () => told(async () => { if (app.keys.isUnlocked) await Promise.all([day.refresh(), child.refresh()]); });

  async function entered() {
    door.hide();
    notice("");
    show("#lock", true);
    show("#sign-out", true);
    await day.show();
    await app.begin((drain) => bar.watch(drain, redraw), redraw);
    await bar.refresh();
    await warn();
    app.contact().then(warn).catch(() => {}); // when there is a network; the drain says what is wrong with it
  }

  function closed() {
    day.hide();
    child.hide();
    show("#lock", false);
    show("#sign-out", false);
    told(() => door.show());
  }

  /** What another tab was faster with is told, without a name, when nothing of her is on the screen any more. */
  async function lock() {
    const lost = await child.settle();
    app.keys.lock();
    if (lost) notice(lost, "wait");
  }

  document.querySelector("#lock").addEventListener("click", () => told(lock));
  document.querySelector("#sign-out").addEventListener("click", () => told(() => askToSignOut(app)));
  document.querySelector("#leave").addEventListener("close", ({ target }) => target.returnValue === "yes" && told(() => signOut(app)));
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => app.keys.isUnlocked && app.keys.touch(), true);
  addEventListener("visibilitychange", () => app.keys.lockIfIdle());
  setInterval(() => app.keys.lockIfIdle(), LOOK_AT_CLOCK);

  await bar.refresh();
  await door.show();
  if (await app.device()) app.contact().catch(() => {}); // an order to wipe it counts for a locked device, too
}

/** Whoever signs out with work that only this device has is told so. It stays here under lock. */
async function askToSignOut(app) {
  const { drafts, waiting, aside } = await app.outbox.counts();
  const here = drafts + waiting + aside;
  if (!here) return signOut(app);
  const sentence = `${here} ${here === 1 ? "case is" : "cases are"} on this device only. Nothing is lost: it stays here under lock, and is forwarded once somebody unlocks and signs in.`;
  document.querySelector("#leave p").textContent = sentence;
  document.querySelector("#leave").showModal();
  return undefined;
}

async function signOut(app) {
  app.keys.lock();
  await app.server.signOut();
  notice("Signed out, and this device is locked.", "ok");
}

start().catch((error) => notice(error.message, "wait"));
