/** The whole set as it lies in the mouth. Pictures change places by dragging, or by pressing the arrows of two of them. */
import * as stage from "./stage.js";

const boards = () => document.getElementById("boards");
const tileOf = (number) => boards().querySelector(`[data-tile="${number}"]`);
const name = () => `set:${document.querySelector(".stage").dataset.review}`;
let came = [];
let chosen = null;

const order = () => [...boards().querySelectorAll("[data-tile]")].map((tile) => [tile.dataset.tile, [...boards().querySelectorAll(".cell")].indexOf(tile.parentElement)]);

const place = (places) => {
  const cells = [...boards().querySelectorAll(".cell")];
  for (const [number, cell] of places) {
    const tile = tileOf(number);
    if (tile && cells[cell]) cells[cell].append(tile);
  }
};

const keep = () => window.sessionStorage.setItem(name(), JSON.stringify(order()));

const choose = (number) => {
  chosen = number;
  for (const button of boards().querySelectorAll("[data-swap]")) {
    button.setAttribute("aria-pressed", String(button.dataset.swap === number));
  }
};

/** Two pictures change places, or one goes into an empty cell. */
const swap = (number, target) => {
  const tile = tileOf(number);
  const cell = target.closest(".cell");
  const other = target.closest("[data-tile]") ?? cell?.querySelector("[data-tile]");
  if (!tile || !cell || other === tile) return;
  const home = tile.parentElement;
  cell.append(tile);
  if (other) home.append(other);
  keep();
};

export const toggle = (open = boards().hidden) => {
  boards().hidden = !open;
  document.querySelector('[data-tool="set"]').setAttribute("aria-pressed", String(open));
  if (open) boards().focus();
};

export const isOpen = () => !boards().hidden;

const press = (event) => {
  const button = event.target.closest("[data-swap]");
  if (button) {
    const number = button.dataset.swap;
    if (chosen && chosen !== number) swap(chosen, button);
    choose(chosen ? null : number);
    button.focus();
    return;
  }
  if (event.target.closest('[data-do="reset-set"]')) {
    place(came);
    keep();
    return;
  }
  const link = event.target.closest("a[data-picture]");
  if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    toggle(false);
    stage.show(link.dataset.picture);
    stage.current()?.box.focus();
  } else if (chosen && event.target.closest(".cell")) {
    swap(chosen, event.target);
    choose(null);
  }
};

export const listen = () => {
  came = order();
  place(JSON.parse(window.sessionStorage.getItem(name()) ?? "[]"));
  boards().addEventListener("click", press);
  boards().addEventListener("dragstart", (event) => {
    const tile = event.target.closest("[data-tile]");
    if (tile) event.dataTransfer.setData("text/plain", tile.dataset.tile);
  });
  boards().addEventListener("dragover", (event) => {
    if (event.target.closest(".cell")) event.preventDefault();
  });
  boards().addEventListener("drop", (event) => {
    event.preventDefault();
    swap(event.dataTransfer.getData("text/plain"), event.target);
  });
};
