import { asked, legendOf } from "./asked.js";
import { Chart } from "./chart.js";
import { Draft } from "./draft.js";
import { URGENCY, markOf, newCase, stillToAsk, viewsFor, whyNotOpened } from "./gathering.js";
import { chip, el, icon, notice, show, told } from "./parts.js";
import { Pictures } from "./pictures.js";
import { Services } from "./services.js";
import { inWords } from "./times.js";
import { conflictsOf, whomOf } from "./told_back.js";

/** What her family wrote of health on its form; it answers nothing by itself. */
const familyWrote = ({ family_wrote: wrote }) => !wrote ? [] : [el("div", { class: "strip wait", role: "note" },
  el("div", { class: "grow" }, el("b", {}, "The family wrote on its form"), `, signed ${inWords(wrote.on)}: “${wrote.words}” It answers none of the questions.`))];

/** One child: who this is, what was asked, her pictures, and the end of it. */

const STANDS = {
  waiting: "Finished. It is forwarded as soon as there is a network.",
  forwarded: "The server has everything of this case, and it is submitted.",
  unsubmitted: "The server has everything of this case. It is not submitted yet:",
};
const $ = (selector) => document.querySelector(selector);

export class Child {
  #app;
  #back;
  #changed;
  #day = null;
  #child = null;
  #draft = null;
  #turn = Promise.resolve();

