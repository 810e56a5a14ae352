/**
 * Writes that a key, or a hand on a picture, makes. Each waits in the panel's queue with its own values, and carries the
 * version that the page has heard of when it goes, not when it was asked for: another write may have come between.
 */
let heard = "";

/** `writer` is the id of an element that stays: what its `hx-target` names when the turn comes takes the answer. */
export const send = (writer, address, values) => {
  const version = document.querySelector('#panel input[name="version"]').value;
  return window.htmx.ajax("POST", address, { source: document.getElementById(writer), swap: "outerHTML", values: { version, ...values } });
};

document.addEventListener("draft-version", (event) => {
  heard = String(event.detail.version);
});

document.addEventListener("htmx:configRequest", (event) => {
  const { parameters } = event.detail;
  if (heard && parameters.version !== undefined) parameters.version = heard;
});
