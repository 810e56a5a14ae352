import { Stale } from "./vault.js";

/** A case while she works on it: what she says is kept a moment after she says it, one write after the other. */

const MOMENT = 400; // ms after the last change

export class Draft {
  #vault;
  #said;
  #timer = 0;
  #writing = Promise.resolve();

  /** `said(words, isKept)` tells the page; `record` as the vault gives it. */
  constructor(vault, record, said) {
    this.#vault = vault;
    this.#said = said;
    this.record = record;
  }

  get content() {
    return this.record.content;
  }

  /** Change the content by `change(content)`, and keep it in a moment. */
  change(change) {
    change(this.content);
    this.#said("Not kept yet", false);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write().catch(() => {}), MOMENT);
  }

  /** Keep at once what is not kept yet; throws when it cannot be. That another tab was faster is no reason to stay: it is returned
      in words, to be told where she goes, for the line that says so here goes with her; "" when all is kept. */
  async settle() {
    clearTimeout(this.#timer);
    try {
      await (this.#timer ? this.#write() : this.#writing);
      return "";
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
      return `What you said last is not kept. ${error.message}`;
    }
  }

  #write() {
    this.#timer = 0;
    this.#writing = this.#writing.catch(() => {}).then(() => this.#keep());
    return this.#writing;
  }

  async #keep() {
    try {
      this.record.revision = await this.#vault.keep(this.record, this.record.revision);
      const at = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
      this.#said(`Saved on this device ${at}`, true);
    } catch (error) {
      this.#said(error.message, false);
      throw error;
    }
  }
}
