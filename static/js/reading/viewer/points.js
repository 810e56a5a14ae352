/** Tools that need points: measuring and drawing. A point is set by a press (two presses, or one drag) or by keys. */
import { basisOf, inWords } from "./measure.js";
import * as marks from "./marks.js";
import * as stage from "./stage.js";
import * as trays from "./trays.js";
import { toFrame } from "./view.js";

const STEP = 12; // pixels of the pane a key moves the cross; with Shift one
const HINTS = {
  measure: "Measure: set two points, by pressing or dragging, or with arrow keys and Enter. Esc ends.",
  arrow: "Arrow: its foot, then its tip. Esc ends.",
  circle: "Circle: its middle, then its rim. Esc ends.",
  text: "Text: the place where it stands. Esc ends.",
};
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
let mode = "";
let first = null; // {pane, point} of the first end
let wanted = null; // a text that waits for its words

export const modeNow = () => mode;

const say = (words) => {
  const hint = document.getElementById("tool-hint");
  hint.hidden = !words;
  hint.textContent = words;
};

const settle = () => {
  if (first) first.pane.lengths = first.pane.lengths.filter((one) => !one.open);
  first = null;
};

export const end = () => {
  settle();
  mode = "";
  say("");
  const pane = stage.current();
  if (pane) pane.cross = null;
  stage.redraw();
  press();
};

const press = () => {
  for (const name of Object.keys(HINTS)) {
    document.querySelector(`[data-tool="${name}"]`).setAttribute("aria-pressed", String(name === mode));
  }
  document.querySelector(".views").classList.toggle("pointing", Boolean(mode));
};

/** Take a tool in hand, or put it away. */
export const take = (name) => {
  const again = mode === name;
  end();
  if (again) return;
  const pane = stage.current();
  if (!pane) return;
  if (name !== "measure" && !marks.canMark(pane)) {
    say("Pictures of an earlier case are signed: nothing is drawn on them now.");
    return;
  }
  mode = name;
  pane.box.focus(); // so that Enter sets a point, whatever was pressed before
  say(HINTS[name]);
  press();
};

const length = (pane, from, to, open) => ({
  kind: "measure", from, to, open, text: inWords(from, to, pane.facts.spacing), basis: basisOf(pane.facts),
});

const finish = (pane, to) => {
  const from = first.point;
  settle();
  if (mode === "measure") pane.lengths = [...pane.lengths, length(pane, from, to, false)];
  else if (marks.canMark(pane)) marks.send(pane, mode, from, to);
  pane.draw();
};

/** A point of the pane, in its pixels. `isEnd` says that a drag ends here. */
export const set = (pane, at) => {
  const point = toFrame(pane.matrix, at);
  if (mode === "text") {
    wanted = { pane, point };
    trays.open("mark-words");
    document.getElementById("mark-text").focus();
    return;
  }
  if (first?.pane === pane) finish(pane, point);
  else {
    settle();
    first = { pane, point, at };
  }
};

/** While the second end is looked for. */
export const move = (pane, at) => {
  if (first?.pane !== pane) return;
  const to = toFrame(pane.matrix, at);
  const open = mode === "measure" ? length(pane, first.point, to, true) : { kind: mode, from: first.point, to, text: "", open: true };
  pane.lengths = [...pane.lengths.filter((one) => !one.open), open];
  pane.draw();
};

/** The hand lets go: a drag of some length ends the line, a press leaves it open for the next one. */
export const release = (pane, at) => {
  if (first?.pane === pane && Math.hypot(at.x - first.at.x, at.y - first.at.y) > 6) set(pane, at);
};

/** Keys while a tool is in hand; says whether the key was one of its own. */
export const key = (event) => {
  const pane = stage.current();
  if (!mode || !pane) return false;
  if (event.key === "Escape") end();
  else if (event.key === "Enter") set(pane, (pane.cross ??= { x: pane.size.width / 2, y: pane.size.height / 2 }));
  else if (MOVES[event.key]) {
    const far = event.shiftKey ? 1 : STEP;
    const [dx, dy] = MOVES[event.key];
    const from = pane.cross ?? { x: pane.size.width / 2, y: pane.size.height / 2 };
    pane.cross = { x: from.x + dx * far, y: from.y + dy * far };
    move(pane, pane.cross);
    pane.draw();
  } else return false;
  return true;
};

export const listen = () => {
  document.getElementById("mark-words").addEventListener("submit", (event) => {
    event.preventDefault();
    const words = document.getElementById("mark-text");
    if (wanted && words.value.trim()) marks.send(wanted.pane, "text", wanted.point, wanted.point, words.value.trim());
    wanted = null;
    words.value = "";
    trays.close();
  });
};
