/** The chart by letters: on a tooth, surfaces first, then what they have; G, D and P lead to teeth, diagnosis and plan. */
import { cellOf, focusTooth, rove } from "../odontogram.js";
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
let sending = Promise.resolve();
let opensByKey = false;

const say = (words) => {
  const line = document.getElementById("chart-says");
  if (line) line.textContent = words;
};

/** One after the other: each answer brings the version that the next one needs. */
const send = (what, values, tooth) => {
  sending = sending.then(async () => {
    const chart = document.getElementById("chart");
    const said = { version: chart.dataset.version, chosen: chart.dataset.chosen, ...values };
    await window.htmx.ajax("POST", chart.dataset[what], { source: chart, target: "#findings", swap: "outerHTML", values: said });
    focusTooth(tooth);
  }).catch(() => say("Not saved. Reload the page."));
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
  send("mark", { tooth, condition, surfaces }, tooth);
};

const score = (cell, icdas) => {
  const { tooth, caries, surfaces } = cell.dataset;
  if (!caries) return say("Mark decay first, then its ICDAS score.");
  return send("mark", { tooth, condition: caries, surfaces, icdas }, tooth);
};

const actOn = (cell, key) => {
  const tooth = cell.dataset.tooth;
  const letter = key.toLowerCase();
  if (key === "A") return () => send("agree", {}, tooth);
  if (key === "a") return () => send("agree", { tooth }, tooth);
  if (key === "Delete" || key === "Backspace") return () => send("clear", { tooth }, tooth);
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

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && event.target.closest("#tooth-form")) {
    event.stopPropagation();
    focusTooth(document.getElementById("chart").dataset.chosen);
    return;
  }
  const cell = event.target.closest("[data-chart] [data-tooth]");
  const act = cell ? actOn(cell, event.key) : !isTyping(event) && PLACES[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation(); // the page has other plans for some of these letters
  if (!cell) unfold();
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
  opensByKey = false;
  const chosen = document.getElementById("chart").dataset.chosen;
  if (chosen && cellOf(chosen)) rove();
});

/** A view was judged: the sentences that the page offered follow, wherever they stand as they were offered. */
document.addEventListener("limits-follow", (event) => {
  const field = document.getElementById("id_limits");
  for (const [before, after] of event.detail.changes) {
    if (before && field.value.includes(before)) field.value = field.value.replace(before, after).replace(/ {2,}/g, " ").trim();
    else if (!before && !field.value.includes(after)) field.value = `${field.value.trimEnd()} ${after}`.trim();
  }
});
