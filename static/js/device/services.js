import { el, icon } from "./parts.js";

/** What was done on site: code, tooth where it has one, how often, and who ordered it (CA-3). */

export class Services {
  #box;
  #day;
  #numbering;
  #services;
  #changed;

  /** Draws into `box`; `changed(services)` after each. */
  constructor(box, { day, services, numbering, changed }) {
    this.#box = box;
    this.#day = day;
    this.#numbering = numbering;
    this.#services = services;
    this.#changed = changed;
    this.#draw();
  }

  #draw() {
    this.#box.replaceChildren(el("ul", { class: "marks" }, this.#services.map((one) => this.#said(one))), this.#form());
  }

  #keep(services) {
    this.#services = services;
    this.#changed(services);
    this.#draw();
  }

  #said(service) {
    const { code, tooth, quantity, ordered_by: by } = service;
    const where = this.#day.teeth.find(({ key }) => key === tooth)?.[this.#numbering];
    const remove = el("button", {
      class: "btn quiet", type: "button", "aria-label": `Take back: ${code}`, onclick: () => this.#keep(this.#services.filter((one) => one !== service)),
    }, icon("trash"));
    return el("li", {}, el("span", { class: "grow" }, el("b", {}, code), `${where ? `, tooth ${where}` : ""} × ${quantity}`, el("small", {}, by)), remove);
  }

  #form() {
    const field = (label, id, control) => el("div", { class: "field" }, el("label", { for: id }, label), control);
    const option = (value, words) => el("option", { value }, words);
    const code = el("select", { id: "service-code", required: true }, option("", "Choose"), this.#day.services.map((one) => option(one.code, `${one.code} ${one.text}`)));
    const tooth = el("select", { id: "service-tooth" }, option("", "No tooth"), this.#day.teeth.map((one) => option(one.key, `${one[this.#numbering]}, ${one.name}`)));
    const quantity = el("input", { id: "service-quantity", type: "number", min: 1, max: 99, value: 1, required: true });
    const by = el("input", { id: "service-by", maxlength: 120, required: true, value: this.#services.at(-1)?.ordered_by ?? "" });
    const add = () => {
      const said = { code: code.value, tooth: tooth.value, quantity: Number(quantity.value), ordered_by: by.value.trim() };
      this.#keep([...this.#services.filter((one) => one.code !== said.code || one.tooth !== said.tooth), said]);
    };
    return el("form", { class: "form", method: "post", onsubmit: (event) => { event.preventDefault(); add(); } },
      field("What was done", "service-code", code), field("Tooth", "service-tooth", tooth), field("How often", "service-quantity", quantity),
      field("Ordered by, or the standing protocol", "service-by", by), el("button", { class: "btn", type: "submit" }, icon("check"), "Record"));
  }
}
