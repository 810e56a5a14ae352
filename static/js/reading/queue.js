/** Keys of the queue: S starts the next case, arrows walk the rows. Choosing a filter applies it. */
import { isTyping } from "./typing.js";

const rows = () => [...document.querySelectorAll("table.queue tbody th a")];

const walk = (step) => {
  const links = rows();
  if (links.length === 0) return;
  const here = links.indexOf(document.activeElement);
  links[here < 0 ? 0 : Math.min(links.length - 1, Math.max(0, here + step))].focus();
};

const KEYS = {
  s: () => document.getElementById("start-next")?.click(),
  ArrowDown: () => walk(1),
  ArrowUp: () => walk(-1),
};

document.addEventListener("keydown", (event) => {
  if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

for (const select of document.querySelectorAll(".queue-filters select")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}
