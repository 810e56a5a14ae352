import { show } from "./parts.js";
import { deviceDay } from "./times.js";

/** A child who is not on the list: entered here, looked for among all by the server when it comes there (ID-1). */

const EMPTY = {
  preferred_name: "", pupil_id: "", street: "", street_2: "", city: "", state: "", zip_code: "", phone: "", language: "",
  card_given_name: "", card_family_name: "", guardian: null,
};
const FIRST = "1900-01-01";

/** A child as the list has one, of what was typed; `fresh` is what is forwarded of her. */
export function newChild({ given_name, family_name, birth_date, sex, grade, room }) {
  const fresh = { id: crypto.randomUUID(), ...EMPTY, given_name, family_name, birth_date, sex, grade, room };
  return {
    id: fresh.id, given_name, family_name, preferred_name: "", name: `${given_name} ${family_name}`, birth_date, sex, grade, room, tag: "new",
    standing: "expected", standing_label: "Not on the list", consent: "given", consent_label: "Consent on paper",
    scopes: ["screening", "photographs"], allergies: null, family_wrote: null, case: null, fresh,
  };
}

/** The form below the list. `enter(child)` when she is to be seen. */
export class NewChild {
  #form = document.querySelector("#new-child form");

  constructor(enter) {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      const said = Object.fromEntries([...new FormData(this.#form)].map(([name, value]) => [name, value.trim()]));
      this.#form.reset();
      document.querySelector("#new-child").open = false;
      enter(newChild(said));
    });
    const born = this.#form.elements.birth_date;
    [born.min, born.max] = [FIRST, deviceDay()];
  }

  show = (isShown) => show("#new-child", isShown);
}
