/** Lines over a picture: marks and measured lengths. Points come in the picture's pixels and are drawn through its matrix. */
import { toPane } from "./view.js";

const INK = "#ffd24a";
const RULER = "#7fe3ff";
const HEAD = 12; // pixels of the screen

const stroke = (context, colour, path) => {
  for (const [width, ink] of [[4, "rgb(0 0 0 / .6)"], [2, colour]]) {
    context.lineWidth = width;
    context.strokeStyle = ink;
    context.beginPath();
    path();
    context.stroke();
  }
};

const write = (context, colour, text, x, y) => {
  context.font = "600 14px sans-serif";
  context.textBaseline = "middle";
  context.lineWidth = 4;
  context.strokeStyle = "rgb(0 0 0 / .7)";
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
};

const line = (context, colour, from, to) =>
  stroke(context, colour, () => {
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
  });

const arrow = (context, from, to) => {
  line(context, INK, from, to);
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  stroke(context, INK, () => {
    for (const side of [-0.45, 0.45]) {
      context.moveTo(to.x, to.y);
      context.lineTo(to.x - HEAD * Math.cos(angle + side), to.y - HEAD * Math.sin(angle + side));
    }
  });
};

const circle = (context, middle, rim) =>
  stroke(context, INK, () => context.arc(middle.x, middle.y, Math.hypot(rim.x - middle.x, rim.y - middle.y), 0, 2 * Math.PI));

/** One mark {kind, from, to, text}; `matrix` leads to pixels of the pane. */
export const drawMark = (context, matrix, { kind, from, to, text }) => {
  const [start, end] = [toPane(matrix, from), toPane(matrix, to)];
  if (kind === "arrow") arrow(context, start, end);
  if (kind === "circle") circle(context, start, end);
  if (kind === "measure") {
    line(context, RULER, start, end);
    write(context, RULER, text, (start.x + end.x) / 2 + 8, (start.y + end.y) / 2 - 10);
  } else if (text) {
    const radius = kind === "circle" ? Math.hypot(end.x - start.x, end.y - start.y) : 0;
    write(context, INK, text, start.x + (radius ? radius * 0.75 : 6), start.y + (radius ? radius * 0.75 + 8 : 10));
  }
};

/** The cross that is moved by keys. */
export const drawCross = (context, { x, y }) =>
  stroke(context, "#ffffff", () => {
    context.moveTo(x - 14, y);
    context.lineTo(x + 14, y);
    context.moveTo(x, y - 14);
    context.lineTo(x, y + 14);
  });
