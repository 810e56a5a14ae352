import { random, unbase64, utf8 } from "./bytes.js";

/**
 * One person's way to the device's store key: what she knows derives a key that wraps it (PBKDF2-SHA-256, AES-GCM). And the
 * practice's way: wrapped for its public recovery key (RSA-OAEP with SHA-256).
 */

export const ROUNDS = 600_000; // a thief tries about this often for one guess
const STORE_KEY = { name: "AES-GCM", length: 256 };
const SHORTEST_PIN = 6;
const SHORTEST_PASSPHRASE = 10;

const steps = (digits) => new Set(Array.from(digits).slice(1).map((digit, at) => digit - digits[at]));

/** What is wrong with a new PIN or passphrase, as a sentence; "" when nothing is. */
export function weakness(secret) {
  const known = secret.normalize("NFC");
  if (!/^\d+$/.test(known)) {
    return [...known].length < SHORTEST_PASSPHRASE ? `A passphrase has at least ${SHORTEST_PASSPHRASE} characters.` : "";
  }
  if (known.length < SHORTEST_PIN) return `A PIN has at least ${SHORTEST_PIN} digits.`;
  const even = steps(known); // 111111, 123456 and 975310 go by one step
  return even.size === 1 ? "This PIN is among the first that anybody tries. Choose digits in no order." : "";
}

async function derive(secret, salt, rounds) {
  const known = await crypto.subtle.importKey("raw", utf8(secret.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, known, STORE_KEY, false, ["wrapKey", "unwrapKey"]);
}

const bound = (person, iv) => ({ name: "AES-GCM", iv, additionalData: utf8(`unlockers|${person}`) });

/** The row of a person. `key` is the store key while it may still be wrapped (extractable). */
export async function unlockerFor({ person, name, secret, key, rounds = ROUNDS }) {
  const [salt, iv] = [random(16), random(12)];
  const wrapped = await crypto.subtle.wrapKey("raw", key, await derive(secret, salt, rounds), bound(person, iv));
  return { person, name, salt, iv, rounds, wrapped, tries: 0 };
}

/** The store key, or null when this is not her secret. */
export async function storeKeyOf({ person, salt, iv, rounds, wrapped }, secret, { extractable = false } = {}) {
  const by = await derive(secret, salt, rounds);
  try {
    return await crypto.subtle.unwrapKey("raw", wrapped, by, bound(person, iv), STORE_KEY, extractable, ["encrypt", "decrypt"]);
  } catch {
    return null;
  }
}

/** The same key once more, as one that nobody can take out of the browser or wrap again. */
export async function closed(key) {
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", key));
  const inside = await crypto.subtle.importKey("raw", raw, STORE_KEY, false, ["encrypt", "decrypt"]);
  raw.fill(0);
  return inside;
}

const OAEP = { name: "RSA-OAEP", hash: "SHA-256" };

/** The store key for whoever holds the practice's private key; `spki` are the bytes of its public one. */
export async function wrappedForPractice(key, spki) {
  const recovery = await crypto.subtle.importKey("spki", spki, OAEP, false, ["wrapKey"]);
  return crypto.subtle.wrapKey("raw", key, recovery, OAEP);
}

/** The store key by the practice's private key (bytes of its PKCS #8), or null when it is another practice's. */
export async function storeKeyByPractice(wrapped, pkcs8) {
  try {
    const recovery = await crypto.subtle.importKey("pkcs8", pkcs8, OAEP, false, ["unwrapKey"]);
    return await crypto.subtle.unwrapKey("raw", wrapped, recovery, OAEP, STORE_KEY, true, ["encrypt", "decrypt"]);
  } catch {
    return null;
  }
}

/** The bytes of a private key out of its file (PEM). Null, when this is no such file. */
export function privateKeyIn(pem) {
  const [, inside] = /-----BEGIN PRIVATE KEY-----([\s\S]+)-----END PRIVATE KEY-----/.exec(pem) ?? [];
  try {
    return inside ? unbase64(inside.replace(/\s+/g, "")) : null;
  } catch {
    return null;
  }
}

/** A store key, new and not yet wrapped. */
export const newStoreKey = () => crypto.subtle.generateKey(STORE_KEY, true, ["encrypt", "decrypt"]);
