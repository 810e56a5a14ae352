/** Marks on pictures: read from the list that the server made, drawn by the panes, sent to their own picture. */
import { send as post } from "../sending.js";
import * as stage from "./stage.js";

const list = () => document.getElementById("annotations");
const shownBox = () => document.getElementById("marks-shown");

/** The marks on a pane's picture, in its pixels at full size. */
export const marksOn = (pane) => {
  if (!shownBox()?.checked) return [];
  return [...list().querySelectorAll(`li[data-on="${pane.number}"]`)].map(({ dataset }) => {
    const across = pane.frame.width / dataset.width;
    const down = pane.frame.height / dataset.height;
    return {
      kind: dataset.kind,
      text: dataset.text,
      from: { x: dataset.x * across, y: dataset.y * down },
      to: { x: dataset.toX * across, y: dataset.toY * down },
    };
  });
};

const inside = (value, most) => Math.round(Math.min(most, Math.max(0, value)));

export const canMark = (pane) => Boolean(pane?.figure.dataset.marks);

/** Send a mark; the list comes back with it. */
export const send = (pane, kind, from, to, text = "") => {
  const { width, height } = pane.frame;
  const said = {
    page: pane.page, kind, text, width, height, x: inside(from.x, width), y: inside(from.y, height),
    to_x: inside(to.x, width), to_y: inside(to.y, height),
  };
  post("annotations", pane.figure.dataset.marks, said);
};

export const listen = () => {
  shownBox()?.addEventListener("change", stage.redraw);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "annotations") stage.redraw();
  });
};
