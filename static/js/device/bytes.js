/** Bytes as text and back, as the store and the server write them. */

export const utf8 = (text) => new TextEncoder().encode(text);
export const text = (bytes) => new TextDecoder().decode(bytes);
export const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
export const unbase64 = (words) => Uint8Array.from(atob(words), (letter) => letter.charCodeAt(0));
export const random = (length) => crypto.getRandomValues(new Uint8Array(length));
