import { asked, legendOf } from "./asked.js";
import { Chart } from "./chart.js";
import { Draft } from "./draft.js";
import { URGENCY, dayAsked, idOfCase, markOf, newCase, stillToAsk, viewsFor, whyNotOpened, whyNotToday } from "./gathering.js";
import { hersOf, keptOf } from "./hers.js";
import { el, icon, notice, show, told } from "./parts.js";
import { Pictures } from "./pictures.js";
import { Services } from "./services.js";
import { Slate } from "./slate.js";
import { notTaken, standing } from "./stands.js";
import { inWords } from "./times.js";

/** What her family wrote of health on its form; it answers nothing by itself. */
const familyWrote = ({ family_wrote: wrote }) => !wrote ? [] : [el("div", { class: "strip wait", role: "note" },
  el("div", { class: "grow" }, el("b", {}, "The family wrote on its form"), `, signed ${inWords(wrote.on)}: “${wrote.words}” It answers none of the questions.`))];

/** One child: who this is, what was asked, her pictures, and the end of it. */

const $ = (selector) => document.querySelector(selector);
const PLACES = ["#child-name", "#child-facts", "#family-wrote", "#questions", "#shots", "#chart", "#services", "#stands", "#remind", "#day-seen"];

export class Child {
  #app;
  #back;
  #changed;
  #day = null;
  #child = null;
  #draft = null;
  #slate = new Slate();
  #turn = Promise.resolve();

