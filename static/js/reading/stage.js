/** The pictures: one stands large; zoom, pan, rotate, flip and invert are kept per picture. */

const MAX = 8; // times the fitted size
const figures = () => [...document.querySelectorAll(".view[data-picture]")];
const looks = new Map();
const FRESH = { scale: 1, x: 0, y: 0, turn: 0, flipped: false, inverted: false };

export const current = () => document.querySelector(".view[data-picture]:not([hidden])");

const lookOf = (figure) => {
  if (!looks.has(figure.dataset.picture)) looks.set(figure.dataset.picture, { ...FRESH });
  return looks.get(figure.dataset.picture);
};

/** Turned by a quarter, a wide picture has to shrink to stay whole. */
const fitOf = (image, turn) => {
  if (turn % 180 === 0) return 1;
  const { clientWidth: w, clientHeight: h, naturalWidth: nw, naturalHeight: nh } = image;
  if (!nw || !w || !h) return 1;
  const upright = Math.min(w / nw, h / nh);
  return Math.min(w / nh, h / nw) / upright;
};

const draw = (figure) => {
  const look = lookOf(figure);
  const image = figure.querySelector("img");
  const scale = look.scale * fitOf(image, look.turn);
  image.style.transform = `translate(${look.x}px, ${look.y}px) rotate(${look.turn}deg) scale(${look.flipped ? -scale : scale}, ${scale})`;
  image.style.filter = look.inverted ? "invert(1)" : "";
  figure.querySelector(".pane").classList.toggle("zoomed", look.scale > 1);
  const fitted = Math.min(image.clientWidth / image.naturalWidth, image.clientHeight / image.naturalHeight);
  figure.querySelector("[data-zoom]").textContent = Number.isFinite(fitted) ? `${Math.round(fitted * scale * 100)} %` : "";
  const turned = [look.turn && `turned ${look.turn}°`, look.flipped && "flipped", look.inverted && "inverted"].filter(Boolean);
  figure.querySelector("[data-turned]").textContent = turned.length ? ` · ${turned.join(", ")}` : "";
  for (const [tool, on] of [["flip", look.flipped], ["invert", look.inverted]]) {
    document.querySelector(`[data-tool="${tool}"]`)?.setAttribute("aria-pressed", String(on));
  }
};

export const show = (number) => {
  const wanted = figures().find((figure) => figure.dataset.picture === String(number));
  if (!wanted) return;
  const focused = document.activeElement?.closest?.(".view");
  for (const figure of figures()) figure.hidden = figure !== wanted;
  for (const link of document.querySelectorAll(".mount a[data-picture]")) {
    const chosen = link.dataset.picture === String(number);
    if (chosen) {
      link.setAttribute("aria-current", "true");
      link.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else link.removeAttribute("aria-current");
  }
  if (focused) wanted.querySelector(".pane").focus();
  draw(wanted);
  preload(wanted.nextElementSibling);
};

const preload = (figure) => {
  const image = figure?.querySelector?.(".pane img");
  if (image) new Image().src = image.src;
};

export const step = (by) => {
  const all = figures();
  const here = all.indexOf(current());
  const next = all[here + by];
  if (next) show(next.dataset.picture);
};

const change = (edit) => {
  const figure = current();
  if (!figure) return;
  edit(lookOf(figure), figure);
  draw(figure);
};

/** Zoom by a factor around a point of the pane (its middle when none is given). */
export const zoom = (factor, point) =>
  change((look, figure) => {
    const box = figure.querySelector(".pane").getBoundingClientRect();
    const x = (point?.x ?? box.x + box.width / 2) - box.x - box.width / 2;
    const y = (point?.y ?? box.y + box.height / 2) - box.y - box.height / 2;
    const scale = Math.min(MAX, Math.max(1, look.scale * factor));
    const grown = scale / look.scale;
    look.x = scale === 1 ? 0 : x - (x - look.x) * grown;
    look.y = scale === 1 ? 0 : y - (y - look.y) * grown;
    look.scale = scale;
  });

export const pan = (dx, dy) =>
  change((look) => {
    if (look.scale === 1) return;
    look.x += dx;
    look.y += dy;
  });

export const fit = () => change((look) => Object.assign(look, { scale: 1, x: 0, y: 0 }));
export const rotate = () => change((look) => Object.assign(look, { turn: (look.turn + 90) % 360, scale: 1, x: 0, y: 0 }));
export const flip = () => change((look) => { look.flipped = !look.flipped; });
export const invert = () => change((look) => { look.inverted = !look.inverted; });

/** Wheel zooms where the pointer is, dragging moves, a double click zooms in or fits. */
export const listen = () => {
  const views = document.querySelector(".views");
  if (!views) return;
  views.addEventListener("wheel", (event) => {
    if (!event.target.closest(".pane")) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, event);
  }, { passive: false });
  views.addEventListener("dblclick", (event) => {
    const pane = event.target.closest(".pane");
    if (!pane) return;
    if (pane.classList.contains("zoomed")) fit();
    else zoom(3, event);
  });
  let last = null;
  views.addEventListener("pointerdown", (event) => {
    if (!event.target.closest(".pane.zoomed")) return;
    last = event;
    event.target.setPointerCapture(event.pointerId);
  });
  views.addEventListener("pointermove", (event) => {
    if (!last || event.pointerId !== last.pointerId) return;
    pan(event.clientX - last.clientX, event.clientY - last.clientY);
    last = event;
  });
  for (const end of ["pointerup", "pointercancel"]) views.addEventListener(end, () => { last = null; });
  for (const image of views.querySelectorAll(".pane img")) {
    image.addEventListener("load", () => draw(image.closest(".view")));
  }
  window.addEventListener("resize", () => { if (current()) draw(current()); });
  document.querySelector(".mount").addEventListener("click", (event) => {
    const link = event.target.closest("a[data-picture]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    show(link.dataset.picture);
  });
  if (current()) {
    draw(current());
    preload(current().nextElementSibling);
  }
};
