import { random, text, utf8 } from "./bytes.js";

/** AES-GCM as the store uses it: 96 random bits a sealing, and a place that the bytes are bound to. Nothing opens elsewhere. */

/** The device holds bytes that were changed, cut or put in another place since they were sealed. */
export class Damaged extends Error {}

const options = (iv, place) => ({ name: "AES-GCM", iv, additionalData: utf8(place) });

/** {iv, sealed} of bytes, bound to `place`. */
export async function seal(key, place, bytes) {
  const iv = random(12);
  return { iv, sealed: await crypto.subtle.encrypt(options(iv, place), key, bytes) };
}

/** The bytes again. Damaged, when they were not sealed with this key for this very place. */
export async function open(key, place, { iv, sealed }) {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(options(iv, place), key, sealed));
  } catch {
    throw new Damaged("What this device holds here was changed or is damaged.");
  }
}

export const sealJson = (key, place, content) => seal(key, place, utf8(JSON.stringify(content)));
export const openJson = async (key, place, sealed) => JSON.parse(text(await open(key, place, sealed)));
