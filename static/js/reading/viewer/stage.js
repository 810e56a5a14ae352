/** Which pictures show: one, two or four; which of them the tools work on; and whether they zoom together. */
import { Pane } from "./pane.js";
import { Shelf } from "./shelf.js";
import { like, moveBy, turned, zoomTo } from "./view.js";

const BUDGET = 256 * 1024 * 1024; // bytes of decoded radiographs
const LAYOUTS = [1, 2, 4];
const panes = [];
const shelf = new Shelf(BUDGET);
let shown = []; // panes, in the order in which they stand
let active = null;
let linked = false;
const heard = new Set();

/** Call back whenever another pane is the active one, or it changed. */
export const whenChanged = (listener) => heard.add(listener);
const tell = () => heard.forEach((listener) => listener(active));

export const current = () => active;
export const paneOf = (element) => panes.find((pane) => pane.figure === element?.closest?.(".view"));

const views = () => document.querySelector(".views");

const arrange = () => {
  views().dataset.up = shown.length > 2 ? 4 : shown.length;
  for (const pane of panes) {
    const place = shown.indexOf(pane);
    pane.figure.hidden = place < 0;
    if (place >= 0) pane.figure.dataset.place = place + 1;
    pane.figure.classList.toggle("active", pane === active && shown.length > 1);
  }
  for (const link of document.querySelectorAll(".mount a[data-picture]")) {
    const chosen = link.dataset.picture === active?.number;
    if (chosen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    if (chosen) link.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  for (const pane of panes) {
    if (shown.includes(pane)) pane.wake();
    else pane.sleep();
  }
  tell();
};

/** Bring a picture into the active pane; one that shows already becomes the active one. */
export const show = (number) => {
  const wanted = panes.find((pane) => pane.number === String(number));
  if (!wanted) return;
  const focused = document.activeElement?.closest?.(".view");
  if (!shown.includes(wanted)) shown[Math.max(0, shown.indexOf(active))] = wanted;
  active = wanted;
  arrange();
  if (focused) wanted.box.focus();
  ahead(wanted);
};

/** The picture after this one is decoded before it is asked for, but not beside the one that is looked at. */
const ahead = async (pane) => {
  await pane.wake();
  if (pane === active) panes[panes.indexOf(pane) + 1]?.wake();
};

export const step = (by) => {
  const next = panes[panes.indexOf(active) + by];
  if (next) show(next.number);
};

export const activate = (pane) => {
  if (!pane || pane === active || !shown.includes(pane)) return;
  active = pane;
  arrange();
};

/** To the next pane that shows, or the one before. */
export const pass = (by) => {
  activate(shown[(shown.indexOf(active) + by + shown.length) % shown.length]);
  active?.box.focus();
};

/** One, two or four up: what shows stays, the next pictures of the set come beside it. */
export const layOut = (wish) => {
  const next = wish ?? LAYOUTS[(LAYOUTS.indexOf(Number(views().dataset.up)) + 1) % LAYOUTS.length];
  const kept = next === 1 ? [active] : shown.slice(0, next);
  const rest = [...panes.slice(panes.indexOf(active) + 1), ...panes].filter((pane) => !kept.includes(pane));
  shown = [...kept, ...new Set(rest)].slice(0, next);
  arrange();
};

export const link = () => {
  linked = !linked;
  follow();
  return linked;
};

const follow = () => {
  if (!linked || !active) return;
  for (const other of shown.filter((pane) => pane !== active)) {
    other.view = like(active.view, other.view, { frame: active.frame, pane: active.size }, { frame: other.frame, pane: other.size });
    other.draw();
  }
};

const look = (edit) => {
  if (!active) return;
  active.view = edit(active.view, active);
  active.draw();
  follow();
  tell();
};

const middle = ({ width, height }) => ({ x: width / 2, y: height / 2 });

/** Zoom by a factor around a point of the pane, its middle when none is given. */
export const zoom = (factor, point) =>
  look((view, pane) => {
    const now = Math.hypot(pane.matrix[0], pane.matrix[1]);
    return zoomTo(view, now * factor, point ?? middle(pane.size), pane.frame, pane.size);
  });
export const one = () => look((view, pane) => zoomTo(view, pane.oneToOne, middle(pane.size), pane.frame, pane.size));
export const fit = () => look((view) => ({ ...view, zoom: null, x: 0.5, y: 0.5 }));
export const pan = (dx, dy) => look((view, pane) => (view.zoom === null ? view : moveBy(view, dx, dy, pane.frame, pane.size)));
export const rotate = () => look((view) => turned(view));
export const flip = () => look((view) => ({ ...view, flipped: !view.flipped }));
export const invert = () => {
  active?.change({ inverted: !active.look.inverted });
  tell();
};
export const adjust = (change) => {
  active?.change(change);
  tell();
};
export const redraw = () => shown.forEach((pane) => pane.draw());

export const start = (marksOn) => {
  for (const figure of document.querySelectorAll(".view[data-picture]")) {
    const pane = new Pane(figure, shelf);
    pane.marks = () => marksOn(pane);
    panes.push(pane);
  }
  active = panes.find((pane) => !pane.figure.hidden) ?? null;
  shown = active ? [active] : [];
  document.addEventListener("pane-ready", tell);
  new ResizeObserver(redraw).observe(views());
  if (!active) return;
  arrange();
  ahead(active);
};
