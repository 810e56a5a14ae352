import { csrfToken } from "../csrf.js";
import { Known, Refusal, send, sha256 } from "../sender.js";
import { hintsFor } from "./quality.js";

/** The pictures of a link: taken or chosen for a view, looked at for a hint, sent by themselves, taken away again. */

const LARGEST = 30 * 1024 * 1024;
const EARLIEST = Date.UTC(1990);
const views = document.querySelector("#views");
const words = views.dataset;
const goOn = document.querySelector("#go-on");
const known = new Map(); // sha256 -> its row on the page
let underWay = 0;

document.documentElement.classList.add("js");

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

const say = (text) => {
  document.querySelector("#says").textContent = text;
};

const takenAt = ({ lastModified }) =>
  lastModified >= EARLIEST && lastModified <= Date.now() + 60_000 ? new Date(lastModified).toISOString() : "";

/** One goes on once something is in and nothing is on its way. */
function mayGoOn() {
  goOn.hidden = underWay > 0 || !views.querySelector(".picture:not(.refused, .failed, .sending)");
}

class Row {
  constructor(view, title) {
    this.root = element("li", "picture sending");
    this.canvas = element("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    this.state = element("span", "grow", words.waiting);
    this.bar = element("progress");
    this.bar.setAttribute("aria-label", `${words.sending}: ${title}`);
    this.hints = element("p", "hints small");
    this.away = element("button", "btn quiet", words.takeAway);
    this.away.type = "button";
    this.away.append(element("span", "vh", `: ${title}`));
    this.root.append(this.canvas, this.state, this.away, this.bar, this.hints);
    view.querySelector(".sent").append(this.root);
  }

  progress(bytes, of) {
    this.bar.max = of;
    this.bar.value = bytes;
    this.state.textContent = `${words.sending} ${Math.floor((100 * bytes) / of)} %`;
  }

  settled(text, className) {
    this.root.className = `picture ${className}`;
    this.state.textContent = text;
    this.bar.remove();
    if (className === "refused") this.hints.remove();
    say(text);
  }
}

async function look(file, row) {
  try {
    const bitmap = await createImageBitmap(file);
    const share = 96 / Math.max(bitmap.width, bitmap.height);
    row.canvas.width = Math.max(1, bitmap.width * share);
    row.canvas.height = Math.max(1, bitmap.height * share);
    row.canvas.getContext("2d").drawImage(bitmap, 0, 0, row.canvas.width, row.canvas.height);
    row.hints.textContent = hintsFor(bitmap).map((hint) => words[hint]).join(" ");
    bitmap.close();
  } catch {
    row.canvas.remove(); // a kind that this browser cannot draw: the server looks at it
  }
}

async function takeAway(row, id) {
  const address = words.away.replace("00000000-0000-0000-0000-000000000000", id);
  const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json" };
  const response = await fetch(address, { method: "POST", headers, redirect: "manual" });
  if (response.status !== 204) return window.location.reload();
  known.forEach((one, hash) => one === row && known.delete(hash));
  row.root.remove();
  return mayGoOn();
}

async function bring(view, file) {
  const title = view.querySelector("h2").textContent;
  const row = new Row(view, title);
  if (file.size > LARGEST) return row.settled(words.tooLarge, "refused");
  const item = { id: crypto.randomUUID(), name: file.name, blob: file, labels: { view: view.dataset.view, captured_at: takenAt(file) } };
  row.away.addEventListener("click", () => takeAway(row, item.id));
  underWay += 1;
  mayGoOn();
  try {
    await look(file, row);
    item.sha256 = await sha256(file);
    if (known.has(item.sha256)) throw new Refusal(words.twice);
    known.set(item.sha256, row);
    await send(item, words.uploads, {
      progress: (bytes) => row.progress(bytes, file.size),
      interrupted: () => {
        row.state.textContent = words.interrupted;
      },
    });
    row.settled(words.received, "received");
  } catch (error) {
    if (error instanceof Known) row.settled(words.twice, "refused");
    else if (error instanceof Refusal && [404, 410].includes(error.status)) window.location.assign(views.dataset.uploads.replace("uploads/", ""));
    else row.settled(error instanceof Refusal ? error.message : words.interrupted, "refused");
  } finally {
    underWay -= 1;
    mayGoOn();
  }
  return null;
}

for (const input of views.querySelectorAll('input[type="file"]')) {
  input.addEventListener("change", () => {
    const view = input.closest(".view");
    for (const file of input.files) {
      if (globalThis.crypto?.subtle) bring(view, file);
      else new Row(view, view.querySelector("h2").textContent).settled(words.notSecure, "refused");
    }
    input.value = "";
  });
}

mayGoOn();