  /** `back()` to the list; `changed()` when the device has more or less than before. */
  constructor(app, { back, changed }) {
    this.#app = app;
    this.#back = back;
    this.#changed = changed;
    $("#to-list").addEventListener("click", () => told(() => this.close()));
    $("#show-slate").addEventListener("click", () => this.#slate.show(this.#day, this.#child));
    $("#begin").addEventListener("click", () => told(() => this.#begin()));
    $("#day-seen").addEventListener("change", ({ target }) => this.#seenOn(target.value));
    $("#finish-form").addEventListener("submit", (event) => {
      event.preventDefault();
      told(() => this.#finish());
    });
    for (const button of document.querySelectorAll("[data-mark]"))
      button.addEventListener("click", () => told(() => this.#mark(button.dataset.mark, button.textContent.trim())));
  }

  async show(day, child) {
    this.#day = day;
    this.#child = child;
    this.#banner();
    show("#child", true);
    await this.refresh();
    $("#child h1").focus();
  }

  /** One after the other: two at once would make two drafts of one child, and what she says into the older would be lost. */
  #inTurn(work) {
    this.#turn = this.#turn.catch(() => {}).then(work);
    return this.#turn;
  }

  /** What stands on the device of her, drawn anew; what she is typing into is left alone. */
  refresh = () => this.#inTurn(() => this.#refresh());

  /** All that is waited for comes first: whoever is on the screen by then is another child, or nobody. */
  async #refresh() {
    const [day, child] = [this.#day, this.#child];
    if (!child) return;
    const hers = hersOf(await keptOf(this.#app.vault), day, child);
    const { record } = hers;
    const isDraft = record?.kind === "case" && record.state === "draft";
    const isOpen = isDraft && this.#draft?.record.id === record.id;
    const [retired, numbering] = [await this.#app.retired(), await this.#app.numbering()];
    const why = await this.#whyNot(day, child);
    const draft = isDraft && !isOpen ? new Draft(this.#app.vault, record, said) : null;
    const gathered = draft && (await this.#toGather(draft, day, child, numbering));
    if (this.#child !== child) return;
    this.#notBegun(hers, why, retired);
    this.#stands(hers, isDraft, numbering);
    if (isOpen) return;
    this.#draft = draft;
    show("#gathering", isDraft);
    if (draft) this.#gather(draft, gathered);
  }

  /** Keep what is not kept yet, and leave nothing of her on the screen. */
  async close() {
    const [name, lost] = [this.#child?.name, await this.settle()];
    this.hide();
    if (lost) notice(`${name}: ${lost}`, "wait");
    await this.#changed();
    await this.#back();
  }

  settle = async () => (await this.#draft?.settle()) ?? "";

  /** What one child or person said is no answer of the next: the tick under the statement, too. */
  hide() {
    this.#draft = this.#child = this.#day = null;
    this.#slate.hide();
    for (const place of ["#child", "#gathering", "#not-begun", "#stands"]) show(place, false);
    for (const place of PLACES) $(place).replaceChildren();
    $("#finish-form").reset();
    notice("");
  }

  #banner() {
    const { name, birth_date: born, room, grade, tag, allergies, consent_label: consent } = this.#child;
    const fact = (label, words, kind = "") => el("div", {}, el("dt", { class: "vh" }, label), el("dd", { class: kind }, words));
    $("#child-name").textContent = name;
    $("#child-facts").replaceChildren(
      fact("Born", `born ${inWords(born)}`), fact("Place", `${this.#day.event.site.name}, room ${room || "not told"}, grade ${grade || "not told"}`),
      fact("Tag", tag, "mono"), fact("Consent", consent),
      fact("Allergies", `Allergies: ${allergies?.words ?? "not asked yet"}`, allergies?.keys.length ? "wait-ink" : ""));
    $("#family-wrote").replaceChildren(...familyWrote(this.#child));
  }

  /** Nothing is gathered of her yet: why not, whether she was marked, and what may be begun. */
  #notBegun({ record, mark: saidHere }, why, retired) {
    const mark = saidHere ?? this.#child.mark ?? "";
    show("#not-begun", !record);
    show("#begin", !why);
    $("#why-not").textContent = why;
    $("#marked").textContent = mark && `Marked as ${mark}.`;
    for (const button of document.querySelectorAll("[data-mark]")) // of a child whom nobody expected, or on a retired device, nothing is marked
      button.hidden = Boolean(this.#child.fresh || retired) || button.dataset.mark === mark;
  }

  /** Why nothing may be begun of a child, "" when it may. */
  #whyNot = async (day, child) =>
    (await this.#app.retired()) || whyNotOpened(child) || whyNotToday(day, await this.#app.isClockRight());

  async #begin() {
    const [day, child] = [this.#day, this.#child];
    await this.#inTurn(() => this.#keepNew(day, child));
    await this.#changed();
    await this.refresh();
  }

  /**
   * A second tap finds the case of the first, in another tab of this device as well: what is sealed no write can look into, so
   * the tabs begin one after the other. And it may have become another day since she was called up.
   */
  #keepNew = (day, child) => navigator.locks.request(`teledent-device-begin-${child.id}`, () => this.#keepUnlessBegun(day, child));

  async #keepUnlessBegun(day, child) {
    const { record } = hersOf(await keptOf(this.#app.vault), day, child);
    if (record || (await this.#whyNot(day, child))) return;
    const kinds = day.questionnaire.kinds.map(({ key }) => key);
    const kind = kinds.includes("screening") ? "screening" : kinds[0];
    const content = newCase(day, child, { by: this.#app.keys.person, kind });
    await this.#app.vault.keep({ id: idOfCase(child, kind), kind: "case", state: "draft", content });
  }

  get #questions() {
    return this.#day.questionnaire.kinds.find(({ key }) => key === this.#draft.content.kind).questions;
  }

  /** What has to be read before a draft can be drawn. */
  async #toGather(draft, day, child, numbering) {
    const { taken, withheld } = viewsFor(child, day.views);
    const { label } = await this.#app.device();
    const pictures = new Pictures(this.#app.files, draft.record.id, { device: label, changed: () => this.#draft === draft && this.#remind() });
    return { slots: await pictures.slots(taken, true), withheld, numbering, statement: (await this.#app.statement())?.text ?? "I gathered this myself." };
  }

  #gather(draft, { slots, withheld, numbering, statement }) {
    const { content } = draft;
    const answer = (key, value) => {
      draft.change(({ answers }) => {
        if (value === undefined || value === "" || value?.length === 0) delete answers[key];
        else answers[key] = value;
      });
      this.#remind();
    };
    const questions = this.#questions.map((question) => asked(question, content.answers, answer));
    $("#questions").replaceChildren(...questions, this.#urgency(draft));
    $("#shots").replaceChildren(...slots);
    const shared = { day: this.#day, numbering };
    const kept = (name) => (rows) => draft.change((told_) => { told_[name] = rows; });
    new Chart($("#chart"), { ...shared, marks: content.marks, changed: kept("marks") });
    new Services($("#services"), { ...shared, services: content.services, changed: kept("services") });
    $("#withheld").textContent = withheld.length ? `Without consent, and so not taken: ${withheld.map(({ label: name }) => name).join(", ")}.` : "";
    $("#statement").textContent = statement;
    this.#askDay(content);
    said("", true);
    this.#remind();
  }

  /** The clock's day counts where it is one of the school day's; else she says which of them it was. */
  #askDay(content) {
    const { why, days } = dayAsked(this.#day, content);
    show("#which-seen", Boolean(why));
    $("#day-seen").required = Boolean(why);
    $("#why-day").textContent = why;
    const option = (day) => el("option", { value: day, selected: day === content.day_seen }, inWords(day));
    $("#day-seen").replaceChildren(el("option", { value: "" }, "Choose"), ...days.map(option));
    this.#saySeen(content);
  }

  #saySeen({ day_seen: day, patient_state: state }) {
    $("#seen").textContent = `Seen ${day && `on ${inWords(day)} `}at ${this.#day.event.site.name} (${state}).`;
  }

  #seenOn(day) {
    this.#draft.change((content) => { content.day_seen = day; });
    this.#saySeen(this.#draft.content);
  }

  #urgency(draft) {
    const tap = ([value, words]) => el("label", { class: "tap" }, el("input", {
      type: "radio", name: "urgency", value, checked: draft.content.urgency === value,
      onchange: () => {
        draft.change((told_) => { told_.urgency = value; });
        this.#remind();
      },
    }), el("span", {}, words));
    return el("fieldset", { class: "q" }, legendOf(URGENCY, true), el("div", { class: "taps" }, this.#day.urgencies.map(tap)));
  }

  /** What is still to ask or to take. It never holds her up: the server says it once more. */
  #remind() {
    const open = stillToAsk(this.#questions, this.#draft.content);
    const slots = document.querySelectorAll("#shots li.open h3");
    const lines = [...open.map((words) => `Still to ask: ${words}`), ...[...slots].map(({ textContent }) => `No picture yet: ${textContent}`)];
    $("#remind").replaceChildren(...lines.map((words) => el("li", {}, icon("alert"), words)));
  }

  async #finish() {
    await this.#draft.settle();
    const { key } = (await this.#app.statement()) ?? { key: "" };
    await this.#app.outbox.finish(this.#draft.record, { by: this.#app.keys.person, statement: key });
    this.#draft = null;
    this.#app.drain?.now();
    await this.close();
    notice("Finished and kept on this device. It is forwarded by itself.", "ok");
  }

  /** Absent or refused; `mark` empty takes it back. */
  async #mark(mark, words) {
    const content = markOf(this.#day, this.#child, mark);
    const { waiting } = hersOf(await keptOf(this.#app.vault), this.#day, this.#child);
    await this.#app.outbox.mark(content, waiting);
    this.#app.drain?.now();
    if (!mark) return this.refresh();
    await this.close();
    return notice(`${content.who.name}: ${words}, kept on this device.`, "ok");
  }

  #stands({ record, refused }, isDraft, numbering) {
    const did = async (work) => { await work(); this.#app.drain?.now(); await this.#changed(); await this.refresh(); };
    const left = async (work) => { await work(); this.#app.drain?.now(); await this.close(); };
    const around = { day: this.#day, child: this.#child, numbering, outbox: this.#app.outbox, did, left };
    const shown = [...refused.flatMap((mark) => notTaken(mark, around)), ...(record && !isDraft ? standing(record, around) : [])];
    show("#stands", shown.length > 0);
    $("#stands").replaceChildren(...shown);
  }
}

function said(words, isKept) {
  const line = $("#kept-says");
  line.textContent = words;
  line.className = isKept ? "ok-ink small" : "wait-ink small";
}
