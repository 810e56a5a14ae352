import { forget, remaining } from "./outbox.js";
import { Known, Refusal, send } from "../sender.js";

/** Pages of Capture without a case: what this tab still has to send goes on, and says so. */

const host = document.querySelector("#sending");

function strip(words, of, now) {
  const root = document.createElement("div");
  root.className = "strip info";
  root.setAttribute("role", "status");
  const text = document.createElement("div");
  text.className = "grow";
  text.textContent = words;
  const bar = document.createElement("progress");
  bar.max = of;
  bar.value = now;
  bar.setAttribute("aria-label", "Files sent");
  root.append(text, bar);
  host.replaceChildren(root);
}

const waiting = host ? await remaining() : [];
let gone = 0;
for (const item of waiting) {
  strip(`${gone} of ${waiting.length} pictures sent. Keep this page open; it goes on by itself.`, waiting.length, gone);
  try {
    await send(item, host.dataset.uploads, { progress: () => {}, interrupted: () => {} });
    await forget(item.id);
  } catch (error) {
    // a refusal is shown on the case, from where the file is sent anew
    if (error instanceof Known) await forget(item.id);
    else if (!(error instanceof Refusal)) throw error;
  }
  gone += 1;
}
if (waiting.length) host.replaceChildren();
