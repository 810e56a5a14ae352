/** One picture in its figure: what it is drawn from, how it is looked at, and what it says of itself. */
import { drawCross, drawMark } from "./shapes.js";
import { loadSamples } from "./loading.js";
import { Copy, Film } from "./sources.js";
import { FITTED, fitZoom, matrixOf, zoomOf } from "./view.js";

export const FRESH = Object.freeze({ window: null, inverted: false, sharpen: 0, brightness: 0, contrast: 0 });
const WORDS = { pending: " · original depth is coming", failed: " · original depth could not be prepared" };

export class Pane {
  constructor(figure, shelf) {
    const { picture, image, page, width, height, facts } = figure.dataset;
    Object.assign(this, { figure, shelf, number: picture, image, page, facts: JSON.parse(facts) });
    this.frame = { width: Number(width), height: Number(height) };
    this.box = figure.querySelector(".pane");
    this.picture = figure.querySelector(".pane img");
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    this.box.append(this.canvas);
    this.view = FITTED;
    this.look = FRESH;
    this.lengths = [];
    this.cross = null;
    this.state = figure.dataset.samples ? "pending" : "copy";
    this.picture.addEventListener("load", () => this.refresh());
  }

  get size() {
    return { width: this.box.clientWidth, height: this.box.clientHeight };
  }

  get film() {
    return this.shelf.get(this.number);
  }

  get matrix() {
    return matrixOf(this.view, this.frame, this.size);
  }

  get oneToOne() {
    return 1 / window.devicePixelRatio;
  }

  /** Bring on what it is drawn from, and return when it is there: the copy comes by itself, samples are fetched. */
  async wake() {
    this.picture.loading = "eager";
    this.refresh();
    if (!this.figure.dataset.samples) await this.picture.decode().catch(() => {});
    else if (!this.film && this.state !== "failed") await (this.loading ??= this.load());
  }

  async load() {
    try {
      const unpacked = await loadSamples(this.figure.dataset);
      this.state = unpacked ? "film" : "failed";
      if (unpacked) this.keep(new Film(unpacked));
    } catch {
      this.state = "failed";
    }
    this.loading = null;
    this.refresh();
    this.figure.dispatchEvent(new Event("pane-ready", { bubbles: true }));
  }

  /** Out of sight it holds no pixels of its own; what it is drawn from stays on the shelf as long as there is room. */
  sleep() {
    window.cancelAnimationFrame(this.frameAsked);
    this.rendered = null;
    Object.assign(this.canvas, { width: 0, height: 0 });
  }

  keep(film) {
    this.shelf.put(this.number, film, film.bytes);
    delete this.figure.dataset.prepare;
  }

  /** Draw anew, the look included. */
  refresh() {
    this.rendered = null;
    this.draw();
  }

  change(look) {
    this.look = { ...this.look, ...look };
    this.refresh();
  }

  draw() {
    if (this.figure.hidden || !this.box.clientWidth) return;
    window.cancelAnimationFrame(this.frameAsked);
    this.frameAsked = window.requestAnimationFrame(() => this.paint());
  }

  paint() {
    const { width, height } = this.size;
    const ratio = window.devicePixelRatio;
    if (!width || !this.drawable()) return;
    Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    const context = this.canvas.getContext("2d");
    const [a, b, c, d, e, f] = this.matrix.map((part) => part * ratio);
    context.imageSmoothingQuality = "high";
    context.setTransform(a, b, c, d, Math.round(e), Math.round(f));
    context.drawImage(this.rendered, 0, 0, this.frame.width, this.frame.height);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const matrix = [a, b, c, d, Math.round(e), Math.round(f)].map((part) => part / ratio);
    for (const mark of [...this.marks(), ...this.lengths]) drawMark(context, matrix, mark);
    if (this.cross) drawCross(context, this.cross);
    this.say();
  }

  /** Marks to draw; the stage sets where they come from. */
  marks() {
    return [];
  }

  drawable() {
    if (this.rendered) return true;
    const source = this.film ?? (this.picture.naturalWidth ? new Copy(this.picture) : null);
    this.rendered = source?.render(this.look) ?? null;
    return this.rendered !== null;
  }

  /** What stands on the picture in words, and the same as data for whoever asks. */
  say() {
    const { figure, view, look } = this;
    const zoom = zoomOf(view, this.frame, this.size);
    const film = this.film;
    const lossy = "lossy" in figure.dataset ? ", lossy original" : "";
    const { naturalWidth: width, naturalHeight: height } = this.picture;
    const smaller = width < this.frame.width ? ` of ${this.frame.width} × ${this.frame.height}` : "";
    const copy = `Review copy, 8 bit, ${width} × ${height} px${smaller}`;
    const whole = `Original depth, ${figure.dataset.bits} bit, ${this.frame.width} × ${this.frame.height} px`;
    figure.querySelector("[data-depth]").textContent = (film ? whole : copy + (WORDS[this.state] ?? "")) + lossy;
    figure.querySelector("[data-zoom]").textContent = `${Math.round(zoom * window.devicePixelRatio * 100)} %`;
    const said = [
      film && this.windowWords(film.film.header), view.turn && `turned ${view.turn}°`, view.flipped && "flipped", look.inverted && "inverted",
      !film && (look.brightness || look.contrast) && `brightness ${look.brightness}, contrast ${look.contrast}`,
      look.sharpen && `sharpened ${look.sharpen}, on this screen only`,
    ].filter(Boolean);
    figure.querySelector("[data-turned]").textContent = said.length ? ` · ${said.join(", ")}` : "";
    const last = this.lengths.at(-1);
    figure.querySelector("[data-length]").textContent = last ? `${last.text}, ${last.basis} · ` : "";
    Object.assign(figure.dataset, { turn: view.turn, flipped: view.flipped, inverted: look.inverted, fitted: view.zoom === null });
    figure.dataset.depth = film ? "film" : this.state === "pending" ? "pending" : "copy";
    figure.dataset.zoom = (zoom / fitZoom(this.frame, this.size, view.turn)).toFixed(3);
    this.box.classList.toggle("zoomed", view.zoom !== null);
  }

  windowWords(header) {
    if (!this.look.window && header.asked === "table") return "table of the file";
    const { center, width } = this.look.window ?? header.start;
    return `W ${Math.round(width)} L ${Math.round(center)}`;
  }
}
