/** The reading page: keys and tools. Everything written here has a form that works without. */
import * as draft from "./draft.js";
import * as stage from "./stage.js";
import { isTyping } from "./typing.js";

const map = document.getElementById("map");
const MOVE = 60; // pixels of one step of a zoomed picture

const judge = (usable) => {
  const image = stage.current()?.dataset.image;
  const form = image && document.querySelector(`form[data-judge="${image}"]`);
  if (!form) return;
  if (usable || form.querySelector("select").value) {
    form.querySelector(`button[value="${usable ? "yes" : "no"}"]`).click();
    return;
  }
  fold(false);
  form.scrollIntoView({ block: "center" });
  form.querySelector("select").focus();
};

const fold = (folded = !document.body.classList.contains("folded")) => {
  document.body.classList.toggle("folded", folded);
  document.querySelector('[data-tool="fold"]').setAttribute("aria-pressed", String(folded));
  window.dispatchEvent(new Event("resize"));
};

const write = () => {
  fold(false);
  const words = document.getElementById("id_conclusions");
  words.focus();
  words.setSelectionRange(words.value.length, words.value.length);
};

const sign = async () => {
  await draft.settled();
  document.getElementById("sign").click();
};

const TOOLS = {
  previous: () => stage.step(-1),
  next: () => stage.step(1),
  in: () => stage.zoom(1.4),
  out: () => stage.zoom(1 / 1.4),
  fit: stage.fit,
  rotate: stage.rotate,
  flip: stage.flip,
  invert: stage.invert,
  usable: () => judge(true),
  unusable: () => judge(false),
  fold: () => fold(),
};

const KEYS = {
  ArrowLeft: TOOLS.previous, ArrowRight: TOOLS.next, "+": TOOLS.in, "=": TOOLS.in, "-": TOOLS.out,
  f: TOOLS.fit, r: TOOLS.rotate, m: TOOLS.flip, i: TOOLS.invert, u: TOOLS.usable, x: TOOLS.unusable, h: TOOLS.fold,
  e: write, q: () => document.getElementById("ask").click(), "?": () => map.showModal(),
};
const MOVES = { ArrowLeft: [MOVE, 0], ArrowRight: [-MOVE, 0], ArrowUp: [0, MOVE], ArrowDown: [0, -MOVE] };

const actOf = (event) => {
  if (event.shiftKey && MOVES[event.key]) return () => stage.pan(...MOVES[event.key]);
  if (/^[1-9]$/.test(event.key)) return () => stage.show(event.key);
  return KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter") {
    event.preventDefault();
    sign();
    return;
  }
  if (map.open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event)) {
    if (event.key === "Escape") stage.current()?.querySelector(".pane").focus();
    return;
  }
  const act = actOf(event);
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener("click", (event) => {
  const tool = event.target.closest("[data-tool]");
  if (tool) TOOLS[tool.dataset.tool]?.();
  if (event.target.closest('[data-do="map"]')) map.showModal();
});

document.documentElement.classList.add("js");
stage.listen();
draft.listen();
