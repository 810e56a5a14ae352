/** The tray of sliders: window and level of a radiograph, brightness and contrast of a photograph, sharpening of both. */
import { presetsOf } from "./window.js";
import { FRESH } from "./pane.js";
import * as stage from "./stage.js";

const ASKED = "As the file asks";
const tray = () => document.getElementById("adjust");
const field = (name) => tray().querySelector(`[data-look="${name}"]`);

export const windowOf = (pane) => pane.look.window ?? pane.film.film.header.start;

const setRange = (name, low, high, value) => Object.assign(field(name), { min: low, max: high, value });

const fillPresets = (pane) => {
  const select = field("preset");
  if (select.dataset.of === pane.number) return;
  select.dataset.of = pane.number;
  const names = [ASKED, ...presetsOf(pane.film.film.header).map(([name]) => name), "By hand"];
  select.replaceChildren(...names.map((name) => new Option(name, name)));
};

const named = (pane) => {
  if (!pane.look.window) return ASKED;
  const same = ([, one]) => one.center === pane.look.window.center && one.width === pane.look.window.width;
  return presetsOf(pane.film.film.header).find(same)?.[0] ?? "By hand";
};

/** Show how the active picture is looked at. */
const follow = (pane) => {
  if (!pane) return;
  const { film } = pane;
  tray().dataset.of = film ? "film" : "photo";
  tray().querySelector("[data-adjusted]").textContent = film
    ? pane.figure.querySelector(".tl b").textContent
    : `${pane.figure.querySelector(".tl b").textContent}, 8 bit`;
  field("sharpen").value = pane.look.sharpen;
  field("brightness").value = pane.look.brightness;
  field("contrast").value = pane.look.contrast;
  if (!film) return;
  const { header } = film.film;
  const { center, width } = windowOf(pane);
  setRange("center", Math.min(header.low, center), Math.max(header.high, center), center);
  setRange("width", 1, Math.max(2, 1.5 * (header.high - header.low), width), width);
  fillPresets(pane);
  field("preset").value = named(pane);
};

const set = (name, value) => {
  const pane = stage.current();
  if (!pane) return;
  if (["sharpen", "brightness", "contrast"].includes(name)) stage.adjust({ [name]: Number(value) });
  else if (name === "preset") {
    const found = presetsOf(pane.film.film.header).find(([known]) => known === value);
    if (value !== "By hand") stage.adjust({ window: found ? found[1] : null });
  } else setWindow(pane, { [name]: Number(value) });
};

export const setWindow = (pane, change) => {
  const { center, width, function: kind } = { ...windowOf(pane), ...change };
  const header = pane.film.film.header;
  const most = Math.max(2, 2 * (header.high - header.low));
  stage.adjust({ window: { center, width: Math.min(most, Math.max(1, width)), function: kind === "SIGMOID" ? "LINEAR" : kind } });
};

/** A drag over the picture: to the right widens, down darkens; of a photograph contrast and brightness. */
export const drag = (pane, dx, dy) => {
  if (pane.film) {
    const { center, width } = windowOf(pane);
    const { low, high } = pane.film.film.header;
    const unit = (high - low) / 600;
    setWindow(pane, { center: center + dy * unit, width: width + dx * unit });
    return;
  }
  const within = (value) => Math.min(100, Math.max(-100, value));
  stage.adjust({ contrast: within(pane.look.contrast + dx / 4), brightness: within(pane.look.brightness - dy / 4) });
};

export const listen = () => {
  tray().addEventListener("input", ({ target }) => {
    if (target.dataset.look) set(target.dataset.look, target.value);
  });
  tray().querySelector('[data-do="reset-look"]').addEventListener("click", () => stage.adjust(FRESH));
  stage.whenChanged(follow);
};
