import { el } from "./parts.js";
import { inWords } from "./times.js";

/** What is photographed before a child's pictures: whose they are, so large that any camera reads it. */

const QUIET = 4; // modules of white round the code
const SVG = "http://www.w3.org/2000/svg";

/** The code as one path, of the bits that the server gave: a square for each dark module. */
export function pathOf({ side, bits }) {
  const isDark = (at) => (parseInt(bits[at >> 2], 16) >> (3 - (at & 3))) & 1;
  return [...Array(side * side).keys()].filter(isDark).map((at) => `M${(at % side) + QUIET} ${Math.floor(at / side) + QUIET}h1v1h-1z`).join("");
}

function drawn(square, words) {
  const whole = square.side + 2 * QUIET;
  const svg = document.createElementNS(SVG, "svg");
  const path = svg.appendChild(document.createElementNS(SVG, "path"));
  const about = { viewBox: `0 0 ${whole} ${whole}`, role: "img", "aria-label": words, "shape-rendering": "crispEdges" };
  for (const [name, value] of Object.entries(about)) svg.setAttribute(name, value);
  path.setAttribute("d", pathOf(square));
  return svg;
}

export class Slate {
  #dialog = document.querySelector("#slate");

  constructor() {
    this.#dialog.querySelector("button").addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("close", () => this.#clear());
  }

  /** Who was entered here has no tag yet; a list that was taken along before slates were drawn has tags without codes. */
  show({ event }, { name, birth_date: born, room, tag, slate, fresh }) {
    const fact = (words) => el("p", {}, words);
    this.#dialog.querySelector(".slate-says").replaceChildren(
      el("h1", { id: "slate-name" }, name), fact(`born ${inWords(born)}`), fact(room ? `Room ${room}` : "Room not told"),
      el("p", { class: "slate-tag mono" }, fresh ? "No tag yet" : tag), el("p", { class: "slate-where" }, `${event.site.name}, ${event.days}`));
    this.#dialog.querySelector(".slate-code").replaceChildren(...(slate ? [drawn(slate, `Code of the tag ${tag}`)] : []));
    this.#dialog.showModal();
  }

  hide() {
    this.#dialog.close();
    this.#clear();
  }

  #clear() {
    for (const place of [".slate-says", ".slate-code"]) this.#dialog.querySelector(place).replaceChildren();
  }
}
