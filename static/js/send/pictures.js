import { csrfToken } from "../csrf.js";
import { Known, SignedOut, send, sha256 } from "../sender.js";
import { hintsFor } from "./quality.js";

/** The pictures of a link: taken or chosen for a view, looked at for a hint, sent by themselves, taken away again. */

const LARGEST = 30 * 1024 * 1024;
const EARLIEST = Date.UTC(1990);
const views = document.querySelector("#views");
const words = views.dataset;
const goOn = document.querySelector("#go-on");
const known = new Map(); // sha256 -> its row on the page
const line = []; // those that wait for their turn, each to be called when it is
const AT_ONCE = 2; // pictures: the server reads so many of one link at a time, and turns the next away
let underWay = 0;
let sending = 0;

document.documentElement.classList.add("js");

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

const say = (text) => {
  document.querySelector("#says").textContent = text;
};

const takenAt = ({ lastModified }) =>
  lastModified >= EARLIEST && lastModified <= Date.now() + 60_000 ? new Date(lastModified).toISOString() : "";

/** One goes on once something is in, and nothing is on its way or still to be taken away. */
function mayGoOn() {
  const isIn = views.querySelector(".picture:not(.refused, .failed, .sending, .declared, .stays)");
  goOn.hidden = underWay > 0 || !isIn || Boolean(views.querySelector(".stays"));
}

class Row {
  leaving = new AbortController(); // she takes it away
  work = Promise.resolve(); // until its sending is over

  constructor(view, title) {
    this.root = element("li", "picture sending");
    this.canvas = element("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    this.state = element("span", "grow", words.waiting);
    this.bar = element("progress");
    this.bar.setAttribute("aria-label", `${words.sending}: ${title}`);
    this.hints = element("p", "hints small");
    this.away = element("button", "btn quiet", words.takeAway);
    this.away.type = "button";
    this.away.append(element("span", "vh", `: ${title}`));
    this.root.append(this.canvas, this.state, this.away, this.bar, this.hints);
    view.querySelector(".sent").append(this.root);
  }

  progress(bytes, of) {
    this.bar.max = of;
    this.bar.value = bytes;
    this.state.textContent = `${words.sending} ${Math.floor((100 * bytes) / of)} %`;
  }

  settled(text, className) {
    this.root.className = `picture ${className}`;
    this.state.textContent = text;
    this.bar.remove();
    if (className === "refused") this.hints.remove();
    say(text);
  }
}

async function look(file, row) {
  try {
    const bitmap = await createImageBitmap(file);
    const share = 96 / Math.max(bitmap.width, bitmap.height);
    row.canvas.width = Math.max(1, bitmap.width * share);
    row.canvas.height = Math.max(1, bitmap.height * share);
    row.canvas.getContext("2d").drawImage(bitmap, 0, 0, row.canvas.width, row.canvas.height);
    row.hints.textContent = hintsFor(bitmap).map((hint) => words[hint]).join(" ");
    bitmap.close();
  } catch {
    row.canvas.remove(); // a kind that this browser cannot draw: the server looks at it
  }
}

const start = () => window.location.assign(words.uploads.replace("uploads/", "")); // it says what there is to do, or that it is over

/** Whether the server says that the picture is struck off, or that it never heard of it. */
async function tookAway(id) {
  const address = words.away.replace("00000000-0000-0000-0000-000000000000", id);
  const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json" };
  try {
    const response = await fetch(address, { method: "POST", headers, redirect: "manual" });
    if (response.status === 404 || response.type === "opaqueredirect") start();
    return response.status === 204;
  } catch {
    return false; // no network: it stands there until she tries again
  }
}

/** End the sending first: what is announced after the answer would be sent, and no row would show it. */
async function takeAway(row, item) {
  row.away.disabled = true;
  row.leaving.abort();
  await row.work;
  if (await tookAway(item.id)) {
    known.forEach((one, hash) => one === row && known.delete(hash));
    row.root.remove();
  } else {
    row.settled(words.stays, "stays");
    row.away.disabled = false;
  }
  mayGoOn();
}

/** Waits until fewer than AT_ONCE are being sent. Throws when `signal` ends it before. */
async function turn(signal) {
  signal.throwIfAborted();
  if (sending < AT_ONCE) {
    sending += 1;
    return;
  }
  await new Promise((resolve, reject) => {
    line.push(resolve);
    const leave = () => {
      const place = line.indexOf(resolve);
      if (place >= 0) line.splice(place, 1);
      reject(signal.reason);
    };
    signal.addEventListener("abort", leave, { once: true });
  });
}

/** The next in line takes the place of the one that is done. */
function done() {
  if (line.length) line.shift()();
  else sending -= 1;
}

async function deliver(row, item) {
  await turn(row.leaving.signal);
  try {
    await sendWhole(row, item);
  } finally {
    done();
  }
}

/** Sent until it is in. The same bytes that were interrupted before, in another visit of this page, are gone on with in their place. */
async function sendWhole(row, item) {
  const told = {
    signal: row.leaving.signal,
    progress: (bytes) => row.progress(bytes, item.blob.size),
    interrupted: () => {
      row.state.textContent = words.interrupted;
    },
  };
  try {
    await send(item, words.uploads, told);
  } catch (error) {
    if (!(error instanceof Known) || error.arrived) throw error;
    item.id = error.id;
    document.querySelector(`#picture-${error.id}`)?.replaceWith(row.root);
    await send(item, words.uploads, told);
  }
}

async function work(row, item) {
  underWay += 1;
  mayGoOn();
  try {
    await look(item.blob, row);
    item.sha256 = await sha256(item.blob);
    if (known.has(item.sha256)) return row.settled(words.twice, "refused");
    known.set(item.sha256, row);
    await deliver(row, item);
    row.settled(words.received, "received");
  } catch (error) {
    if (!row.leaving.signal.aborted) fail(row, error);
  } finally {
    underWay -= 1;
    mayGoOn();
  }
  return undefined;
}

/** In the words of the page: what the server says is for staff, and in its own language. */
function fail(row, error) {
  if (error instanceof SignedOut || [404, 410].includes(error.status)) start();
  else if (error instanceof Known) row.settled(words.twice, "refused");
  else row.settled(error.status === 422 ? words.enough : words.notSent, "refused");
}

function bring(view, file) {
  const row = new Row(view, view.querySelector("h2").textContent);
  const labels = { view: view.dataset.view, captured_at: takenAt(file), ...(words.of && { of: words.of }) };
  const item = { id: crypto.randomUUID(), name: file.name, blob: file, labels };
  row.away.addEventListener("click", () => takeAway(row, item));
  if (file.size > LARGEST) row.settled(words.tooLarge, "refused");
  else row.work = work(row, item);
}

views.addEventListener("submit", async (event) => {
  event.preventDefault(); // a new page would end what is being sent
  const row = event.target.closest(".picture");
  if (await tookAway(row.dataset.id)) row.remove();
  else say(words.stays);
  mayGoOn();
});

for (const input of views.querySelectorAll('input[type="file"]')) {
  input.addEventListener("change", () => {
    const view = input.closest(".view");
    for (const file of input.files) {
      if (globalThis.crypto?.subtle) bring(view, file);
      else new Row(view, view.querySelector("h2").textContent).settled(words.notSecure, "refused");
    }
    input.value = "";
  });
}

mayGoOn();
