/** How much the browser lets this device keep, and whether it has promised not to throw it away. */

const FULL_AT = 0.8; // of what the browser allows; the rest is for what is being written already
const MEGABYTE = 1 << 20;

/** There is no room for what was to be kept. What was kept before is still there. */
export class Full extends Error {}

export const FULL =
  "There is no room left on this device for another picture. Nothing that was kept is lost. Connect to the network and forward what waits, then go on.";

const amount = (bytes) =>
  bytes >= 1024 * MEGABYTE ? `${(bytes / 1024 / MEGABYTE).toFixed(1)} GB` : `${Math.ceil(bytes / MEGABYTE)} MB`;

/** Ask that the browser keep the store until a person deletes it. It may say no. */
export const askToProtect = async () => (await navigator.storage?.persist?.()) ?? false;

/** {used, quota} in bytes, `isProtected`, and one sentence about it. */
export async function room(storage = navigator.storage) {
  const { usage = 0, quota = 0 } = (await storage?.estimate?.()) ?? {};
  const isProtected = (await storage?.persisted?.()) ?? false;
  const safety = isProtected ? "protected by the browser" : "not protected: add Teledent to the home screen of this device";
  return { used: usage, quota, isProtected, sentence: `${amount(usage)} of ${amount(quota)} used, ${safety}.` };
}

/** Full, when so many more bytes would leave less than a fifth of the room. */
export async function makeSureOfRoom(bytes, storage = navigator.storage) {
  const { used, quota } = await room(storage);
  if (quota && used + bytes > quota * FULL_AT) throw new Full(FULL);
}

/** What the browser says when a write found no room, as our own word for it. */
export const orFull = (error) => (error?.name === "QuotaExceededError" ? new Full(FULL) : error);
