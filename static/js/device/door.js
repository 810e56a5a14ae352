import { SignedOut } from "../sender.js";
import { el, notice, show, told } from "./parts.js";
import { askToProtect } from "./room.js";

/** Before anything can be seen: setting the device up, unlocking it, letting somebody in. */

const SCREENS = ["#first-contact", "#register", "#unlock"];
const only = (shown) => SCREENS.forEach((one) => show(one, one === shown));
const field = (form, name) => form.elements.namedItem(name);

/** A pad of digits types into the field beside it: gloves, no keyboard over half the screen. */
function pad(form) {
  const secret = field(form, "secret");
  form.querySelector(".pad").addEventListener("click", (event) => {
    const { digit, back } = event.target.closest("button")?.dataset ?? {};
    if (digit) secret.value += digit;
    if (back !== undefined) secret.value = secret.value.slice(0, -1);
  });
}

/** A form whose `work` may refuse: then its sentence stands in the form, and what was typed stays but for the secrets. */
function onSubmit(form, work) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = form.querySelector(".error-summary");
    const button = form.querySelector("[type=submit]");
    problem.hidden = true;
    button.disabled = true; // deriving a key takes a moment
    try {
      await work(form);
      form.reset();
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
      problem.focus();
      for (const one of form.querySelectorAll("[type=password]")) one.value = "";
    } finally {
      button.disabled = false;
    }
  });
}

const twice = (form) => {
  if (field(form, "secret").value !== field(form, "again").value) throw new Error("The two are not the same. Type it twice.");
  return field(form, "secret").value;
};

export class Door {
  #app;
  #enter;

  /** `enter()` when somebody unlocked. */
  constructor(app, enter) {
    this.#app = app;
    this.#enter = enter;
    const [register, unlock, admit] = ["#register form", "#unlock form", "#admit form"].map((one) => document.querySelector(one));
    pad(unlock);
    onSubmit(register, (form) => this.#register(form));
    onSubmit(unlock, (form) => this.#unlock(form));
    onSubmit(admit, (form) => this.#admit(form));
    document.querySelector("#admit").addEventListener("toggle", (event) => event.target.open && told(() => this.#whoComes()));
    document.querySelector("#ask-again").addEventListener("click", () => this.show());
  }

  async show() {
    const people = await this.#app.keys.people();
    if (!people.length) return this.#firstContact();
    only("#unlock");
    document.querySelector("#people").replaceChildren(...people.map(choice));
    const [first] = document.querySelectorAll("#people input");
    first.checked = true;
    document.querySelector("#colleague").replaceChildren(...people.map(({ person, name }) => el("option", { value: person }, name)));
    document.querySelector("#unlock [name=secret]").focus();
    return undefined;
  }

  hide() {
    only("");
  }

  async #firstContact() {
    const says = document.querySelector("#contact-says");
    only("#first-contact");
    try {
      const { person } = await this.#app.server.hello();
      document.querySelector("#register-whose").textContent = person.name;
      this.#app.hello = { person };
      only("#register");
    } catch (error) {
      show("#contact-sign-in", error instanceof SignedOut);
      says.textContent =
        error instanceof SignedOut
          ? "Sign in once on this device, with the network on. Then set it up here."
          : "This device is not set up yet. Connect it to the network, then try again.";
    }
  }

  async #register(form) {
    const secret = twice(form);
    const { person } = this.#app.hello;
    if (!(await this.#app.device())) await this.#app.nameDevice(field(form, "label").value);
    await this.#app.keys.register({ person: person.id, name: person.name, secret });
    await askToProtect();
    await this.#enter();
  }

  async #unlock(form) {
    await this.#app.keys.unlock(form.elements.person.value, field(form, "secret").value);
    await this.#enter();
  }

  async #whoComes() {
    const { person } = await this.#app.server.hello();
    this.#app.hello = { person };
    document.querySelector("#admit-whose").textContent = person.name;
  }

  async #admit(form) {
    const secret = twice(form);
    const { person } = this.#app.hello ?? {};
    if (!person) throw new Error("Connect to the network and sign in as the person who is to be let in.");
    const by = { person: field(form, "by").value, secret: field(form, "by-secret").value };
    await this.#app.keys.admit(by, { person: person.id, name: person.name, secret });
    await this.show();
    notice(`${person.name} can unlock this device now.`, "ok");
  }
}

const choice = ({ person, name }) =>
  el("label", { class: "tap" }, el("input", { type: "radio", name: "person", value: person, required: true }), el("span", {}, name));
