/** Small trays above the toolbar; one is open at a time, and its button says so. */

const TOOLS = { adjust: "adjust", marks: "marks" };

const mark = (id, open) => document.querySelector(`[data-tool="${TOOLS[id]}"]`)?.setAttribute("aria-pressed", String(open));

export const isOpen = (id) => !document.getElementById(id).hidden;

export const close = () => {
  for (const tray of document.querySelectorAll(".tray:not([hidden], .hint)")) {
    const held = tray.contains(document.activeElement);
    tray.hidden = true;
    mark(tray.id, false);
    if (held) document.querySelector(".view:not([hidden]) .pane")?.focus();
  }
};

export const open = (id) => {
  close();
  document.getElementById(id).hidden = false;
  mark(id, true);
};

export const toggle = (id) => (isOpen(id) ? close() : open(id));
