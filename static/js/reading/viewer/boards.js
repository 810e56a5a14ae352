/** The whole set as it lies in the mouth. Pictures change places by dragging, or by pressing the arrows of two of them. */
import * as stage from "./stage.js";

const boards = () => document.getElementById("boards");
const tileOf = (picture) => boards().querySelector(`[data-tile="${picture}"]`);
const name = () => `set:${document.querySelector(".stage").dataset.review}`;
let came = [];
let chosen = null;

/** Pictures and places by names that stay when another picture comes in, which renumbers both. */
const order = () => [...boards().querySelectorAll("[data-tile]")].map((tile) => [tile.dataset.tile, tile.parentElement.dataset.cell]);

const place = (places) => {
  for (const [picture, cell] of places) {
    const tile = tileOf(picture);
    if (tile) boards().querySelector(`[data-cell="${cell}"]`)?.append(tile);
  }
};

const keep = () => window.sessionStorage.setItem(name(), JSON.stringify(order()));

const choose = (picture) => {
  chosen = picture;
  for (const button of boards().querySelectorAll("[data-swap]")) {
    button.setAttribute("aria-pressed", String(button.dataset.swap === picture));
  }
};

/** Two pictures change places, or one goes into an empty cell. */
const swap = (picture, target) => {
  const tile = tileOf(picture);
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

const press = (event) => {
  const button = event.target.closest("[data-swap]");
  if (button) {
    const picture = button.dataset.swap;
    if (chosen && chosen !== picture) swap(chosen, button);
    choose(chosen ? null : picture);
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
