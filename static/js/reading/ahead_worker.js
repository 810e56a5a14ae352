/** Worker of the reading room: holds the pictures of the next case in memory, under a budget, for as long as somebody reads.
    Each one is handed out only after the server said for this very request that it may still be shown (304). */

const BUDGET = 192 * 1024 * 1024;
const held = new Map(); // address to {etag, bytes, packed, type}, what was used longest ago first
const coming = new Map(); // address to the promise of what is being fetched
let total = 0;
let signedIn = {}; // another one after each sign-out

const drop = (address) => {
  total -= held.get(address)?.bytes.byteLength ?? 0;
  held.delete(address);
};

const keep = (address, thing) => {
  drop(address);
  if (thing.bytes.byteLength > BUDGET) return;
  held.set(address, thing);
  total += thing.bytes.byteLength;
  for (const old of [...held.keys()]) {
    if (total <= BUDGET) break;
    drop(old);
  }
};

/** Signed out: nothing stays, and what is still on its way is not kept. */
const dropAll = () => {
  signedIn = {};
  coming.clear();
  for (const address of [...held.keys()]) drop(address);
};

const fetchOne = async ({ address, ahead, etag }) => {
  const since = signedIn;
  const answer = await fetch(ahead, { cache: "no-store", headers: { "X-Background": "1" } });
  if (answer.redirected) return dropAll();
  if (!answer.ok) return undefined;
  const type = answer.headers.get("Content-Type");
  const bytes = await answer.arrayBuffer();
  if (since === signedIn) keep(address, { etag, type, packed: type === "application/gzip", bytes });
  return undefined;
};

/** Two pages that ask for one picture fetch it once. */
const fetchOnce = (one) => {
  const { address, etag } = one;
  if (held.get(address)?.etag === etag) return undefined;
  const asked = coming.get(address) ?? fetchOne(one).finally(() => asked === coming.get(address) && coming.delete(address));
  coming.set(address, asked);
  return asked;
};

const hold = async (pictures) => {
  const since = signedIn;
  for (const one of pictures) if (since === signedIn) await fetchOnce(one)?.catch(() => {}); // one after the other: what is looked at comes first
};

const bodyOf = ({ bytes, packed }) =>
  packed ? new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")) : bytes;

const answerTo = async (request, address) => {
  const one = held.get(address);
  const asked = await fetch(address, { headers: { "If-None-Match": one.etag }, cache: "no-store", credentials: "same-origin" });
  if (asked.redirected) dropAll();
  if (asked.status !== 304) {
    drop(address);
    return asked;
  }
  if (held.get(address) === one) keep(address, one); // the one used last
  const type = one.packed ? "application/octet-stream" : one.type;
  return new Response(bodyOf(one), { headers: { "Content-Type": type, "X-Held": "memory" } });
};

/** Whatever writes goes past the worker: the last words of a page that closes must not wait for one that starts or ends.
    For the same reason a page that is open is never taken over; the next one is served. What is never held goes past it, too. */
self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.addRoutes?.([
    { condition: { requestMethod: "POST" }, source: "network" },
    { condition: { requestMode: "navigate" }, source: "network" },
    { condition: { urlPattern: "/static/*" }, source: "network" },
    { condition: { urlPattern: "/pictures/*/thumbnail/*" }, source: "network" },
  ]);
});
self.addEventListener("message", (event) => {
  if (event.data.drop) dropAll();
  if (event.data.hold) event.waitUntil(hold(event.data.hold));
  event.ports[0]?.postMessage({ total, held: held.size, budget: BUDGET });
});
self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method === "GET" && held.has(pathname)) event.respondWith(answerTo(event.request, pathname));
});
