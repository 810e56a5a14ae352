import { SignedOut } from "../sender.js";
import { recoveryOf } from "./app.js";
import { ShutOut } from "./keys.js";
import { el, notice, show, told } from "./parts.js";
import { askToProtect } from "./room.js";

/** Before anything can be seen: setting the device up, unlocking it, letting somebody in; another secret, and none at all. */

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
    const forms = ["#register form", "#unlock form", "#admit form", "#recover form", "#change form"];
    const [register, unlock, admit, recover, change] = forms.map((one) => document.querySelector(one));
    pad(unlock);
    onSubmit(recover, (form) => this.#recover(form));
    onSubmit(change, (form) => this.#change(form));
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
    for (const place of ["#colleague", "#recovered"])
      document.querySelector(place).replaceChildren(...people.map(({ person, name }) => el("option", { value: person }, name)));
    const isShutOut = await this.#app.keys.isShutOut();
    show("#unlock-form", !isShutOut);
    show("#admit", !isShutOut);
    show("#shut-out", isShutOut);
    document.querySelector("#recover").open = isShutOut;
    if (!isShutOut) document.querySelector("#secret").focus();
    return undefined;
  }

  hide() {
    only("");
  }

  async #firstContact() {
    const says = document.querySelector("#contact-says");
    only("#first-contact");
    try {
      const { person } = await this.#app.greet();
      document.querySelector("#register-whose").textContent = person.name;
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
    const { person, recovery } = this.#app.hello;
    if (!(await this.#app.device())) await this.#app.nameDevice(field(form, "label").value);
    await this.#app.keys.register({ person: person.id, name: person.name, secret, recovery: recovery && recoveryOf(recovery) });
    await askToProtect();
    await this.#enter();
  }

  async #unlock(form) {
    try {
      await this.#app.keys.unlock(form.elements.person.value, field(form, "secret").value);
    } catch (error) {
      if (error instanceof ShutOut) await this.show();
      throw error;
    }
    await this.#enter();
  }

  /** The file is read here and goes nowhere. */
  async #recover(form) {
    const [file] = field(form, "key-file").files;
    const secret = field(form, "secret").value || field(form, "again").value ? twice(form) : "";
    if (secret) {
      await this.#app.keys.recover(await file.text(), field(form, "person").value, secret);
      return this.#enter();
    }
    await this.#app.keys.openTries(await file.text());
    await this.show();
    return notice("Everybody has ten new tries on this device.", "ok");
  }

  async #change(form) {
    const next = twice(form);
    const { keys } = this.#app;
    await keys.change(keys.person, field(form, "old").value, next);
    document.querySelector("#change").open = false;
    notice("Changed. From now on this is how you unlock this device.", "ok");
  }

  async #whoComes() {
    const { person } = await this.#app.greet();
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
