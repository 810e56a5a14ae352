import { el, icon } from "./parts.js";
import { deviceTime } from "./times.js";

/** The places for a child's pictures, one a view: taken by the camera or chosen, ticked once they are on the device. */

const EARLIEST = Date.UTC(1990);
const SMALL = 320; // px of the longer side on the screen

/** When the device says that the file was made; null where its file system knows no time. */
const madeAt = ({ lastModified }) =>
  lastModified >= EARLIEST && lastModified <= Date.now() + 60_000 ? deviceTime(new Date(lastModified)) : null;

/** The picture, small. A kind that this browser cannot draw (HEIC) is kept all the same. */
async function drawn(blob) {
  try {
    const whole = await createImageBitmap(blob);
    const share = Math.min(1, SMALL / Math.max(whole.width, whole.height));
    const canvas = el("canvas", { width: Math.max(1, whole.width * share), height: Math.max(1, whole.height * share), "aria-hidden": "true" });
    canvas.getContext("2d").drawImage(whole, 0, 0, canvas.width, canvas.height);
    whole.close();
    return canvas;
  } catch {
    return el("p", { class: "small muted" }, "Kept. This browser cannot show it.");
  }
}

export class Pictures {
  #files;
  #record;
  #device;
  #changed;

  /** `device` is what takes the pictures, as it is told; `changed()` after one came or went. */
  constructor(files, record, { device, changed }) {
    this.#files = files;
    this.#record = record;
    this.#device = device;
    this.#changed = changed;
  }

  /** The slots of these views, with what is kept already; without `mayChange` they only show. */
  async slots(views, mayChange) {
    const kept = await this.#files.of(this.#record);
    return Promise.all(views.map((view) => this.#slot(view, kept.filter((one) => one.view === view.key), mayChange)));
  }

  async #slot(view, kept, mayChange) {
    const slot = el("li", { class: "device-shot", data: { view: view.key } });
    const shown = await Promise.all(kept.map((one) => this.#kept(one, view, mayChange)));
    const take = mayChange && [this.#button(view, slot, "Take", "camera", true), this.#button(view, slot, "Choose", "image", false)];
    slot.append(el("h3", {}, view.label), ...shown, el("p", { class: "says", role: "status" }), el("div", { class: "row" }, take || []));
    if (!kept.length) slot.classList.add("open");
    return slot;
  }

  #button(view, slot, words, name, byCamera) {
    const input = el("input", {
      type: "file", accept: byCamera ? "image/*" : "image/*,.dcm,application/dicom", capture: byCamera && "environment", class: "vh",
      "aria-label": `${words}: ${view.label}`, onchange: () => this.#take(view, slot, input, byCamera ? "camera" : "file"),
    });
    return el("label", { class: "btn" }, input, icon(name), words);
  }

  async #take(view, slot, input, source) {
    const [file] = input.files;
    if (!file) return;
    const says = slot.querySelector(".says");
    says.textContent = "Being kept …";
    try {
      const about = {
        name: file.name, view: view.key, mirrored: view.usually_mirrored, device: this.#device, captured_at: madeAt(file), source,
      };
      await this.#files.keep({ id: crypto.randomUUID(), record: this.#record, blob: file, about });
      await this.#again(view, slot);
    } catch (error) {
      says.textContent = error.message;
      says.className = "says wait-ink";
    } finally {
      input.value = "";
    }
  }

  async #again(view, slot) {
    const kept = (await this.#files.of(this.#record)).filter((one) => one.view === view.key);
    slot.replaceWith(await this.#slot(view, kept, true));
    this.#changed();
  }

  async #kept(about, view, mayChange) {
    const figure = el("figure", { data: { file: about.id } });
    const remove = mayChange && el("button", {
      class: "btn quiet", type: "button", "aria-label": `Remove this picture: ${view.label}`,
      onclick: async () => {
        await this.#files.remove(about.id);
        await this.#again(view, figure.closest("li"));
      },
    }, icon("trash"));
    try {
      figure.append(await drawn((await this.#files.read(about.id)).blob));
      figure.append(el("figcaption", {}, el("span", { class: "ok-ink" }, icon("check"), "Saved on this device"), remove || []));
    } catch (error) {
      figure.append(el("figcaption", { class: "wait-ink" }, error.message, remove || []));
    }
    return figure;
  }
}
