import { Refusal, send, sha256 } from "./sender.js";

/** Files of answers, one after the other by the resumable receiver; each has its line with what became of it. */

const drop = document.getElementById("drop");
const chooser = document.getElementById("edi-files");
const list = document.getElementById("sending");
const said = document.getElementById("sent");
let queue = Promise.resolve();
let arrived = 0;

function lineOf(file) {
  const line = document.createElement("li");
  const body = document.createElement("div");
  const note = document.createElement("small");
  const bar = document.createElement("progress");
  body.append(file.name, note);
  bar.max = file.size || 1;
  bar.value = 0;
  bar.setAttribute("aria-label", `${file.name} on its way`);
  line.append(bar, body);
  list.append(line);
  list.hidden = false;
  return { bar, note, line };
}

async function bring(file) {
  const { bar, note, line } = lineOf(file);
  try {
    if (!file.size) throw new Refusal("This file is empty.");
    const item = { id: crypto.randomUUID(), sha256: await sha256(file), name: file.name, blob: file, labels: {} };
    await send(item, drop.dataset.uploads, {
      progress: (bytes) => {
        bar.value = bytes;
        note.textContent = "";
      },
      interrupted: (sentence) => {
        note.textContent = sentence;
      },
    });
    bar.value = bar.max;
    note.textContent = "Arrived; it is being read.";
    said.textContent = `${file.name} arrived.`;
    arrived += 1;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    bar.remove();
    line.classList.add("refused");
    note.textContent = error.message;
    said.textContent = `${file.name} was not taken: ${error.message}`;
  }
}

function take(files) {
  for (const file of files) queue = queue.then(() => bring(file));
  queue = queue.then(() => {
    if (!arrived || list.querySelector(".refused")) return;
    if (drop.dataset.files) location.assign(drop.dataset.files);
    else document.body.dispatchEvent(new Event("arrived")); // a part of the page listens and shows them
  });
  said.textContent = "";
}

function takeChosen() {
  take([...chooser.files]);
  chooser.value = "";
}

chooser.addEventListener("change", takeChosen);
if (chooser.files.length) takeChosen(); // chosen while this script was still on its way
