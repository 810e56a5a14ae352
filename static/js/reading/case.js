/** The reading page: keys and tools. Everything written here has a form that works without. */
import * as ahead from "./ahead.js";
import * as draft from "./draft.js";
import { isTyping } from "./typing.js";
import * as adjust from "./viewer/adjust.js";
import * as boards from "./viewer/boards.js";
import * as hands from "./viewer/hands.js";
import * as marks from "./viewer/marks.js";
import * as points from "./viewer/points.js";
import * as stage from "./viewer/stage.js";
import * as trays from "./viewer/trays.js";

const map = document.getElementById("map");
const MOVE = 60; // pixels of one step of a zoomed picture

const judgement = () => document.querySelector(`form[data-judge="${stage.current()?.figure.dataset.image}"]`);

const judge = (usable) => {
  const form = judgement();
  if (!form || stage.current().figure.classList.contains("earlier")) return;
  if (usable || form.querySelector("select").value) {
    form.querySelector(`button[value="${usable ? "yes" : "no"}"]`).click();
    return;
  }
  trays.open("quality");
  document.querySelector("#quality [data-reason]").focus();
};

const judgeBecause = (reason) => {
  const form = judgement();
  if (!form) return;
  form.querySelector("select").value = reason;
  form.querySelector('button[value="no"]').click();
};

const fold = (folded = !document.body.classList.contains("folded")) => {
  document.body.classList.toggle("folded", folded);
  document.querySelector('[data-tool="fold"]').setAttribute("aria-pressed", String(folded));
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

const link = () => document.querySelector('[data-tool="link"]').setAttribute("aria-pressed", String(stage.link()));

const leave = () => {
  points.end();
  trays.close();
  boards.toggle(false);
};

const TOOLS = {
  in: () => stage.zoom(1.4), out: () => stage.zoom(1 / 1.4), fit: stage.fit, one: stage.one,
  adjust: () => trays.toggle("adjust"), invert: stage.invert, rotate: stage.rotate, flip: stage.flip,
  measure: () => points.take("measure"), arrow: () => points.take("arrow"), circle: () => points.take("circle"),
  text: () => points.take("text"), marks: () => trays.toggle("marks"), up: () => stage.layOut(), link, set: () => boards.toggle(),
  usable: () => judge(true), unusable: () => judge(false), fold: () => fold(),
};

const KEYS = {
  ArrowLeft: () => stage.step(-1), ArrowRight: () => stage.step(1), "+": TOOLS.in, "=": TOOLS.in, "-": TOOLS.out, 0: TOOLS.one,
  f: TOOLS.fit, r: TOOLS.rotate, l: TOOLS.flip, i: TOOLS.invert, w: TOOLS.adjust, m: TOOLS.measure, a: TOOLS.arrow, c: TOOLS.circle,
  t: TOOLS.text, k: TOOLS.marks, v: TOOLS.up, y: TOOLS.link, o: TOOLS.set, "[": () => stage.pass(-1), "]": () => stage.pass(1),
  u: TOOLS.usable, x: TOOLS.unusable, h: TOOLS.fold, Escape: leave,
  e: write, q: () => document.getElementById("ask").click(), n: () => document.getElementById("next").click(), "?": () => map.showModal(),
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
    if (event.key === "Escape") {
      leave();
      stage.current()?.box.focus();
    }
    return;
  }
  const onButton = event.key === "Enter" && event.target.closest("button, a, summary");
  if (!onButton && points.key(event)) {
    event.preventDefault();
    return;
  }
  const act = actOf(event);
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener("click", (event) => {
  const { tool, do: act, reason } = event.target.closest("[data-tool], [data-do], [data-reason]")?.dataset ?? {};
  if (tool) TOOLS[tool]?.();
  if (act === "map") map.showModal();
  if (act === "close-tray") trays.close();
  if (reason) judgeBecause(reason);
  const thumb = event.target.closest(".mount a[data-picture]");
  if (!thumb || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  boards.toggle(false);
  stage.show(thumb.dataset.picture);
});

stage.whenChanged((pane) => {
  for (const [tool, on] of [["flip", pane?.view.flipped], ["invert", pane?.look.inverted]]) {
    document.querySelector(`[data-tool="${tool}"]`).setAttribute("aria-pressed", String(Boolean(on)));
  }
});

document.documentElement.classList.add("js");
adjust.listen();
stage.start(marks.marksOn);
for (const part of [draft, ahead, boards, hands, marks, points]) part.listen();
