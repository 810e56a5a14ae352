/** Things kept in memory under a budget of bytes: what was used longest ago goes first. */

export class Shelf {
  #held = new Map();
  #bytes = 0;

  constructor(budget) {
    this.budget = budget;
  }

  get bytes() {
    return this.#bytes;
  }

  get size() {
    return this.#held.size;
  }

  get(key) {
    const found = this.#held.get(key);
    if (!found) return undefined;
    this.#held.delete(key);
    this.#held.set(key, found);
    return found.thing;
  }

  /** Keep a thing of so many bytes; returns those that had to go. One that is larger than the budget is not kept. */
  put(key, thing, bytes) {
    this.drop(key);
    if (bytes > this.budget) return [thing];
    this.#held.set(key, { thing, bytes });
    this.#bytes += bytes;
    const gone = [];
    for (const [old, one] of this.#held) {
      if (this.#bytes <= this.budget) break;
      this.drop(old);
      gone.push(one.thing);
    }
    return gone;
  }

  drop(key) {
    const found = this.#held.get(key);
    if (!found) return;
    this.#held.delete(key);
    this.#bytes -= found.bytes;
  }
}
