import { CodeCamera, canRead } from "../code_camera.js";
import { calledUp } from "./calling.js";
import { byRoom, found, isDayOf, whyNotOpened } from "./gathering.js";
import { hersOf, keptOf } from "./hers.js";
import { NewChild } from "./new_child.js";
import { chip, el, icon, notice, show, told } from "./parts.js";
import { dayIn, inWords } from "./times.js";

/** The school day as it was taken along: its children by room, called up by tag or name. */

const HERE = {
  draft: ["wait", "pencil", "Begun here"],
  waiting: ["info", "clock", "Finished, waits to be forwarded"],
  aside: ["wait", "alert", "Needs you"],
  forwarded: ["ok", "check", "Forwarded"],
  unsubmitted: ["wait", "alert", "Forwarded, not submitted yet"],
};
const MARKED = { absent: ["", "clock", "Marked absent"], refused: ["", "clock", "Marked refused"] };
const AT_SERVER = { done: ["ok", "check"], absent: ["", "clock"], refused: ["", "clock"], begun: ["info", "pencil"] };

export class Day {
  #app;
  #open;
  #newChild;
  #camera = new CodeCamera(document.querySelector("#code-camera"), (text) => this.#callUp(text));
  #days = [];
  #day = null;
  #kept = { case: [], receipt: [], mark: [] };
  #fresh = []; // children who were entered here: {event, child}

