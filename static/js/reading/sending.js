/**
 * Writes into the parts of the page. Each waits in the panel's queue with its own values, and carries the version that the
 * page has heard of when it goes, not when it was asked for: another write may have come between.
 */
let heard = "";

/** The element that stays, and whose `hx-target` names the part: what is that part when the turn comes takes the answer. */
const writerOf = (part) => document.querySelector(`[data-writer][hx-target="#${part}"]`);

const ask = (verb, address, writer, values) => window.htmx.ajax(verb, address, { source: writer, swap: "outerHTML", values });

/** What a key, or a hand on a picture, writes. */
export const send = (part, address, values) => {
  const version = document.querySelector('#panel input[name="version"]').value;
  return ask("POST", address, writerOf(part), { version, ...values });
};

/** A button or a link stands in the part that its answer replaces. Pressed while the answer to another is on its way, it would be
    gone by its turn and nothing would be sent: so it is sent as it was pressed, by the writer. */
document.addEventListener("htmx:confirm", (event) => {
  const { elt, target, verb, path, triggeringEvent } = event.detail;
  const writer = target.contains(elt) && writerOf(target.id);
  if (!writer) return;
  event.preventDefault();
  const pressed = triggeringEvent?.submitter ?? (elt.matches("button") ? elt : null);
  ask(verb, path, writer, verb === "post" ? new FormData(elt.closest("form"), pressed) : {});
});

document.addEventListener("draft-version", (event) => {
  heard = String(event.detail.version);
});

document.addEventListener("htmx:configRequest", (event) => {
  const { parameters } = event.detail;
  if (heard && parameters.version !== undefined) parameters.version = heard;
});
