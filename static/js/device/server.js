import { SignedOut } from "../sender.js";
import { deviceTime } from "./times.js";

/** What the device says to the server and hears from it: docs/device-api.md. Keeps nothing but the token of the session. */

const API = "/device/api/";
const PATIENCE = 60_000; // ms for one answer
const SIGNED_OUT = "Sign in to go on forwarding. Everything that waits is kept.";

/** The server said no, with a sentence for the person; `body` has the rest. Asking the same again changes nothing. */
export class Declined extends Error {
  constructor(status, body) {
    super(body.sentence || `The server does not take this (${status}).`);
    Object.assign(this, { status, body });
  }
}

/** No answer, or none that counts: later again. */
export class Unreachable extends Error {}

const FOR_GOOD = new Set([404, 409, 413, 422]);

async function ask(path, { method = "GET", body, headers = {} } = {}) {
  let response;
  try {
    response = await fetch(API + path, {
      method,
      body: body && JSON.stringify(body),
      headers: { Accept: "application/json", ...(body && { "Content-Type": "application/json" }), ...headers },
      signal: AbortSignal.timeout(PATIENCE),
      redirect: "manual",
      cache: "no-store",
    });
  } catch {
    throw new Unreachable("No network. Everything is kept here and goes on by itself.");
  }
  if (response.status === 401 || response.type === "opaqueredirect") throw new SignedOut(SIGNED_OUT, 401);
  if (response.status === 304) return { response, said: null };
  const said = await response.json().catch(() => null);
  if (FOR_GOOD.has(response.status)) throw new Declined(response.status, said ?? {});
  if (!response.ok || !said) throw new Unreachable(said?.sentence || `The server answered ${response.status}. It goes on by itself.`);
  return { response, said };
}

/** Server minus device, in ms, when an answer with `serverTime` came to a question that was `sent` and `received` (ms). */
export const offsetOf = (serverTime, sent, received) => Math.round(Date.parse(serverTime) - (sent + received) / 2);

export class Server {
  offset = null; // ms, server minus device
  #csrf = "";

  /** Who is signed in and how far our clock is off; the token that every writing request of this page carries; what is ordered
      of the `device`. */
  async hello(device = "") {
    const echo = crypto.randomUUID();
    const sent = Date.now();
    const { said } = await ask(`hello?echo=${echo}${device && `&device=${device}`}`);
    if (said.echo !== echo) throw new Unreachable("The answer was an old one. It goes on by itself.");
    this.offset = offsetOf(said.server_time, sent, Date.now());
    this.#csrf = said.csrf;
    document.querySelector('meta[name="csrf-token"]').content = said.csrf; // the sender of files reads it there
    return said;
  }

  /** `holds` as the outbox tells it, null while the device is locked. */
  register = ({ id, name, holds, recovery_key }) =>
    this.#write("POST", "register", { id, name, clock_offset_ms: this.offset, holds, recovery_key });

  /** What became of an order to wipe this device. */
  wiped = (order, said) => this.#write("POST", `wipes/${order}`, said);

  events = async () => (await ask("events")).said.events;

  /** {day, etag}, or null when it is as the device has it. */
  async day(event, etag = "") {
    const { response, said } = await ask(`day/${event}`, { headers: etag ? { "If-None-Match": etag } : {} });
    return said && { day: said, etag: response.headers.get("ETag") ?? "" };
  }

  /** Forward a manifest with its hash: the receipt. */
  forward = (device, manifest, sha256) => this.#write("PUT", `cases/${manifest.case}`, { device, sha256, manifest, ...this.#now() });

  /** {receipt, now}: what the server has of a case by this device. */
  standing = async (device, id) => (await ask(`cases/${id}?device=${device}`)).said;

  finish = (device, id, revision) => this.#write("POST", `cases/${id}/finish`, { device, revision, ...this.#now() });

  mark = (device, { id, ...act }) => this.#write("PUT", `marks/${id}`, { device, ...act, ...this.#now() });

  /** End the session; the store stays. Unreachable without a network: then the session ends by itself. */
  async signOut() {
    await this.hello().catch(() => {});
    const sent = { method: "POST", headers: { "X-CSRFToken": this.#csrf }, redirect: "manual" };
    await fetch("/sign-out/", sent).catch(() => {
      throw new Unreachable("This device is locked. Without a network the session ends by itself.");
    });
  }

  #now() {
    return { sent_at: deviceTime(), clock_offset_ms: this.offset };
  }

  async #write(method, path, body) {
    return (await ask(path, { method, body, headers: { "X-CSRFToken": this.#csrf } })).said;
  }
}