  /** `open(day, child)` when a child is chosen. */
  constructor(app, open) {
    this.#app = app;
    this.#open = open;
    this.#newChild = new NewChild((child) => open(this.#day.content, child));
    document.querySelector("#find").addEventListener("input", () => this.#list());
    document.querySelector("#find").addEventListener("keydown", (event) => event.key === "Enter" && this.#typed(event.target));
    document.querySelector("#read-code").addEventListener("click", () => this.#camera.open());
    document.querySelector("#which-day").addEventListener("change", ({ target }) => this.#choose(target.value));
    document.querySelector("#take-along").addEventListener("toggle", ({ target }) => target.open && told(() => this.#offer()));
  }

  /** Read everything anew and show it. */
  async show() {
    this.#days = (await this.#app.vault.all("day")).sort((a, b) => b.content.event.starts_on.localeCompare(a.content.event.starts_on));
    const isOn = ({ content: { event } }) => isDayOf(event, dayIn(event.site.time_zone));
    this.#choose((this.#days.find(({ id }) => id === this.#day?.id) ?? this.#days.find(isOn) ?? this.#days[0])?.id);
    await this.refresh();
    show("#day", true);
    show("#read-code", await canRead());
    if (!this.#days.length) document.querySelector("#take-along").open = true;
  }

  hide() {
    show("#day", false);
    this.#camera.close();
    document.querySelector("#children").replaceChildren();
  }

  /** What this device has of each child. */
  async refresh() {
    this.#kept = await keptOf(this.#app.vault);
    const entered = [...this.#kept.receipt, ...this.#kept.case].filter(({ content }) => content.who.child);
    const children = entered.map(({ content: { event, who } }) => [`${event} ${who.patient}`, { event, child: { ...who.child, id: who.patient } }]);
    this.#fresh = [...new Map(children).values()];
    this.#list();
  }

  #choose(id) {
    this.#day = this.#days.find((one) => one.id === id) ?? null;
    const { event } = this.#day?.content ?? {};
    document.querySelector("#day-name").textContent = event ? event.site.name : "No school day taken along";
    document.querySelector("#day-says").textContent = event
      ? `${event.days}. Taken along ${new Date(this.#day.content.taken_at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })}`
      : "Take one along while there is a network. Its list is kept on this device under lock.";
    const select = document.querySelector("#which-day");
    select.replaceChildren(...this.#days.map((day) => option(day, day.id === id)));
    show("#days", this.#days.length > 1);
    show("#list", Boolean(event));
    this.#newChild.show(Boolean(event));
    this.#list();
  }

  #list() {
    const list = document.querySelector("#children");
    const listed = this.#day?.content.children ?? [];
    const isListed = ({ child }) => listed.some(({ id }) => id === child.id);
    const children = [...listed, ...this.#fresh.filter((one) => one.event === this.#day?.id && !isListed(one)).map(({ child }) => child)];
    const shown = found(children, document.querySelector("#find").value);
    list.replaceChildren(...byRoom(shown).flatMap(([room, inside]) => [heading(room, inside.length), ...inside.map((child) => this.#row(child))]));
    document.querySelector("#found").textContent = shown.length ? `${shown.length} of ${children.length} children` : "Nobody of this tag or name is on the list.";
  }

  /** Open the child whom a tag or a code calls up, as a tap on her line does; else say why not. */
  #callUp(text) {
    const { child, why } = calledUp(text, this.#day.content, this.#days.map(({ content }) => content));
    if (child) this.#open(this.#day.content, child);
    return why ?? "";
  }

  /** A scanner that types ends in Enter: a tag opens its child at once. What is no tag has been looked for among the names. */
  #typed(field) {
    const why = this.#callUp(field.value);
    if (!why) field.value = "";
    else if (!document.querySelector("#children .child")) document.querySelector("#found").textContent = why;
  }

  #row(child) {
    const why = whyNotOpened(child);
    const { record, mark, refused } = hersOf(this.#kept, this.#day.content, child);
    const state = HERE[refused.length ? "aside" : record?.state] ?? MARKED[mark];
    const atServer = mark === null && child.standing !== "expected" && AT_SERVER[child.standing];
    const open = el("button", { class: "child", type: "button", onclick: () => this.#open(this.#day.content, child) },
      el("span", { class: "tag mono" }, child.tag),
      el("span", { class: "who" }, el("b", {}, child.name), el("small", {}, `born ${inWords(child.birth_date)}, grade ${child.grade || "not told"}`)),
      el("span", { class: "chips" },
        state ? chip(...state) : atServer && chip(...atServer, child.standing_label),
        why && chip("wait", "alert", child.scopes.includes("screening") ? "At the server" : child.consent_label)));
    return el("li", {}, open);
  }

  async #offer() {
    const list = document.querySelector("#events");
    list.replaceChildren(el("li", { class: "muted" }, "Asking the server …"));
    try {
      await this.#app.contact();
      const events = await this.#app.server.events();
      list.replaceChildren(...events.map((event) => this.#offered(event)));
      if (!events.length) list.replaceChildren(el("li", {}, "No school day of your sites stands in the next two months."));
    } catch (error) {
      list.replaceChildren(el("li", { class: "wait-ink" }, error.message));
    }
  }

  #offered(event) {
    const taken = this.#days.find(({ id }) => id === event.id);
    const take = el("button", { class: "btn", type: "button", onclick: () => told(() => this.#take(event, taken, take)) },
      icon("refresh"), taken ? "Take along anew" : "Take along");
    return el("li", {}, el("span", { class: "grow" }, el("b", {}, event.site.name), el("small", {}, `${event.days}, ${event.children} children`)), take);
  }

  async #take(event, taken, button) {
    button.disabled = true;
    try {
      const known = await this.#app.outbox.forwardedMarks(event.id);
      const fresh = await this.#app.server.day(event.id, taken?.content.etag);
      const content = { ...(fresh ? { ...fresh.day, etag: fresh.etag } : taken.content), taken_at: new Date().toISOString() };
      await this.#app.vault.keep({ id: event.id, kind: "day", state: "kept", content }, taken?.revision);
      for (const mark of known) await this.#app.outbox.remove(mark);
      notice(`${content.children.length} children of ${event.site.name} are on this device.`, "ok");
      document.querySelector("#take-along").open = false;
      this.#day = { id: event.id };
      await this.show();
    } finally {
      button.disabled = false;
    }
  }
}

const option = ({ id, content: { event } }, selected) => el("option", { value: id, selected }, `${event.site.name}, ${event.days}`);
const heading = (room, count) => el("li", { class: "room" }, el("h2", {}, `${room ? `Room ${room}` : "No room told"}, ${count}`));
