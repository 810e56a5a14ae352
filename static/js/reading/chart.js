/** The chart by letters: on a tooth, surfaces first, then what they have; G, D and P lead to teeth, diagnosis and plan. */
import { focusTooth, rove } from "../odontogram.js";
import { send } from "./sending.js";
import { isTyping } from "./typing.js";

const SURFACES = { m: "M", o: "O", d: "D", b: "B", l: "L", i: "I", f: "F" };
const FRONT = { O: "I", B: "F" };
const BACK = { I: "O", F: "B" };
const NAMES = { M: "mesial", O: "occlusal", D: "distal", B: "buccal", L: "lingual", I: "incisal", F: "facial" };
const MARKS = {
  c: "decay", u: "suspected", w: "watch", s: "sealant", r: "filling", v: "silver_fluoride", k: "broken",
  p: "present", t: "erupting", y: "unerupted", x: "exfoliated", n: "missing",
};
const SCORES = { 0: "0-1", 1: "0-1", 2: "2", 3: "3", 4: "4", 5: "5", 6: "6", "-": "cannot" };

let pending = { tooth: "", surfaces: [] };
let layer = "both";
let wanted = ""; // the tooth that takes the focus back when its answer has been put in
let opensByKey = false;

const say = (words) => {
  const line = document.getElementById("chart-says");
  if (line) line.textContent = words;
};

const write = (what, values, tooth) => {
  const { chosen, [what]: address } = document.getElementById("chart").dataset;
  wanted = tooth;
  send("findings", address, { chosen, ...values }).catch(() => say("Not saved. Reload the page."));
};

const surfacesOn = (cell) => {
  if (pending.tooth !== cell.dataset.tooth) pending = { tooth: cell.dataset.tooth, surfaces: [...(cell.dataset.surfaces ?? "")] };
  return pending.surfaces;
};

const toggle = (cell, letter) => {
  const surface = (cell.dataset.front ? FRONT : BACK)[letter] ?? letter;
  const now = surfacesOn(cell);
  pending.surfaces = now.includes(surface) ? now.filter((one) => one !== surface) : [...now, surface];
  cell.classList.toggle("pending", pending.surfaces.length > 0);
  say(pending.surfaces.length ? `Surfaces: ${pending.surfaces.map((one) => NAMES[one]).join(", ")}` : "No surface");
};

const mark = (cell, condition) => {
  const tooth = cell.dataset.tooth;
  const surfaces = pending.tooth === tooth ? pending.surfaces.join("") : "";
  pending = { tooth: "", surfaces: [] };
  write("mark", { tooth, condition, surfaces }, tooth);
};

const score = (cell, icdas) => {
  const { tooth, caries, surfaces } = cell.dataset;
  if (!caries) return say("Mark decay first, then its ICDAS score.");
  return write("mark", { tooth, condition: caries, surfaces, icdas }, tooth);
};

const actOn = (cell, { key, shiftKey }) => {
  const tooth = cell.dataset.tooth;
  const letter = key.toLowerCase();
  if (letter === "a") return () => write("agree", shiftKey ? {} : { tooth }, tooth);
  if (key === "Delete" || key === "Backspace") return () => write("clear", { tooth }, tooth);
  if (key === "Escape") return () => document.querySelector(".view:not([hidden]) .pane")?.focus();
  if (SURFACES[letter]) return () => toggle(cell, SURFACES[letter]);
  if (MARKS[letter]) return () => mark(cell, MARKS[letter]);
  if (SCORES[key]) return () => score(cell, SCORES[key]);
  return null;
};

const unfold = () => {
  if (document.body.classList.contains("folded")) document.querySelector('[data-tool="fold"]').click();
};

const PLACES = {
  g: () => focusTooth(rove().dataset.tooth),
  d: () => (document.querySelector("#diagnosis-help .suggested button") ?? document.getElementById("diagnosis-code")).focus(),
  p: () => document.getElementById("plan-what").focus(),
};

const placeOf = (event) => {
  if (event.shiftKey && event.key.toLowerCase() === "a") return () => document.getElementById("agree-all")?.click();
  return PLACES[event.key.toLowerCase()];
};

/** In the open tooth's form a key presses the control that names it; in its note it is a letter. */
const controlOf = (form, key) => () => form.querySelector(`[aria-keyshortcuts="${key.length === 1 ? key.toUpperCase() : key}"]`)?.click();

const actFor = (event) => {
  const cell = event.target.closest("[data-chart] [data-tooth]");
  if (cell) return actOn(cell, event);
  const form = event.target.closest("#tooth-form");
  if (form && event.target.tagName !== "TEXTAREA" && /^([a-z]|Delete)$/i.test(event.key)) return controlOf(form, event.key);
  return isTyping(event) ? null : placeOf(event);
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && event.target.closest("#tooth-form")) {
    event.stopPropagation();
    focusTooth(document.getElementById("chart").dataset.chosen);
    return;
  }
  const act = actFor(event);
  if (!act) return;
  event.preventDefault();
  event.stopPropagation(); // the page has other plans for some of these letters
  if (!event.target.closest("#findings")) unfold();
  act();
}, true);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-tooth]")) opensByKey = event.detail === 0;
});

document.addEventListener("change", (event) => {
  if (event.target.name === "layer") layer = event.target.value;
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "findings") return;
  const shown = document.querySelector(`#chart [name="layer"][value="${layer}"]`);
  if (shown) shown.checked = true;
  if (opensByKey) document.querySelector("#tooth-form input[type=checkbox]")?.focus();
  else if (document.activeElement === document.body) focusTooth(wanted || document.getElementById("chart").dataset.chosen); // the swap took it
  opensByKey = false;
  wanted = "";
});

/** Her words around a sentence that is taken out, as `cases.limits` leaves them: one space goes with it, no other. */
const without = (text, sentence) => {
  const [before, after] = [text.slice(0, text.indexOf(sentence)), text.slice(text.indexOf(sentence) + sentence.length)];
  return !before || before.endsWith("\n") ? before + after.replace(/^ /, "") : before.replace(/ $/, "") + after;
};

/** What the limits rest on changed: the sentences that the page offered follow, wherever they stand as they were offered. */
document.addEventListener("limits-follow", (event) => {
  const field = document.getElementById("id_limits");
  for (const [before, after] of event.detail.changes) {
    if (before && field.value.includes(before)) field.value = after ? field.value.replace(before, () => after) : without(field.value, before);
    else if (!before && !field.value.includes(after)) field.value = `${field.value.trimEnd()} ${after}`.trim();
  }
});