  /** `back()` to the list; `changed()` when the device has more or less than before. */
  constructor(app, { back, changed }) {
    this.#app = app;
    this.#back = back;
    this.#changed = changed;
    $("#to-list").addEventListener("click", () => told(() => this.close()));
    $("#begin").addEventListener("click", () => told(() => this.#begin()));
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

  /**
   * What stands on the device of her, drawn anew; what she is typing into is left alone. One after the other: two at once
   * would make two drafts of one case, and what she says into the older would be lost.
   */
  refresh() {
    this.#turn = this.#turn.catch(() => {}).then(() => this.#refresh());
    return this.#turn;
  }

  async #refresh() {
    if (!this.#child) return;
    const record = await this.#record();
    const isDraft = record?.kind === "case" && record.state === "draft";
    if (isDraft && this.#draft?.record.id === record.id) return;
    this.#draft = isDraft ? new Draft(this.#app.vault, record, said) : null;
    const why = record ? "" : whyNotOpened(this.#child);
    show("#not-begun", !record);
    show("#begin", !why);
    for (const button of document.querySelectorAll("[data-mark]")) button.hidden = Boolean(this.#child.fresh); // nobody expected her
    $("#why-not").textContent = why;
    show("#gathering", isDraft);
    await this.#stands(isDraft ? null : record);
    if (isDraft) await this.#gather();
  }

  /** Keep what is not kept yet, and leave nothing of her on the screen. */
  async close() {
    await this.#draft?.settle();
    this.hide();
    await this.#changed();
    await this.#back();
  }

  settle = () => this.#draft?.settle();

  hide() {
    this.#draft = this.#child = this.#day = null;
    show("#child", false);
    for (const place of ["#child-name", "#child-facts", "#questions", "#shots", "#chart", "#services", "#stands"]) $(place).replaceChildren();
    notice("");
  }

  /** Her case or its receipt, else a mark; null when there is none. */
  async #record() {
    for (const kind of ["case", "receipt", "mark"]) {
      const [hers] = (await this.#app.vault.all(kind)).filter(({ content }) => content.who.patient === this.#child.id);
      if (hers) return hers;
    }
    return null;
  }

  #banner() {
    const { name, birth_date: born, room, grade, tag, allergies, consent_label: consent } = this.#child;
    const fact = (label, words, kind = "") => el("div", {}, el("dt", { class: "vh" }, label), el("dd", { class: kind }, words));
    $("#child-name").textContent = name;
    $("#child-facts").replaceChildren(
      fact("Born", `born ${inWords(born)}`), fact("Place", `${this.#day.event.site.name}, room ${room || "not told"}, grade ${grade || "not told"}`),
      fact("Tag", tag, "mono"), fact("Consent", consent),
      fact("Allergies", `Allergies: ${allergies?.words ?? "not asked yet"}`, allergies?.keys.length ? "wait-ink" : ""));
  }

  async #begin() {
    const kinds = this.#day.questionnaire.kinds.map(({ key }) => key);
    const kind = kinds.includes("screening") ? "screening" : kinds[0];
    const id = this.#child.case?.id ?? crypto.randomUUID();
    const content = newCase(this.#day, this.#child, { by: this.#app.keys.person, kind });
    await this.#app.vault.keep({ id, kind: "case", state: "draft", content });
    await this.#changed();
    await this.refresh();
  }

  get #questions() {
    return this.#day.questionnaire.kinds.find(({ key }) => key === this.#draft.content.kind).questions;
  }

  async #gather() {
    const { content, record } = this.#draft;
    const answer = (key, value) => {
      this.#draft.change(({ answers }) => {
        if (value === undefined || value === "" || value?.length === 0) delete answers[key];
        else answers[key] = value;
      });
      this.#remind();
    };
    $("#questions").replaceChildren(...familyWrote(this.#child), ...this.#questions.map((question) => asked(question, content.answers, answer)), this.#urgency());
    const { taken, withheld } = viewsFor(this.#child, this.#day.views);
    const { label } = await this.#app.device();
    const pictures = new Pictures(this.#app.files, record.id, { device: label, changed: () => this.#remind() });
    $("#shots").replaceChildren(...(await pictures.slots(taken, true)));
    const shared = { day: this.#day, numbering: await this.#app.numbering() };
    const kept = (name) => (rows) => this.#draft.change((told_) => { told_[name] = rows; });
    new Chart($("#chart"), { ...shared, marks: content.marks, changed: kept("marks") });
    new Services($("#services"), { ...shared, services: content.services, changed: kept("services") });
    $("#withheld").textContent = withheld.length ? `Without consent, and so not taken: ${withheld.map(({ label: name }) => name).join(", ")}.` : "";
    const { site } = this.#day.event;
    $("#seen").textContent = `Seen on ${inWords(content.day_seen)} at ${site.name} (${content.patient_state}).`;
    $("#statement").textContent = (await this.#app.statement())?.text ?? "I gathered this myself.";
    said("", true);
    this.#remind();
  }

  #urgency() {
    const { content } = this.#draft;
    const tap = ([value, words]) => el("label", { class: "tap" }, el("input", {
      type: "radio", name: "urgency", value, checked: content.urgency === value,
      onchange: () => {
        this.#draft.change((told_) => { told_.urgency = value; });
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
    $("#finish-form").reset();
    this.#app.drain?.now();
    await this.close();
    notice("Finished and kept on this device. It is forwarded by itself.", "ok");
  }

  async #mark(mark, words) {
    const content = markOf(this.#day, this.#child, mark);
    await this.#app.vault.keep({ id: crypto.randomUUID(), kind: "mark", state: "waiting", content });
    this.#app.drain?.now();
    await this.close();
    notice(`${content.who.name}: ${words}, kept on this device.`, "ok");
  }

  async #stands(record) {
    const box = $("#stands");
    show("#stands", Boolean(record));
    if (!record) return;
    const { outbox, drain } = this.#app;
    const { kind, state, content } = record;
    const act = (name, words, work) => el("button", { class: "btn", type: "button", onclick: () => told(async () => { await work(); drain?.now(); await this.refresh(); }) }, icon(name), words);
    const sentence = state === "aside" ? content.sentence : STANDS[state];
    const words = kind === "mark" ? `Marked as ${content.act.mark}. ${content.sentence ?? ""}` : sentence;
    const stops = (content.stops ?? []).map((stop) => el("li", {}, stop.sentence));
    const meant = (id) => told(async () => { await outbox.meant(record, id); drain?.now(); await this.close(); });
    const whom = state === "aside" && content.whom ? whomOf(content.whom, this.#child, meant) : [];
    const again = kind !== "receipt" && state === "aside" && !whom.length && act("refresh", "Try again", () => outbox.again(record));
    const reopen = kind === "case" && act("pencil", "Change it", () => outbox.reopen(record));
    box.replaceChildren(
      chip(state === "forwarded" ? "ok" : "wait", state === "forwarded" ? "check" : "clock", state === "aside" ? "Needs you" : "Kept"),
      el("p", {}, words), el("ul", {}, stops), ...whom, ...conflictsOf(this.#day, content.kind, await this.#app.numbering(), content.receipt?.conflicts), el("div", { class: "row" }, again || [], reopen || []));
  }
}

function said(words, isKept) {
  const line = $("#kept-says");
  line.textContent = words;
  line.className = isKept ? "ok-ink small" : "wait-ink small";
}
