/** Phrases: one tap puts one where the caret is; a slash opens the list of the field, letters narrow it, Enter takes one. */

const QUERY = /(^|\s)\/([^/\n]{0,40})$/;
let field = null;
let options = [];
let here = 0;

const list = document.createElement("ul");
list.className = "phrase-list";
list.id = "phrase-list";
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", "Phrases");
const count = document.createElement("p");
count.className = "vh";
count.setAttribute("role", "status");
document.getElementById("panel").append(count);

const phrasesOf = (id) => [...document.querySelectorAll(`[data-into="${id}"]`)].map((one) => one.dataset.phrase);

const close = () => {
  if (!field) return;
  for (const name of ["aria-controls", "aria-activedescendant"]) field.removeAttribute(name);
  field = null;
  list.remove();
};

const draw = () => {
  list.replaceChildren(...options.map((text, number) => {
    const item = document.createElement("li");
    item.id = `phrase-${number}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(number === here));
    item.textContent = text;
    return item;
  }));
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-activedescendant", `phrase-${here}`);
  list.children[here].scrollIntoView({ block: "nearest" });
};

/** `from` to `to` becomes the phrase; the draft hears of it as of typing. */
const put = (into, text, from, to) => {
  const before = into.value.slice(0, from);
  const gap = before && !/\s$/.test(before) ? " " : "";
  into.setRangeText(gap + text, from, to, "end");
  into.dispatchEvent(new Event("input", { bubbles: true }));
  into.focus();
};

const take = (text) => {
  const into = field;
  const caret = into.selectionStart;
  const found = into.value.slice(0, caret).match(QUERY);
  const from = caret - (found ? found[2].length + 1 : 0);
  close();
  put(into, text, from, caret);
};

const look = (event) => {
  const target = event.target;
  if (!target.matches("textarea, input:not([type])") && target.type !== "text" && target.type !== "textarea") return;
  const found = target.value.slice(0, target.selectionStart ?? 0).match(QUERY);
  const all = found ? phrasesOf(target.id) : [];
  options = all.filter((text) => text.toLowerCase().includes(found[2].toLowerCase()));
  if (!options.length) return close();
  if (field !== target) close();
  field = target;
  here = 0;
  field.setAttribute("aria-autocomplete", "list");
  field.after(list);
  draw();
  count.textContent = `${options.length} phrases. Arrow keys choose, Enter takes one.`;
};

const KEYS = {
  ArrowDown: () => { here = (here + 1) % options.length; draw(); },
  ArrowUp: () => { here = (here + options.length - 1) % options.length; draw(); },
  Enter: () => take(options[here]),
  Tab: () => take(options[here]),
  Escape: close,
};

document.addEventListener("keydown", (event) => {
  if (!field || event.target !== field || !KEYS[event.key] || event.shiftKey || event.ctrlKey) return;
  event.preventDefault();
  event.stopPropagation();
  KEYS[event.key]();
}, true);

document.addEventListener("input", look);
document.addEventListener("focusout", (event) => { if (event.target === field) window.setTimeout(() => { if (document.activeElement !== field) close(); }); });
list.addEventListener("mousedown", (event) => {
  event.preventDefault();
  const item = event.target.closest("li");
  if (item) take(item.textContent);
});

document.addEventListener("click", (event) => {
  const phrase = event.target.closest("button[data-phrase]");
  const into = phrase && document.getElementById(phrase.dataset.into);
  if (!into) return;
  event.preventDefault();
  put(into, phrase.dataset.phrase, into.selectionEnd ?? into.value.length, into.selectionEnd ?? into.value.length);
});
