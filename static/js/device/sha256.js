/** SHA-256 (FIPS 180-4) of bytes that come one after the other: the browser's own wants the whole file in memory at once. */

const primes = (count) => {
  const found = [];
  for (let n = 2; found.length < count; n += 1) if (found.every((prime) => n % prime)) found.push(n);
  return found;
};
const fraction = (root) => ((root - Math.floor(root)) * 2 ** 32) | 0; // the first 32 bits after the point

const K = Int32Array.from(primes(64), (prime) => fraction(Math.cbrt(prime)));
const FIRST = Int32Array.from(primes(8), (prime) => fraction(Math.sqrt(prime)));
const BLOCK = 64; // bytes
const turn = (word, by) => (word >>> by) | (word << (32 - by));

export class Sha256 {
  #state = FIRST.slice();
  #words = new Int32Array(64);
  #rest = new Uint8Array(BLOCK);
  #resting = 0;
  #length = 0;

  /** Take in further bytes (Uint8Array). */
  update(bytes) {
    this.#length += bytes.length;
    let at = 0;
    if (this.#resting) {
      at = Math.min(BLOCK - this.#resting, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#resting);
      this.#resting += at;
      if (this.#resting < BLOCK) return this;
      this.#compress(this.#rest, 0);
      this.#resting = 0;
    }
    for (; at + BLOCK <= bytes.length; at += BLOCK) this.#compress(bytes, at);
    this.#rest.set(bytes.subarray(at));
    this.#resting = bytes.length - at;
    return this;
  }

  /** The hash in hex; nothing can be added after. */
  digest() {
    const bits = this.#length * 8;
    const padding = new Uint8Array((this.#resting < 56 ? 56 : 120) - this.#resting + 8);
    padding[0] = 0x80;
    const view = new DataView(padding.buffer);
    view.setUint32(padding.length - 8, Math.floor(bits / 2 ** 32));
    view.setUint32(padding.length - 4, bits >>> 0);
    this.update(padding);
    return Array.from(this.#state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  #compress(bytes, at) {
    const w = this.#words;
    for (let i = 0, from = at; i < 16; i += 1, from += 4)
      w[i] = (bytes[from] << 24) | (bytes[from + 1] << 16) | (bytes[from + 2] << 8) | bytes[from + 3];
    for (let i = 16; i < 64; i += 1) {
      const a = w[i - 15];
      const b = w[i - 2];
      w[i] = (w[i - 16] + w[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))) | 0;
    }
    let [a, b, c, d, e, f, g, h] = this.#state;
    for (let i = 0; i < 64; i += 1) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    const s = this.#state;
    s[0] += a; s[1] += b; s[2] += c; s[3] += d; s[4] += e; s[5] += f; s[6] += g; s[7] += h;
  }
}
