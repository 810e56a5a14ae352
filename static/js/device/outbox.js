import { anew, byUrgency, gatheredOf, isUrgent, manifestOf, unproved } from "./manifest.js";
import { deviceTime } from "./times.js";

/**
 * What was gathered and what became of it. A case is a draft, waits once she finished it, stands aside when the server said
 * no to it, and is gone once the server proved every file: then a receipt stands in its place.
 *
 * States of "case": draft, waiting, aside. Of "receipt": forwarded, unsubmitted (all there, and the server says what stands
 * against submitting it), let-go (it ended at the server, and a person let go of what was here only). Of "mark": waiting,
 * aside, forwarded.
 *
 * Of a case, `asked` says that the server was asked to submit it: it may have done so, whatever answer came. `closed` says that
 * the server takes no more into it, `only` how many of its pictures are here alone, and `late` names those among them that were
 * kept after she finished.
 */

const WEEK = 7 * 24 * 60 * 60_000;
const named = (files) => files.map(({ id }) => id);

/** The highest revision that the server is known to have, or that stands here. */
const newestOf = ({ content }) => Math.max(content.manifest?.revision ?? 0, content.newest ?? 0);

export class Outbox {
  #vault;
  #files;

  constructor(vault, files) {
    this.#vault = vault;
    this.#files = files;
  }

  /** She is through with a case: what was gathered is frozen as a manifest and waits. */
  async finish(record, { by, statement, at = new Date() }) {
    const content = { ...record.content, finished: { at: deviceTime(at), by, statement }, sentence: "", whom: null };
    const files = await this.#files.of(record.id);
    content.manifest = manifestOf(record.id, content, files, { after: newestOf(record), at });
    return this.#put(record, "waiting", content);
  }

  /** Back to her hands, to be changed and finished again. */
  reopen = (record) => this.#put(record, "draft", { ...record.content, finished: null, asked: false });

  /** Try once more what stood aside. Where the server has another content under our revision or a later one, ours goes on after it. */
  again(record) {
    const { manifest, newest = 0 } = record.content;
    const isBehind = manifest && newest >= manifest.revision;
    const content = { ...record.content, ...(isBehind && { manifest: anew(manifest, newest) }), sentence: "", closed: false, only: 0, late: [] };
    return this.#put(record, "waiting", content);
  }

  /** That the server is asked to submit a case, or that it did not. Stale, when she took the case back meanwhile. */
  asked = (record, isAsked) =>
    Boolean(record.content.asked) === isAsked ? record : this.#put(record, record.state, { ...record.content, asked: isAsked });

  /** Back to her hands as another case, with its pictures: into the one that it was, the server takes no more. */
  async asItsOwn(record) {
    const content = { ...gatheredOf(record.content), who: record.content.who, finished: null };
    const id = crypto.randomUUID();
    await this.#vault.replace([record], { id, kind: "case", state: "draft", content }, await this.#files.moved(record.id, id));
  }

  /** A person gave up what only this device has of a case that ended at the server: what she was told of, and no picture that came since. */
  letGo = (record) => this.#leave(record, "let-go", {}, record.content.late);

  /** Something is said of a child: `content` as `markOf` gives it. What waits of her and is now said otherwise goes with it. */
  mark = (content, before) => this.#vault.replace(before, { id: crypto.randomUUID(), kind: "mark", state: "waiting", content });

  /** The list of the day took it over: kept for as long as the list that was taken along does not know it. */
  marked = (record) => this.#put(record, "forwarded", record.content);

