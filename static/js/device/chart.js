import { el, icon } from "./parts.js";

/** Marks on teeth: a quadrant at a time, so that every tooth is a target of 44 px; the same tap takes a mark back. */

const QUADRANTS = [["UR", "Upper right"], ["UL", "Upper left"], ["LR", "Lower right"], ["LL", "Lower left"]];
const POSITIONS = ["12345678", "ABCDE"];
const QUICK = ["decay", "suspected", "watch", "filling", "sealant", "missing"];
const PRESENCE = new Set(["present", "erupting", "unerupted", "exfoliated", "missing"]);

/** Where there is room for one mark: words of whether a tooth is there share a place. */
const place = (condition) => (PRESENCE.has(condition) ? "presence" : condition);
const isAt = (tooth, condition) => (mark) => mark.tooth === tooth && place(mark.condition) === place(condition);

/** The marks with this one said, or taken back where the very same was said. */
export function toggled(marks, { tooth, condition, surfaces = "" }) {
  const before = marks.find(isAt(tooth, condition));
  const others = marks.filter((mark) => mark !== before);
  if (before?.condition === condition && before.surfaces === surfaces) return others;
  return [...others, { tooth, condition, surfaces, icdas: before?.icdas ?? "", note: before?.note ?? "" }];
}

export class Chart {
  #box;
  #day;
  #numbering;
  #marks;
  #changed;
  #quadrant = "UR";
  #condition = "decay";
  #surfaces = "";

  /** Draws into `box`; `changed(marks)` after each tap. `numbering` is the system in which she reads teeth. */
  constructor(box, { day, marks, numbering, changed }) {
    this.#box = box;
    this.#day = day;
    this.#marks = marks;
    this.#numbering = numbering;
    this.#changed = changed;
    this.#draw();
  }

  #label(key) {
    return this.#day.teeth.find((tooth) => tooth.key === key)?.[this.#numbering] ?? key;
  }

  #draw(focused = "") {
    const conditions = this.#day.conditions.filter(({ key }) => QUICK.includes(key)).sort((a, b) => QUICK.indexOf(a.key) - QUICK.indexOf(b.key));
    const chosen = conditions.find(({ key }) => key === this.#condition);
    this.#box.replaceChildren(
      this.#taps("Mark as", "chart-condition", conditions.map(({ key, label }) => [key, label]), this.#condition, (key) => { this.#condition = key; }),
      chosen?.surfaces ? this.#surfaceTaps() : "",
      this.#taps("Quadrant", "chart-quadrant", QUADRANTS, this.#quadrant, (key) => { this.#quadrant = key; }),
      el("div", { class: "teeth", role: "group", "aria-label": "Teeth" }, POSITIONS.map((walk) => el("div", {}, this.#row(walk)))),
      el("ul", { class: "marks" }, this.#marks.map((mark) => this.#said(mark))));
    if (focused) this.#box.querySelector(focused)?.focus();
  }

  #taps(legend, name, pairs, now, choose) {
    const tap = ([value, words]) => el("label", { class: "tap" }, el("input", {
      type: "radio", name, value, checked: value === now,
      onchange: () => { choose(value); this.#surfaces = ""; this.#draw(`[name=${name}][value="${value}"]`); },
    }), el("span", {}, words));
    return el("fieldset", { class: "q" }, el("legend", {}, legend), el("div", { class: "taps" }, pairs.map(tap)));
  }

  #surfaceTaps() {
    const tap = (letter) => el("label", { class: "tap" }, el("input", {
      type: "checkbox", name: "chart-surface", value: letter, checked: this.#surfaces.includes(letter),
      onchange: ({ target }) => {
        const letters = new Set(this.#surfaces);
        if (target.checked) letters.add(letter);
        else letters.delete(letter);
        this.#surfaces = [..."MODBLIF"].filter((one) => letters.has(one)).join("");
      },
    }), el("span", {}, letter));
    return el("fieldset", { class: "q" }, el("legend", {}, "Surfaces", el("span", { class: "muted small" }, " (if you saw which)")), el("div", { class: "taps" }, [..."MODBLIF"].map(tap)));
  }

  #row(walk) {
    const known = [...walk].map((position) => this.#day.teeth.find(({ key }) => key === this.#quadrant + position)).filter(Boolean);
    const outwards = this.#quadrant.endsWith("R") ? known.reverse() : known; // as one looks at her
    return outwards.map((tooth) => {
      const words = this.#marks.filter((mark) => mark.tooth === tooth.key).map((mark) => this.#words(mark)).join("; ");
      return el("button", {
        class: "btn tooth", type: "button", data: { tooth: tooth.key }, "aria-pressed": String(Boolean(words)),
        "aria-label": `${this.#label(tooth.key)}, ${tooth.name}${words && `: ${words}`}`, onclick: () => this.#tap(tooth),
      }, this.#label(tooth.key));
    });
  }

  #tap({ key, surfaces }) {
    const those = [...this.#surfaces].filter((letter) => surfaces.includes(letter)).join("");
    this.#keep(toggled(this.#marks, { tooth: key, condition: this.#condition, surfaces: those }), `[data-tooth="${key}"]`);
  }

  #keep(marks, focused) {
    this.#marks = marks;
    this.#changed(marks);
    this.#draw(focused);
  }

  #words({ condition, surfaces }) {
    const { label = condition } = this.#day.conditions.find(({ key }) => key === condition) ?? {};
    return surfaces ? `${label} ${surfaces}` : label;
  }

  #said(mark) {
    const remove = el("button", {
      class: "btn quiet", type: "button", "aria-label": `Take back: ${this.#label(mark.tooth)}, ${this.#words(mark)}`,
      onclick: () => this.#keep(this.#marks.filter((one) => one !== mark), ".teeth button"),
    }, icon("trash"));
    return el("li", {}, el("span", { class: "grow" }, el("b", {}, this.#label(mark.tooth)), ` ${this.#words(mark)}`), remove);
  }
}
