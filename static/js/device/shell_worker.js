/** Keeps the shell of the device: its page and the files that KEPT names, each version in a box of its own. Nothing else ever
    goes in: no answer of the server, nothing of anybody. What it does not keep goes past it to the network. */

const BOX = "teledent-device-";
const { version, shell, addresses } = self.KEPT;
const box = BOX + version;
const kept = new Set(addresses);

/** All of it or nothing: a version with a file missing is never installed, and the one before goes on. */
const take = async () => {
  const inside = await caches.open(box);
  await inside.addAll([new Request(shell, { cache: "reload", credentials: "omit" }), ...addresses]);
};

const clearOlder = async () => {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(BOX) && name !== box).map((name) => caches.delete(name)));
};

const fromBox = async (request, address) => (await (await caches.open(box)).match(address)) ?? fetch(request);

/** A new version stands beside the old one. It takes over when a page starts and no other page is open, never in between. */
const takeOverAtStart = async () => {
  const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (open.filter(({ url }) => new URL(url).pathname === shell).length <= 1) await self.skipWaiting();
};

self.addEventListener("install", (event) => event.waitUntil(take()));
self.addEventListener("activate", (event) => event.waitUntil(clearOlder().then(() => self.clients.claim())));
self.addEventListener("message", (event) => event.data.starting && event.waitUntil(takeOverAtStart()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === shell) event.respondWith(fromBox(request, shell));
  else if (kept.has(pathname)) event.respondWith(fromBox(request, pathname));
});
