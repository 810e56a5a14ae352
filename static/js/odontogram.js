/** The tooth chart as one stop of the Tab key: arrows walk the teeth, and the quadrant of the tooth at hand is the one shown. */

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LAST = 15; // column of the left third molars
let quadrant = "";
let at = "";

export const cells = () => [...document.querySelectorAll("[data-chart] [data-tooth]")];
export const cellOf = (key) => document.getElementById(`tooth-${key}`);

export const showQuadrant = (key) => {
  quadrant = key;
  for (const one of document.querySelectorAll("[data-chart] [data-q]")) one.classList.toggle("on", one.dataset.q === key);
  for (const one of document.querySelectorAll("[data-chart] [data-quadrant]")) {
    const name = one.tagName === "BUTTON" ? "aria-pressed" : "aria-current";
    one.setAttribute(name, String(one.dataset.quadrant === key));
  }
};

/** One tooth is in the order of Tab: the one last stood on, the open one, or the first of the quadrant shown. */
export const rove = () => {
  const all = cells();
  const shown = all.filter((one) => one.closest("[data-q]").classList.contains("on"));
  const here = cellOf(at) ?? all.find((one) => one.getAttribute("aria-current") === "true") ?? shown[0] ?? all[0];
  for (const one of all) one.tabIndex = one === here ? 0 : -1;
  return here;
};

export const focusTooth = (key) => {
  const cell = cellOf(key);
  if (!cell) return;
  at = key;
  showQuadrant(key.slice(0, 2));
  rove();
  cell.focus();
};

const placed = (cell) => [Number(cell.dataset.column), Number(cell.dataset.row)];

const nextOf = (cell, [dx, dy]) => {
  const [column, row] = placed(cell);
  const jaw = row < 10;
  const all = cells();
  if (dy) {
    const same = all.filter((one) => placed(one)[0] === column).sort((a, b) => placed(a)[1] - placed(b)[1]);
    return same[same.indexOf(cell) + dy];
  }
  for (let to = column + dx; to >= 0 && to <= LAST; to += dx) {
    const there = all.filter((one) => placed(one)[0] === to && placed(one)[1] < 10 === jaw);
    if (there.length) return there.sort((a, b) => Math.abs(placed(a)[1] - row) - Math.abs(placed(b)[1] - row))[0];
  }
  return undefined;
};

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.("[data-chart] [data-tooth]");
  if (!cell || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !STEPS[event.key]) return;
  event.preventDefault();
  event.stopPropagation(); // the arrows of the page change the picture
  const next = nextOf(cell, STEPS[event.key]);
  if (next) focusTooth(next.dataset.tooth);
}, true);

document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-chart] [data-quadrant]");
  if (!chosen || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  at = "";
  showQuadrant(chosen.dataset.quadrant);
  rove();
});

document.addEventListener("focusin", (event) => {
  const cell = event.target.closest?.("[data-chart] [data-tooth]");
  if (!cell || cell.dataset.tooth === at) return;
  at = cell.dataset.tooth;
  rove();
});

/** A chart that was put in anew shows the quadrant that the old one showed. An answer settles at once (htmx-config), before any key. */
document.addEventListener("htmx:afterSettle", () => {
  if (!document.querySelector("[data-chart]")) return;
  const open = document.querySelector('[data-chart] [data-tooth][aria-current="true"]');
  if (open) showQuadrant(open.dataset.tooth.slice(0, 2));
  else if (quadrant) showQuadrant(quadrant);
  rove();
});

rove();
