import { csrfToken } from "./csrf.js";

/** One file on its way by tus 1.0.0: announced, sent in parts, gone on with after every break. Knows nothing of the page. */

const TUS = { "Tus-Resumable": "1.0.0", Accept: "application/json" };
const SMALLEST = 256 * 1024;
const LARGEST = 8 * 1024 * 1024; // the server takes no larger part; at the speed that leads here it is on its way for 10 s
const [QUICK, SLOW] = [5000, 20_000]; // ms for a part: quicker, and the next is twice as large; slower, and it is half as large
const SOON = 5; // so often after a break it is tried again within a second, then more and more seldom
const LONGEST_WAIT = 60_000;
const PATIENCE = 60_000; // ms for one part; a silent connection is given up and gone on with

let size = SMALLEST; // bytes of the next part: what the line has proved to take, kept from file to file

/** Stops for good: the server said no with a sentence for the person. */
export class Refusal extends Error {
  constructor(sentence, status = 0) {
    super(sentence);
    this.status = status;
  }
}

/** Stops until somebody has signed in. */
export class SignedOut extends Refusal {}

/** The server has no place just now, or was asked too often, and said for how long: nothing is wrong with the line or the file. */
class Busy extends Error {
  constructor(sentence, seconds) {
    super(sentence || "The server is busy.");
    this.pause = seconds * 1000 * (1 + Math.random()); // ms; those turned away together must not come back together
  }
}

/** The case holds these bytes already. `arrived` tells whether they are whole there. */
export class Known extends Error {
  constructor({ id, arrived, view }) {
    super(`Already in this case as ${view}.`);
    Object.assign(this, { id, arrived, view });
  }
}

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
const base64 = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const once = (target, event) => new Promise((resolve) => target.addEventListener(event, resolve, { once: true }));

/** SHA-256 of a blob in hex. */
export const sha256 = async (blob) => hex(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));

const metadata = (pairs) =>
  Object.entries(pairs)
    .filter(([, value]) => value)
    .map(([key, value]) => `${key} ${base64(new TextEncoder().encode(String(value)))}`)
    .join(",");

/** Gives a request up after a time, or as soon as `signal` says so. */
function patience(signal) {
  const giving = new AbortController();
  for (const one of [AbortSignal.timeout(PATIENCE), signal]) one?.addEventListener("abort", () => giving.abort(one.reason), { once: true });
  return giving.signal;
}

async function ask(address, { method, headers = {}, body, signal }) {
  const response = await fetch(address, {
    method,
    body,
    headers: { ...TUS, "X-CSRFToken": csrfToken(), ...headers },
    signal: patience(signal),
    redirect: "manual",
  });
  if (response.type === "opaqueredirect") throw new SignedOut("You were signed out. Sign in again: the sending goes on.");
  return response;
}

async function sentenceOf(response) {
  const text = await response.text();
  try {
    const said = JSON.parse(text);
    return said.sentence || said.title || "";
  } catch {
    return text.startsWith("<") ? "" : text;
  }
}

const isForGood = (status) => status >= 400 && status < 500 && ![408, 409, 412, 422, 429, 460].includes(status);

async function announce(item, uploads) {
  const response = await ask(uploads, {
    method: "POST",
    headers: {
      "Upload-Length": String(item.blob.size),
      "Upload-Metadata": metadata({ ...item.labels, id: item.id, sha256: item.sha256, filename: item.name }),
    },
  });
  if (response.status === 409) {
    const known = await response.json();
    if (known.id) throw new Known(known);
    throw new Refusal(known.sentence);
  }
  if (response.status === 422) throw new Refusal((await sentenceOf(response)) || "The server does not take this file.", 422);
  if (!response.ok) await fail(response);
  return { address: response.headers.get("Location"), offset: Number(response.headers.get("Upload-Offset")) };
}

async function fail(response) {
  const said = await sentenceOf(response);
  if (isForGood(response.status)) throw new Refusal(said || "The server does not take this file.", response.status);
  const seconds = Number(response.headers.get("Retry-After"));
  if ([429, 503].includes(response.status) && seconds > 0) throw new Busy(said, seconds);
  throw new Error(said || `Answer ${response.status}`);
}

async function whereToGoOn(address) {
  const response = await ask(address, { method: "HEAD" });
  if (!response.ok) await fail(response);
  return { offset: Number(response.headers.get("Upload-Offset")), whole: response.headers.has("Upload-Receipt") };
}

const pauseAfter = (tries) => 1000 * 2 ** Math.max(Math.min(tries - SOON, 6), 0) * (0.5 + Math.random() / 2);

/** Send parts from `offset` until the receipt. Throws on every break; the caller asks where to go on. */
async function sendFrom(address, blob, offset, { progress, signal }) {
  for (;;) {
    signal?.throwIfAborted();
    const part = blob.slice(offset, Math.min(offset + size, blob.size));
    const started = performance.now();
    const checksum = base64(await crypto.subtle.digest("SHA-256", await part.arrayBuffer()));
    const response = await ask(address, {
      method: "PATCH",
      body: part,
      signal,
      headers: {
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": String(offset),
        "Upload-Checksum": `sha256 ${checksum}`,
      },
    });
    if (!response.ok) await fail(response);
    const spent = performance.now() - started;
    if (spent > SLOW) size = Math.max(size / 2, SMALLEST);
    else if (spent < QUICK && part.size === size) size = Math.min(size * 2, LARGEST);
    if (response.headers.has("Upload-Receipt")) return;
    offset = Number(response.headers.get("Upload-Offset"));
    progress(offset);
  }
}

/**
 * Send `item` ({id, sha256, name, blob, labels}) until it is whole on the server; breaks are waited out, so many in a row as
 * `breaks` says, and a busy server as long as it asks for. `progress(bytes)` and `interrupted(sentence)` tell the page. `signal`
 * ends it: an announcement that is on its way is waited for, so that none comes in after the end. Throws Refusal or Known, what
 * ended it, or what broke it last.
 */
export async function send(item, uploads, { progress, interrupted, breaks = Infinity, signal }) {
  let address = "";
  for (let tries = 0; ; ) {
    try {
      signal?.throwIfAborted();
      let { offset, whole } = { offset: 0, whole: false };
      if (address) ({ offset, whole } = await whereToGoOn(address));
      else ({ address, offset } = await announce(item, uploads));
      if (whole) return;
      progress(offset);
      await sendFrom(address, item.blob, offset, {
        signal,
        progress(bytes) {
          tries = 0;
          progress(bytes);
        },
      });
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof Refusal || error instanceof Known) throw error;
      const isBusy = error instanceof Busy;
      if (!isBusy && tries >= breaks) throw error;
      if (!isBusy) size = Math.max(size / 2, SMALLEST);
      interrupted(reasonOf(error));
      const pause = Math.min(isBusy ? error.pause : pauseAfter(tries), LONGEST_WAIT);
      await Promise.race([wait(pause), once(globalThis, "online"), ...(signal ? [once(signal, "abort")] : [])]);
      if (!isBusy) tries += 1;
    }
  }
}

function reasonOf(error) {
  if (error instanceof Busy) return "The server is busy, goes on by itself";
  return navigator.onLine ? "Interrupted, goes on by itself" : "No network, goes on by itself";
}
