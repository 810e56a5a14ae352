import { csrfToken } from "./csrf.js";

/** The frame of every page. Everything here improves what already works without it. */

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
});

/** An error summary takes the focus when it appears, so that nobody has to look for what went wrong. */
const focusSummary = (root) => root.querySelector("[data-takes-focus]")?.focus();
focusSummary(document);
document.addEventListener("htmx:afterSettle", (event) => focusSummary(event.detail.elt));

/** Menus close by Escape, by a click elsewhere and when the focus leaves them. */
const openMenus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

for (const kind of ["click", "focusin"]) {
  document.addEventListener(kind, (event) => {
    for (const menu of openMenus()) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
}

/** A blocked button stays reachable for reading its reason, but does nothing. */
document.addEventListener(
  "click",
  (event) => {
    if (event.target.closest?.('[aria-disabled="true"]')) {
      event.preventDefault();
      event.stopPropagation();
    }
  },
  true,
);

/** A page kept by the browser after sign-out shows nothing: it asks the server again. */
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});
