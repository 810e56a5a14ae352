/** The draft: saves while one types, keeps one version in all of its forms, and says when the case is lost. */

const WAIT = 700; // ms without a key before a save
let timer = 0;

const saveNow = () => {
  window.clearTimeout(timer);
  timer = 0;
  document.getElementById("review").dispatchEvent(new Event("save-now", { bubbles: true }));
};

/** Send what is not saved yet and wait for the answer; resolves at once when everything is. */
export const settled = () =>
  new Promise((resolve) => {
    const form = document.getElementById("review");
    if (!timer) return resolve();
    form.addEventListener("htmx:afterRequest", () => resolve(), { once: true });
    return saveNow();
  });

/** Nothing is lost by leaving: a link or a form of this page waits for the last words; a tab that closes sends them along. */
const leaving = () => {
  const hold = (event, goOn) => {
    if (!timer) return;
    event.preventDefault();
    settled().then(goOn);
  };
  // on the window: after everybody who may have taken the event as no leaving at all
  window.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.getAttribute("href").startsWith("#")) return;
    if (!event.defaultPrevented) hold(event, () => window.location.assign(link.href));
  });
  window.addEventListener("submit", (event) => {
    if (!event.defaultPrevented && event.target.method === "post") hold(event, () => event.target.requestSubmit(event.submitter));
  });
  window.addEventListener("pagehide", () => {
    if (!timer) return;
    const form = document.getElementById("review");
    navigator.sendBeacon(form.action, new FormData(form));
  });
};

/** The chip no longer says of the words before that they are saved. */
const notSaved = (words) => {
  const chip = document.getElementById("autosave");
  if (!chip) return;
  chip.classList.remove("ok");
  chip.textContent = words;
};

const isDraft = (target) => target.form?.id === "review";

export const listen = () => {
  leaving();
  const panel = document.getElementById("panel");
  panel.addEventListener("input", (event) => {
    if (!isDraft(event.target)) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(saveNow, WAIT);
  });
  panel.addEventListener("change", (event) => {
    if (isDraft(event.target) && event.target.type !== "textarea") saveNow();
    if (event.target.matches(".views-list select") && event.target.value) {
      event.target.form.querySelector('button[value="no"]').click();
    }
  });
  document.addEventListener("draft-version", (event) => {
    for (const field of document.querySelectorAll('#panel input[name="version"], #annotations input[name="version"]')) field.value = event.detail.version;
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (document.querySelector("[data-hold-lost]")) document.getElementById("sign")?.setAttribute("aria-disabled", "true");
  });
  document.addEventListener("htmx:sendError", () => notSaved("No connection: not saved yet"));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.requestConfig.elt.id === "review" && event.detail.xhr.status !== 422) notSaved("Not saved"); // a 422 brings its own words
  });
};