  /** Marks of a school day that the server has: a list that is asked for from now on knows them. */
  forwardedMarks = async (event) => (await this.#vault.all("mark")).filter(({ state, content }) => state === "forwarded" && content.act.event === event);

  /** She said whom the server is to take her for: one of those whom it named, or (null) none of them. */
  meant(record, id) {
    const { content } = record;
    const patient = { ...content.patient, id, another: id === null };
    const who = { ...content.who, patient: id ?? content.who.patient };
    const manifest = { ...anew(content.manifest, newestOf(record)), patient };
    return this.#put(record, "waiting", { ...content, patient, who, manifest, whom: null, sentence: "" });
  }

  aside = (record, sentence, more = {}) => this.#put(record, "aside", { ...record.content, ...more, sentence });

  /** Cases that wait: urgent ones first (CA-7), then the one finished first before the others. */
  async waiting() {
    const all = await this.#vault.all("case");
    const at = ({ content }) => Date.parse(content.finished.at);
    return all.filter(({ state }) => state === "waiting").sort((a, b) => byUrgency(a.content.manifest, b.content.manifest) || at(a) - at(b));
  }

  /** Marks of children (absent, refused) that wait, as they were made. */
  async marks() {
    const all = await this.#vault.all("mark");
    return all.filter(({ state }) => state === "waiting").sort((a, b) => Date.parse(a.content.at) - Date.parse(b.content.at));
  }

  unsubmitted = async () => (await this.#vault.all("receipt")).filter(({ state }) => state === "unsubmitted");

  remove = (record) => this.#vault.remove(record.id);

  /**
   * The server holds everything: its receipt takes the place of the case, and then its files go. `standing` is what it says
   * of the case now. False, and nothing is touched, unless it names every file of the manifest with its hash; Unnamed, when
   * the device has a file that the manifest does not name.
   */
  async settle(record, { receipt, now }, answer) {
    const { manifest } = record.content;
    const isOurs = receipt?.sha256 && receipt.case === manifest.case && receipt.revision === manifest.revision;
    if (!isOurs || !now || unproved(manifest, now.files).length) return false;
    await this.#leave(record, answer.submitted ? "forwarded" : "unsubmitted", { receipt, ...answer });
    return true;
  }

  /** A receipt takes the place of the case, and then its files go. Unnamed, when the device has one that is neither in the manifest nor `late`. */
  async #leave(record, state, more, late = []) {
    const { manifest, who, event, kind } = record.content;
    const files = [...manifest.files.map(({ id, sha256 }) => ({ id, sha256 })), ...late.map((id) => ({ id }))];
    const content = { who, event, kind, files, revision: manifest.revision, finished: manifest.finished, ...more, kept_at: deviceTime() };
    await this.#vault.keep({ id: record.id, kind: "receipt", state, content }, record.revision, { named: named(files) });
    for (const { id } of files) await this.#files.remove(id);
  }

  /** Ids of the pictures that were kept after she finished. */
  late = (record) => this.#vault.unnamed(record.id, named(record.content.manifest.files));

  /** Unnamed, when a picture was kept after she finished. */
  requireNamed = (record) => this.#vault.requireNamed(record.id, named(record.content.manifest.files));

  /** What the server said when it was asked again to submit what it has. */
  answered(record, answer) {
    const content = { ...record.content, ...answer };
    return this.#vault.keep({ ...record, state: answer.submitted ? "forwarded" : "unsubmitted", content }, record.revision);
  }

  /** Finish what a crash left between a receipt and the end of its files; forget receipts and forwarded marks after a week. */
  async tidy(now = Date.now()) {
    const isOld = (time) => now - Date.parse(time) > WEEK;
    for (const { id, state, content } of await this.#vault.all("receipt")) {
      for (const file of content.files) await this.#files.remove(file.id);
      if (state !== "unsubmitted" && isOld(content.kept_at)) await this.#vault.remove(id);
    }
    for (const { id, state, content } of await this.#vault.all("mark")) if (state === "forwarded" && isOld(content.at)) await this.#vault.remove(id);
  }

  /** {drafts, waiting, aside, forwarded, unsubmitted}: known without unlocking. */
  async counts() {
    const [cases, receipts, marks] = await Promise.all(["case", "receipt", "mark"].map((kind) => this.#vault.counts(kind)));
    const { forwarded = 0, unsubmitted = 0 } = receipts;
    return {
      drafts: cases.draft ?? 0, waiting: (cases.waiting ?? 0) + (marks.waiting ?? 0), aside: (cases.aside ?? 0) + (marks.aside ?? 0),
      forwarded: forwarded + unsubmitted, unsubmitted,
    };
  }

  /** What a manager is told that this device still has, also what cannot be read any more: nobody else has it. */
  async holds() {
    const cases = await this.#vault.all("case");
    const sum = async (kind) => {
      const { forwarded = 0, ...counts } = await this.#vault.counts(kind);
      return Object.values(counts).reduce((all, one) => all + one, 0);
    };
    const days = new Map();
    for (const { content } of cases) if (content.event) days.set(content.event, (days.get(content.event) ?? 0) + 1);
    return {
      cases: await sum("case"), marks: await sum("mark"), files: await this.#files.count(), urgent: cases.filter(({ content }) => isUrgent(content)).length,
      days: [...days].map(([event, count]) => ({ event, cases: count })),
    };
  }

  async #put(record, state, content) {
    const revision = await this.#vault.keep({ id: record.id, kind: record.kind, state, content }, record.revision);
    return { ...record, state, content, revision };
  }
}
