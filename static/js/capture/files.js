import { forget, keep, remaining } from "./outbox.js";
import { Known, Refusal, send, sha256 } from "../sender.js";
import { Tile } from "./tiles.js";

/** Files of the case page: chosen for a view or several at once, each sent by itself; a bad one never holds up the others. */

const AT_ONCE = 2;
const NOT_SECURE =
  "This browser sends pictures only over a secure address (https, or localhost on the same computer), because it cannot compute their checksums here. Open Teledent by its https address. Nothing else on this page is affected.";

const EARLIEST = Date.UTC(1990);

/** A DICOM file names its own sensor; the camera that stands on the page is not it. */
const saysItsDevice = (file) => file.type === "application/dicom" || /\.dcm$/i.test(file.name);

/** When the device says the file was made, or nothing where its file system knows no time: then the page asks. */
const timeOf = ({ lastModified }) =>
  lastModified >= EARLIEST && lastModified <= Date.now() + 60_000 ? new Date(lastModified).toISOString() : "";

const say = (words) => {
  document.querySelector("#upload-says").textContent = words;
};

class Queue {
  #waiting = [];
  #running = 0;

  add(work) {
    this.#waiting.push(work);
    this.#next();
  }

  async #next() {
    if (this.#running >= AT_ONCE || !this.#waiting.length) return;
    this.#running += 1;
    try {
      await this.#waiting.shift()();
    } finally {
      this.#running -= 1;
      this.#next();
    }
  }
}

export function files(capture) {
  const chooser = document.querySelector("#chooser");
  const { case: caseId, uploads } = capture.dataset;
  const tileAddress = (id) => capture.dataset.file.replace(caseId, id);
  const queue = new Queue();
  const under = new Map(); // id -> Tile
  let wanted = {};

  const listFor = (item) => document.querySelector(item.isFilm ? "#films" : "#shots");

  function show(item) {
    const tile = new Tile(item, { onRetry: () => start(item), onDrop: () => drop(item) });
    document.querySelector(`#file-${item.id}`)?.remove();
    under.get(item.id)?.root.remove();
    under.set(item.id, tile);
    place(item, tile);
    return tile;
  }

  /** Where its empty slot stands; a radiograph before the place for the next one; what has no view yet, last. */
  function place(item, tile) {
    const list = listFor(item);
    const slot = list.querySelector(`.slot:has([data-view="${item.labels.view || "-"}"])`);
    if (slot) tile.root.classList.toggle("wide", slot.classList.contains("wide"));
    list.insertBefore(tile.root, slot || (item.isFilm ? list.querySelector(".slot") : null));
    if (!item.isFilm) slot?.remove();
  }

  async function drop(item) {
    await forget(item.id);
    under.get(item.id)?.root.remove();
    under.delete(item.id);
  }

  /**
   * The server's tile takes the place of ours, and watches the examination from here on. Each asks for itself: the
   * requests of one source stand in a line that keeps its last alone.
   */
  async function arrived(item, id = item.id) {
    await forget(item.id);
    const tile = under.get(item.id);
    under.delete(item.id);
    say(`${item.viewLabel || item.name} is received. ${under.size ? `${under.size} still being sent.` : "Everything is sent."}`);
    await window.htmx.ajax("GET", tileAddress(id), { source: tile.root, target: tile.root, swap: "outerHTML" });
  }

  async function work(item, tile) {
    try {
      await send(item, uploads, {
        progress: (bytes) => tile.progress(bytes),
        interrupted: (sentence) => tile.interrupted(sentence),
      });
      await arrived(item);
    } catch (error) {
      if (error instanceof Known) return known(item, tile, error);
      tile.refused(error instanceof Refusal ? error.message : "Something went wrong in the browser. Try again.");
      say(`${item.viewLabel || item.name} was not sent: ${error.message}`);
    }
  }

  /** The same bytes are declared already: gone on with under their own id, or simply there. */
  async function known(item, tile, { id, arrived: isWhole, view }) {
    await forget(item.id);
    if (!isWhole) return start({ ...item, id }, item.id);
    under.delete(item.id);
    tile.root.remove();
    say(`This picture is already in the case as ${view}. Nothing was sent twice.`);
    notice(`This picture is already in the case as ${view}. Nothing was sent twice.`);
  }

  function notice(words) {
    const strip = document.createElement("div");
    strip.className = "strip info";
    strip.textContent = words;
    document.querySelector("#notices").append(strip);
  }

  async function start(item, instead = "") {
    if (instead) {
      under.get(instead)?.root.remove();
      under.delete(instead);
    }
    const tile = show(item);
    await keep(item);
    queue.add(() => work(item, tile));
  }

  async function chosen(file, order) {
    const device = saysItsDevice(file) ? "" : document.querySelector("#device")?.value.trim();
    const item = {
      id: crypto.randomUUID(),
      caseId,
      name: file.name,
      blob: file,
      sha256: await sha256(file),
      isFilm: Boolean(order.isFilm),
      viewLabel: order.label || "",
      labels: {
        case: caseId,
        view: order.view || "",
        mirrored: order.mirrored ? "1" : "",
        device: device || "",
        captured_at: timeOf(file),
      },
    };
    await start(item);
  }

  function take(button) {
    if (!window.isSecureContext || !crypto.subtle) return notice(NOT_SECURE);
    const from = button.dataset.viewFrom && document.querySelector(`#${button.dataset.viewFrom}`);
    const view = from ? from.value : button.dataset.view;
    const label = from ? from.selectedOptions[0].textContent : (button.dataset.viewLabel ?? button.textContent.trim());
    wanted = { view, mirrored: "mirrored" in button.dataset, isFilm: Boolean(from), label: view ? label : "" };
    chooser.multiple = !view;
    chooser.click();
    return undefined;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-take]");
    if (button) take(button);
  });

  chooser?.addEventListener("change", async () => {
    const order = wanted;
    const picked = [...chooser.files];
    chooser.value = "";
    say(`${picked.length} file${picked.length === 1 ? "" : "s"} chosen.`);
    for (const file of picked) {
      try {
        await chosen(file, order);
      } catch {
        notice(`${file.name} could not be read on this device. Choose it again.`);
      }
    }
  });

  // a swap of all pictures must not lose the tiles that are being sent
  document.addEventListener("htmx:afterSwap", () => {
    for (const tile of under.values()) if (!tile.root.isConnected) place(tile.item, tile);
  });

  (async () => {
    for (const item of await remaining()) {
      if (item.caseId === caseId) await start(item);
      else queue.add(() => send(item, uploads, { progress: () => {}, interrupted: () => {} }).then(() => forget(item.id), () => forget(item.id)));
    }
  })();
}
