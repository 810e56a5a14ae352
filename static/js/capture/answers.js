/** Answers: "none known" and its like exclude the others, radios can be taken back, and a save that failed is tried again. */

const RETRY = 5000;

function excludeOthers(box) {
  if (!box.checked) return;
  const isNothing = box.value === box.dataset.nothing;
  for (const other of box.form.querySelectorAll(`input[name="${CSS.escape(box.name)}"]`)) {
    if (other !== box && (isNothing || other.value === other.dataset.nothing)) other.checked = false;
  }
}

/** A second tap on a chosen radio takes the answer back: not asked is an answer too. */
function letGo(root) {
  let chosenBefore = false;
  root.addEventListener("pointerdown", (event) => {
    const radio = event.target.closest?.("[data-autosave] .tap")?.querySelector("input[type=radio]");
    chosenBefore = Boolean(radio?.checked);
  });
  root.addEventListener("click", (event) => {
    const radio = event.target;
    if (!radio.matches?.('[data-autosave] input[type="radio"]') || !chosenBefore || event.detail === 0) return;
    chosenBefore = false;
    radio.checked = false;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function say(form, words) {
  const chip = form.querySelector("[id^='saved-']");
  if (chip) {
    chip.textContent = words;
    chip.className = "chip plain wait";
  }
}

export function answers(root) {
  root.addEventListener(
    "change",
    (event) => {
      if (event.target.matches?.("[data-nothing]")) excludeOthers(event.target);
    },
    true, // before htmx reads the form
  );
  letGo(root);
  for (const kind of ["htmx:sendError", "htmx:timeout"]) {
    root.addEventListener(kind, (event) => {
      const form = event.detail.elt.closest?.("[data-autosave]");
      if (!form) return;
      say(form, "Not saved yet: no connection. It is tried again.");
      setTimeout(() => form.dispatchEvent(new CustomEvent("save-again")), RETRY);
    });
  }
  // choosing a view ticks "mirror shot" where such views are taken in a mirror; the person may untick it
  root.addEventListener(
    "change",
    (event) => {
      const select = event.target;
      const mirror = select.matches?.("[data-label] select[name=view]") && select.form.elements.mirrored;
      if (mirror) mirror.checked = ["upper", "lower"].includes(select.value);
    },
    true,
  );
}
