import { hex, utf8 } from "./bytes.js";

/** JSON in one spelling, so that both sides hash the same bytes: keys sorted, no spaces, whole numbers only. */

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

export const canonical = (value) => JSON.stringify(sorted(value));

/** SHA-256 in hex of the canonical JSON. */
export const hashOf = async (value) => hex(await crypto.subtle.digest("SHA-256", utf8(canonical(value))));
