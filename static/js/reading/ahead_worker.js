/** Worker of the reading room: holds the pictures of the next case in memory, under a budget, for as long as somebody reads.
    Each one is handed out only after the server said for this very request that it may still be shown (304). */

const BUDGET = 192 * 1024 * 1024;
const held = new Map(); // address to {etag, bytes, packed, type}, what was used longest ago first
let total = 0;

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

const fetchOne = async ({ address, ahead, etag }) => {
  if (held.get(address)?.etag === etag) return;
  const answer = await fetch(ahead, { cache: "no-store", headers: { "X-Background": "1" } });
  if (!answer.ok || answer.redirected) return;
  const type = answer.headers.get("Content-Type");
  keep(address, { etag, type, packed: type === "application/gzip", bytes: await answer.arrayBuffer() });
};

const hold = async (pictures) => {
  for (const one of pictures) await fetchOne(one).catch(() => {}); // one after the other: what is looked at comes first
};

const bodyOf = ({ bytes, packed }) =>
  packed ? new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")) : bytes;

const answerTo = async (request, address) => {
  const one = held.get(address);
  const asked = await fetch(address, { headers: { "If-None-Match": one.etag }, cache: "no-store", credentials: "same-origin" });
  if (asked.redirected) for (const other of [...held.keys()]) drop(other); // signed out: nothing stays
  if (asked.status !== 304) {
    drop(address);
    return asked;
  }
  const type = one.packed ? "application/octet-stream" : one.type;
  return new Response(bodyOf(one), { headers: { "Content-Type": type, "X-Held": "memory" } });
};

/** Whatever writes goes past the worker: the last words of a page that closes must not wait for one that starts or ends.
    For the same reason a page that is open is never taken over; the next one is served. */
self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.addRoutes?.([
    { condition: { requestMethod: "POST" }, source: "network" },
    { condition: { requestMode: "navigate" }, source: "network" },
  ]);
});
self.addEventListener("message", (event) => {
  if (event.data.hold) event.waitUntil(hold(event.data.hold));
  event.ports[0]?.postMessage({ total, held: held.size, budget: BUDGET });
});
self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method === "GET" && held.has(pathname)) event.respondWith(answerTo(event.request, pathname));
});
